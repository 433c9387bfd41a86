package session

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math/bits"
)

// errNotJSON is text that is not valid JSON (RFC 8259).
var errNotJSON = errors.New("it is not valid JSON")

// Members calls visit with each member of the JSON object that text is: the
// name as it is spelled, without its quotes, and the value. It checks all of
// text, in one pass and without recursion, and refuses what nests deeper than
// [MaxDepth]. What visit gets are parts of text.
//
// It is not jsonscan's, which is for text that has been checked, and would need
// a pass of its own for that.
func Members(text []byte, visit func(name, value []byte)) error {
	i := skipSpace(text, 0)
	if i >= len(text) || text[i] != '{' {
		return errNotJSON
	}
	for i = skipSpace(text, i+1); ; i = skipSpace(text, i+1) {
		if i < len(text) && text[i] == '}' && empty(text[:i]) {
			break
		}
		nameEnd, start, err := skipName(text, i)
		if err != nil {
			return err
		}
		end, err := skipValue(text, start, 1)
		if err != nil {
			return err
		}
		visit(text[i+1:nameEnd-1], text[start:end])
		if i = skipSpace(text, end); i >= len(text) || text[i] != ',' && text[i] != '}' {
			return errNotJSON
		}
		if text[i] == '}' {
			break
		}
	}
	if skipSpace(text, i+1) != len(text) {
		return errNotJSON
	}
	return nil
}

// empty reports whether nothing but the start of an object has been read.
func empty(read []byte) bool { return len(bytes.TrimSpace(read)) == 1 }

// Elements calls visit with each element of a JSON array. The error is as for
// [Members].
func Elements(array []byte, visit func(value []byte)) error {
	i := skipSpace(array, 0)
	if i >= len(array) || array[i] != '[' {
		return errNotJSON
	}
	for i = skipSpace(array, i+1); ; i = skipSpace(array, i+1) {
		if i < len(array) && array[i] == ']' && empty(array[:i]) {
			break
		}
		end, err := skipValue(array, i, 1)
		if err != nil {
			return err
		}
		visit(array[i:end])
		if i = skipSpace(array, end); i >= len(array) || array[i] != ',' && array[i] != ']' {
			return errNotJSON
		}
		if array[i] == ']' {
			break
		}
	}
	if skipSpace(array, i+1) != len(array) {
		return errNotJSON
	}
	return nil
}

// Member returns the value of the last member of that name, nil if there is none
// or object is none.
func Member(object []byte, name string) json.RawMessage {
	var found json.RawMessage
	if Members(object, func(n, value []byte) {
		if string(n) == name {
			found = value
		}
	}) != nil {
		return nil
	}
	return found
}

// skipName skips a member's name, which begins at i, and its colon.
func skipName(text []byte, i int) (nameEnd, value int, err error) {
	if i >= len(text) || text[i] != '"' {
		return 0, 0, errNotJSON
	}
	nameEnd, ok := skipString(text, i+1)
	if !ok {
		return 0, 0, errNotJSON
	}
	if value = skipSpace(text, nameEnd); value >= len(text) || text[value] != ':' {
		return 0, 0, errNotJSON
	}
	return nameEnd, skipSpace(text, value+1), nil
}

// nest is a stack of open arrays and objects, one bit each.
type nest struct {
	depth   int
	objects [(MaxDepth + 64) / 64]uint64
}

func (n *nest) open(object bool) bool {
	if n.depth++; n.depth > MaxDepth {
		return false
	}
	if word, bit := n.depth/64, uint64(1)<<(n.depth%64); object {
		n.objects[word] |= bit
	} else {
		n.objects[word] &^= bit
	}
	return true
}

func (n *nest) inObject() bool { return n.objects[n.depth/64]&(1<<(n.depth%64)) != 0 }

