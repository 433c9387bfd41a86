package schema

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// Partial is a value of which not everything is known, such as the arguments
// of a call that has not been made yet. The places are JSON Pointers (RFC
// 6901); at most 10,000 of them are looked at.
type Partial struct {
	JSON json.RawMessage
	// Unknown are the places of values that may be anything. What JSON has
	// there says nothing.
	Unknown []string
	// Open are the places of objects and arrays that may have more members or
	// elements than JSON shows.
	Open []string
}

// maxPlaces bounds the places of one [Partial].
const maxPlaces = 10_000

var (
	errPlaces  = errors.New("it has too many places")
	errNoPlace = errors.New("a place is not in the value")
)

// read reads the value and marks what is not known of it.
func (p Partial) read() (*value, error) {
	v, err := read(p.JSON, valueLimits())
	if err != nil {
		return nil, err
	}
	if len(p.Unknown)+len(p.Open) > maxPlaces {
		return nil, errPlaces
	}
	// Open first: there is no way to a place inside of an unknown value.
	for _, place := range p.Open {
		at, err := v.mark(place)
		if err != nil {
			return nil, err
		}
		at.open = true
	}
	for _, place := range p.Unknown {
		at, err := v.mark(place)
		if err != nil {
			return nil, err
		}
		at.kind = unknownValue
	}
	return v, nil
}

// mark returns the value at a place, and marks it partial with all on the way.
func (v *value) mark(place string) (*value, error) {
	v.partial = true
	for rest := place; rest != ""; {
		var step string
		var ok bool
		if rest, ok = strings.CutPrefix(rest, "/"); !ok {
			return nil, errNoPlace
		}
		if end := strings.IndexByte(rest, '/'); end >= 0 {
			step, rest = rest[:end], rest[end:]
		} else {
			step, rest = rest, ""
		}
		if v = v.step(step); v == nil {
			return nil, errNoPlace
		}
		v.partial = true
	}
	return v, nil
}

// step returns the member or element that one step of a pointer leads to, or
// nil.
func (v *value) step(step string) *value {
	if v.kind == arrayValue {
		i, err := strconv.Atoi(step)
		if err != nil || i < 0 || i >= len(v.items) {
			return nil
		}
		return v.items[i]
	}
	return v.get(strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~"))
}
