package pin

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Bounds of what is said about a declaration.
const (
	maxFindings = 50
	maxWhere    = 200
)

// sense is how the strings of a part of a declaration are to be taken.
type sense uint8

const (
	// prose is a declaration or a schema: its strings are for reading, but for
	// those of some keywords.
	prose sense = iota
	// named is an object whose names are somebody's own and not keywords.
	named
	// exact is what is sent or compared as it is.
	exact
)

// under returns the sense of the value of a keyword.
func under(key string) sense {
	switch key {
	case "properties", "patternProperties", "$defs", "definitions", "dependentSchemas":
		return named
	case "name", "type", "required", "dependentRequired", "enum", "const", "pattern", "format", "$ref", "$dynamicRef", "$id", "id", "$schema",
		"$anchor", "$dynamicAnchor", "$vocabulary", "contentEncoding", "contentMediaType", "icons", "_meta", "execution",
		"uri", "uriTemplate", "mimeType":
		return exact
	default:
		return prose
	}
}

// Strip returns the declaration of a tool, or that of a resource, template or
// prompt, without the text that nobody sees:
// controls and escape sequences, bidirectional controls, zero-width and tag
// characters. It takes them out of whatever is there to be read, at any depth;
// names, enumerations, constants and patterns stay as they are, for a changed
// one would be another. Every byte outside of the strings that had hidden text
// is kept. What was found, also where it is kept, is returned with it. What is
// not JSON comes back as it is.
func Strip(declaration json.RawMessage) (json.RawMessage, []Finding) {
	if !json.Valid(declaration) {
		return declaration, nil
	}
	s := &stripper{in: declaration}
	for i := 0; i < len(declaration); {
		i = s.token(i)
	}
	if s.out == nil {
		return declaration, s.found
	}
	return append(s.out, declaration[s.done:]...), s.found
}

// stripper copies a declaration, which is valid JSON, up to the strings that it
// changes.
type stripper struct {
	in    []byte
	out   []byte // nil while nothing has changed
	done  int    // how much of in is in out
	open  []level
	found []Finding
}

// level is an object or array that has begun.
type level struct {
	object bool
	sense  sense
	key    string // of the member that has begun
	value  bool   // a value is next, not a name
	index  int
}

// token looks at what begins at i, and returns where it is over.
func (s *stripper) token(i int) int {
	switch s.in[i] {
	case '{', '[':
		s.open = append(s.open, level{object: s.in[i] == '{', sense: s.sense()})
	case '}', ']':
		s.open = s.open[:len(s.open)-1]
	case ',':
		top := &s.open[len(s.open)-1]
		top.value = false
		top.index++
	case '"':
		return s.text(i)
	}
	return i + 1
}

// sense returns that of the value that is next.
func (s *stripper) sense() sense {
	if len(s.open) == 0 {
		return prose
	}
	switch top := s.open[len(s.open)-1]; {
	case !top.object || top.sense == exact:
		return top.sense
	case top.sense == named:
		return prose
	default:
		return under(top.key)
	}
}

// text looks at the string that begins at i: a name or a value.
func (s *stripper) text(i int) int {
	end := i + 1
	for ; s.in[end] != '"'; end++ {
		if s.in[end] == '\\' {
			end++
		}
	}
	end++
	var text string
	_ = json.Unmarshal(s.in[i:end], &text) // it is valid
	if n := len(s.open); n > 0 && s.open[n-1].object && !s.open[n-1].value {
		s.open[n-1].key, s.open[n-1].value = text, true
		s.report(text, true)
		return end
	}
	kept := s.sense() != prose
	if clean := s.report(text, kept); clean != text && !kept {
		s.out = append(s.out, s.in[s.done:i]...)
		s.out = append(s.out, encode(clean)...)
		s.done = end
	}
	return end
}

// report keeps what is hidden in text, and returns text without it.
func (s *stripper) report(text string, kept bool) string {
	clean, what := visible(text)
	if what != "" && len(s.found) < maxFindings {
		s.found = append(s.found, Finding{Where: s.where(), What: what, Kept: kept})
	}
	return clean
}

// where returns the way to what is looked at, in ASCII.
func (s *stripper) where() string {
	var steps []string
	for _, l := range s.open {
		step := strconv.Itoa(l.index)
		if l.object {
			step = strings.Trim(strconv.QuoteToASCII(l.key), `"`)
		}
		steps = append(steps, step)
	}
	where := strings.Join(steps, ".")
	if len(where) > maxWhere {
		where = "..." + where[len(where)-maxWhere:]
	}
	return where
}

func encode(text string) []byte {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // a string
	return []byte(strings.TrimSuffix(b.String(), "\n"))
}
