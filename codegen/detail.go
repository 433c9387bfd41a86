package codegen

// Detail is how much is said about a tool.
type Detail uint8

const (
	// Line is one line: the call with the types of its arguments and result
	// written out, and the first sentence of the description.
	Line Detail = iota
	// Name is the name and the first sentence.
	Name
	// Full is everything that says more than the types: all descriptions,
	// defaults, bounds, formats.
	Full
)

var detailNames = [...]string{Line: "line", Name: "name", Full: "full"}

// String returns "line", "name" or "full".
func (d Detail) String() string {
	if int(d) < len(detailNames) {
		return detailNames[d]
	}
	return "unknown"
}

// ParseDetail returns the detail with a name; the empty name is [Line].
func ParseDetail(name string) (Detail, bool) {
	if name == "" {
		return Line, true
	}
	for d, n := range detailNames {
		if n == name {
			return Detail(d), true
		}
	}
	return Line, false
}
