package jsonscan

// Excess is what a text has too much of.
type Excess uint8

// What [Exceeds] finds.
const (
	None Excess = iota
	Depth
	Nodes
)

// Exceeds reports whether data nests deeper than maxDepth arrays and objects,
// or holds more than maxNodes values, and which it is first. It takes one
// pass, does not recurse and does not assume that data is JSON: what it counts
// is an upper bound of what a reader of valid JSON would build.
func Exceeds(data []byte, maxDepth, maxNodes int) Excess {
	depth, nodes, inString := 0, 1, false
	for i := 0; i < len(data); i++ {
		c := data[i]
		if inString {
			switch c {
			case '\\':
				i++
			case '"':
				inString = false
			}
			continue
		}
		switch c {
		case '"':
			inString = true
		case '[', '{':
			depth++
			nodes++
		case ']', '}':
			depth--
		case ',':
			nodes++
		}
		if depth > maxDepth {
			return Depth
		}
		if nodes > maxNodes {
			return Nodes
		}
	}
	return None
}
