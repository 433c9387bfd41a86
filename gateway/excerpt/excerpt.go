package excerpt

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// MinBudget is the smallest budget; less is taken for it.
const MinBudget = 256

const (
	// maxDepth is how deep a value is looked into. What is cut below is left
	// out whole.
	maxDepth = 32
	// leastCut is room for what says that a string, list or object was cut.
	leastCut = 48
	// maxNamed is how many of an object's members a note names.
	maxNamed = 5
)

// omitted stands for a value of which nothing is shown.
const omitted = `"…"`

// Excerpt is a value, or what is left of it.
type Excerpt struct {
	// JSON is a valid value: lists keep their first elements and end with
	// "…N more", objects keep their keys and cut the longest members first,
	// strings end with "…N more characters".
	JSON json.RawMessage
	// Note says what was cut at the top, as in "the first 12 of 1204
	// elements"; empty if the value is whole.
	Note string
}

// Of returns value in at most budget bytes. The value must be valid JSON;
// of anything else nothing is shown.
func Of(value json.RawMessage, budget int) Excerpt {
	v := bytes.TrimSpace(value)
	budget = max(budget, MinBudget)
	if len(v) <= budget {
		return Excerpt{JSON: v}
	}
	switch v[0] {
	case '[':
		out, shown, of := cutList(v, budget, maxDepth)
		note := fmt.Sprintf("the first %d of %d elements", shown, of)
		if shown == of {
			note = fmt.Sprintf("all %d elements, the last one cut", of)
		}
		return Excerpt{out, note}
	case '{':
		out, cut, left := cutObject(v, budget, maxDepth)
		return Excerpt{out, objectNote(cut, left)}
	default:
		return Excerpt{cut(v, budget, maxDepth), "the beginning"}
	}
}

// Text returns the beginning of s in at most budget bytes, up to the end of a
// line if one is near.
func Text(s string, budget int) string {
	budget = max(budget, MinBudget)
	if len(s) <= budget {
		return s
	}
	head := prefix(s, budget)
	if i := strings.LastIndexByte(head, '\n'); i > len(head)*3/4 {
		head = head[:i]
	}
	return head
}

func objectNote(cut []string, left int) string {
	var parts []string
	if len(cut) > 0 {
		named := cut[:min(len(cut), maxNamed)]
		text := "cut inside " + strings.Join(named, ", ")
		if n := len(cut) - len(named); n > 0 {
			text += fmt.Sprintf(" and %d more keys", n)
		}
		parts = append(parts, text)
	}
	if left > 0 {
		parts = append(parts, fmt.Sprintf("%d keys left out", left))
	}
	return strings.Join(parts, ", ")
}

// cut returns v in at most budget bytes, or in the few that say what it was.
func cut(v json.RawMessage, budget, depth int) json.RawMessage {
	switch {
	case len(v) <= budget:
		return v
	case depth == 0:
		return json.RawMessage(omitted)
	}
	switch v[0] {
	case '"':
		return cutString(v, budget)
	case '[':
		out, _, _ := cutList(v, budget, depth)
		return out
	case '{':
		out, _, _ := cutObject(v, budget, depth)
		return out
	}
	return json.RawMessage(omitted) // a number that long is none that anybody reads
}

func cutString(v json.RawMessage, budget int) json.RawMessage {
	var s string
	if json.Unmarshal(v, &s) != nil {
		return json.RawMessage(omitted)
	}
	total := utf8.RuneCountInString(s)
	for n := budget - leastCut; n > 0; n = n * 3 / 4 {
		head := prefix(s, n)
		out := quote(fmt.Sprintf("%s…%d more characters", head, total-utf8.RuneCountInString(head)))
		if len(out) <= budget {
			return out
		}
	}
	return quote(fmt.Sprintf("…%d characters", total))
}

// cutList returns the list, how many of its elements are there, and of how
// many.
func cutList(v json.RawMessage, budget, depth int) (out json.RawMessage, shown, of int) {
	elements, ok := elementsOf(v)
	if !ok {
		return json.RawMessage(omitted), 0, 0
	}
	room := budget - leastCut
	out = append(out, '[')
	for _, e := range elements {
		whole := len(e) < room
		// An element that takes more than its share is cut itself, if much of
		// the list is still to be shown.
		if !whole && (room < budget/2 || room <= leastCut) {
			break
		}
		e = cut(e, room-1, depth-1)
		out = append(append(out, e...), ',')
		room -= len(e) + 1
		shown++
		if !whole {
			break
		}
	}
	if rest := len(elements) - shown; rest > 0 {
		out = append(append(out, quote(fmt.Sprintf("…%d more", rest))...), ',')
	}
	return closed(out, ']'), shown, len(elements)
}

// member is one of an object's.
type member struct {
	key   string
	name  json.RawMessage // the key, quoted
	value json.RawMessage
}

// cutObject returns the object, the keys of members that are cut, and how many
// are left out.
func cutObject(v json.RawMessage, budget, depth int) (out json.RawMessage, cutKeys []string, left int) {
	members, ok := membersOf(v)
	if !ok {
		return json.RawMessage(omitted), nil, 0
	}
	room := budget - leastCut
	var kept []member
	for _, m := range members {
		least := len(m.name) + 2 + min(len(m.value), leastCut)
		if least > room {
			break
		}
		room -= least
		kept = append(kept, m)
	}
	share := level(kept, room)
	out = append(out, '{')
	for _, m := range kept {
		value := cut(m.value, share, depth-1)
		if len(value) < len(m.value) {
			cutKeys = append(cutKeys, m.key)
		}
		out = append(append(append(append(out, m.name...), ':'), value...), ',')
	}
	if left = len(members) - len(kept); left > 0 {
		out = append(append(append(out, `"…":`...), quote(fmt.Sprintf("%d more keys", left))...), ',')
	}
	return closed(out, '}'), cutKeys, left
}

// level returns how long each value may be so that together they take room
// beyond the least that each has: the short ones are whole, and the long ones
// share what is left.
func level(kept []member, room int) int {
	sizes := make([]int, 0, len(kept))
	for _, m := range kept {
		sizes = append(sizes, max(len(m.value)-leastCut, 0))
	}
	slices.Sort(sizes)
	for i, size := range sizes {
		n := len(sizes) - i
		if size*n > room {
			return leastCut + room/n
		}
		room -= size
	}
	return leastCut + room
}

func closed(out json.RawMessage, with byte) json.RawMessage {
	if last := len(out) - 1; out[last] == ',' {
		out[last] = with
		return out
	}
	return append(out, with)
}

func elementsOf(v json.RawMessage) ([]json.RawMessage, bool) {
	var list []json.RawMessage
	err := json.Unmarshal(v, &list)
	return list, err == nil
}

func membersOf(v json.RawMessage) ([]member, bool) {
	dec := json.NewDecoder(bytes.NewReader(v))
	if _, err := dec.Token(); err != nil {
		return nil, false
	}
	var list []member
	for dec.More() {
		token, err := dec.Token()
		key, ok := token.(string)
		if err != nil || !ok {
			return nil, false
		}
		m := member{key: key, name: quote(key)}
		if err := dec.Decode(&m.value); err != nil {
			return nil, false
		}
		list = append(list, m)
	}
	return list, true
}

func quote(s string) json.RawMessage {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string always encodes
	return bytes.TrimSpace(b.Bytes())
}

// prefix returns the first n bytes of s without half a character.
func prefix(s string, n int) string {
	if n >= len(s) {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
