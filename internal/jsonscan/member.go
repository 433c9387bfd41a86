package jsonscan

import (
	"bytes"
	"encoding/json"
	"iter"
)

// Members yields the members of an object in their order: the name without
// its escapes, the value as the bytes it is. Names are compared by nobody:
// every spelling and every repetition comes out. It decodes nothing but names
// and does not recurse. data is JSON that [json.Valid] accepts; of anything
// else it yields what comes before the fault, perhaps nothing.
func Members(data []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(name, value []byte) bool) {
		members(data, func(name []byte, start, end int) bool { return yield(name, data[start:end:end]) })
	}
}

// Member returns the value of a member of an object, or nil. Of several that
// are spelled exactly so it is the last, as it is for every common decoder.
func Member(data []byte, name string) []byte {
	start, end, ok := Locate(data, name)
	if !ok {
		return nil
	}
	return data[start:end:end]
}

// Locate returns where the value of [Member] is.
func Locate(data []byte, name string) (start, end int, ok bool) {
	members(data, func(n []byte, from, to int) bool {
		if string(n) == name {
			start, end, ok = from, to, true
		}
		return true
	})
	return start, end, ok
}

func members(data []byte, yield func(name []byte, start, end int) bool) {
	i := space(data, 0)
	if !at(data, i, '{') {
		return
	}
	for {
		i = space(data, i+1)
		end := stringEnd(data, i)
		if end < 0 {
			return
		}
		name := unquote(data[i:end])
		if i = space(data, end); !at(data, i, ':') {
			return
		}
		i = space(data, i+1)
		if end = valueEnd(data, i); end <= i || !yield(name, i, end) {
			return
		}
		if i = space(data, end); !at(data, i, ',') {
			return
		}
	}
}

// Elements yields the elements of an array, under the conditions of [Members].
func Elements(data []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		i := space(data, 0)
		if !at(data, i, '[') {
			return
		}
		for {
			i = space(data, i+1)
			end := valueEnd(data, i)
			if end <= i || !yield(data[i:end:end]) {
				return
			}
			if i = space(data, end); !at(data, i, ',') {
				return
			}
		}
	}
}

func at(data []byte, i int, c byte) bool { return i < len(data) && data[i] == c }

func space(data []byte, i int) int {
	for i < len(data) && (data[i] == ' ' || data[i] == '\n' || data[i] == '\t' || data[i] == '\r') {
		i++
	}
	return i
}

// near is how far it is looked byte by byte, which is faster than IndexByte in
// text with many quotes, and slower in any other.
const near = 64

// stringEnd returns where the string that begins at i is over, or -1.
func stringEnd(data []byte, i int) int {
	if !at(data, i, '"') {
		return -1
	}
	for j := i + 1; ; {
		for stop := min(j+near, len(data)); j < stop; j++ {
			switch data[j] {
			case '\\':
				j++
			case '"':
				return j + 1
			}
		}
		if j >= len(data) {
			return -1
		}
		n := bytes.IndexByte(data[j:], '"')
		if n < 0 {
			return -1
		}
		// What stands before j is read: an escape there has its byte.
		quote, escapes := j+n, 0
		for k := quote - 1; k >= j && data[k] == '\\'; k-- {
			escapes++
		}
		if j = quote + 1; escapes%2 == 0 {
			return j
		}
	}
}

// valueEnd returns where the value that begins at i is over, or -1.
func valueEnd(data []byte, i int) int {
	if i >= len(data) {
		return -1
	}
	switch data[i] {
	case '"':
		return stringEnd(data, i)
	case '{', '[':
		return nestEnd(data, i)
	}
	for ; i < len(data); i++ {
		switch data[i] {
		case ',', ']', '}', ' ', '\n', '\t', '\r':
			return i
		}
	}
	return i
}

func nestEnd(data []byte, i int) int {
	for depth := 0; i < len(data); {
		switch data[i] {
		case '"':
			if i = stringEnd(data, i); i < 0 {
				return -1
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return -1
}

func unquote(quoted []byte) []byte {
	if bytes.IndexByte(quoted, '\\') >= 0 {
		return unescape(quoted)
	}
	return quoted[1 : len(quoted)-1]
}

func unescape(quoted []byte) []byte {
	var name string
	if json.Unmarshal(quoted, &name) != nil {
		return quoted[1 : len(quoted)-1]
	}
	return []byte(name)
}