// skipValue returns where the value that begins at i ends. outer is how many
// levels it is in already.
func skipValue(text []byte, i, outer int) (int, error) { //nolint:gocognit // one loop without calls is what makes it fast
	n := nest{depth: outer}
	for {
		// Here a value begins.
		if i >= len(text) {
			return 0, errNotJSON
		}
		closed := false
		switch c := text[i]; {
		case c == '{' || c == '[':
			if !n.open(c == '{') {
				return 0, &LimitError{What: "JSON nesting", Limit: MaxDepth, Unit: "levels"}
			}
			i = skipSpace(text, i+1)
			closed = i < len(text) && text[i] == c+2 // "{}" and "[]" are two apart in ASCII
			if !closed && c == '{' {
				var err error
				if _, i, err = skipName(text, i); err != nil {
					return 0, err
				}
			}
			if !closed {
				continue
			}
		default:
			end, ok := skipScalar(text, i)
			if !ok {
				return 0, errNotJSON
			}
			i = end
		}
		// Here a value has ended, or is about to at the bracket at i.
		for {
			if closed {
				n.depth--
				i++
			}
			if n.depth == outer {
				return i, nil
			}
			if i = skipSpace(text, i); i >= len(text) {
				return 0, errNotJSON
			}
			if text[i] == ',' {
				break
			}
			if closed = text[i] == '}' && n.inObject() || text[i] == ']' && !n.inObject(); !closed {
				return 0, errNotJSON
			}
		}
		if i = skipSpace(text, i+1); n.inObject() {
			var err error
			if _, i, err = skipName(text, i); err != nil {
				return 0, err
			}
		}
	}
}

func skipSpace(text []byte, i int) int {
	for i < len(text) && (text[i] == ' ' || text[i] == '\n' || text[i] == '\r' || text[i] == '\t') {
		i++
	}
	return i
}

func skipScalar(text []byte, i int) (int, bool) {
	switch text[i] {
	case '"':
		return skipString(text, i+1)
	case 't':
		return i + 4, bytes.HasPrefix(text[i:], []byte("true"))
	case 'f':
		return i + 5, bytes.HasPrefix(text[i:], []byte("false"))
	case 'n':
		return i + 4, bytes.HasPrefix(text[i:], []byte("null"))
	}
	return skipNumber(text, i)
}

func skipNumber(text []byte, i int) (int, bool) {
	if text[i] == '-' {
		i++
	}
	start := i
	i = skipDigits(text, i)
	if i == start || text[start] == '0' && i > start+1 {
		return 0, false
	}
	if i < len(text) && text[i] == '.' {
		start = i + 1
		if i = skipDigits(text, start); i == start {
			return 0, false
		}
	}
	if i < len(text) && (text[i] == 'e' || text[i] == 'E') {
		i++
		if i < len(text) && (text[i] == '+' || text[i] == '-') {
			i++
		}
		start = i
		if i = skipDigits(text, start); i == start {
			return 0, false
		}
	}
	return i, true
}

func skipDigits(text []byte, i int) int {
	for i < len(text) && text[i] >= '0' && text[i] <= '9' {
		i++
	}
	return i
}

// skipString returns where the string ends whose content begins at i. Long
// texts are most of what large results are made of, so that it looks at eight
// bytes at a time for what is not plain: a quote, a backslash, or a control
// character (https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord).
func skipString(text []byte, i int) (int, bool) {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for i < len(text) {
		if i+8 <= len(text) {
			w := binary.LittleEndian.Uint64(text[i:])
			quote, slash := w^(ones*'"'), w^(ones*'\\')
			odd := ((quote-ones)&^quote | (slash-ones)&^slash | (w-ones*0x20)&^w) & tops
			if odd == 0 {
				i += 8
				continue
			}
			i += bits.TrailingZeros64(odd) / 8
		}
		switch c := text[i]; {
		case c == '"':
			return i + 1, true
		case c == '\\':
			n := escapeSize(text[i:])
			if n == 0 {
				return 0, false
			}
			i += n
		case c < 0x20:
			return 0, false
		default:
			i++
		}
	}
	return 0, false
}

// escapeSize returns the length of the escape that text begins with, or 0.
func escapeSize(text []byte) int {
	if len(text) < 2 {
		return 0
	}
	if text[1] != 'u' {
		if bytes.IndexByte([]byte(`"\/bfnrt`), text[1]) < 0 {
			return 0
		}
		return 2
	}
	if len(text) < 6 {
		return 0
	}
	for _, c := range text[2:6] {
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F') {
			return 0
		}
	}
	return 6
}

// String returns the value of a JSON string, or "".
func String(raw []byte) string {
	if n := len(raw); n >= 2 && raw[0] == '"' && bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : n-1])
	}
	var s string
	if len(raw) == 0 || json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}
