package policy

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

// Bounds of arguments that a condition looks at.
const (
	maxArgs       = 8 << 20
	maxArgsValues = 200_000
	maxArgsDepth  = 64
)

// decodeArgs turns the arguments of a call into what CEL compares exactly.
// Whole numbers become int64, or uint64 if they are larger; one that is larger
// still is an error, for rounding it could make a rule hold that should not.
// All other numbers are float64, as they are for JSON's users.
//
// What one reader of JSON may understand otherwise than another is an error
// too: a member that comes twice, be it in another case. The server might take
// the other one.
func decodeArgs(data json.RawMessage) (map[string]any, error) {
	if len(data) == 0 || string(data) == "null" {
		return map[string]any{}, nil
	}
	if len(data) > maxArgs {
		return nil, fmt.Errorf("they are more than %d MiB", maxArgs>>20)
	}
	switch jsonscan.Exceeds(data, maxArgsDepth, maxArgsValues) {
	case jsonscan.Depth:
		return nil, fmt.Errorf("they are nested more than %d deep", maxArgsDepth)
	case jsonscan.Nodes:
		return nil, fmt.Errorf("they are more than %d values", maxArgsValues)
	}
	if !json.Valid(data) {
		return nil, errors.New("they are not JSON")
	}
	v, err := value(data)
	if err != nil {
		return nil, err
	}
	args, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("they are not an object")
	}
	return args, nil
}

// value decodes data, which is valid, bounded and without space around it.
func value(data []byte) (any, error) {
	data = trim(data)
	switch data[0] {
	case '{':
		return object(data)
	case '[':
		list := []any{}
		for element := range jsonscan.Elements(data) {
			v, err := value(element)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	case '"':
		var s string
		err := json.Unmarshal(data, &s)
		return s, err
	case 't', 'f':
		return data[0] == 't', nil
	case 'n':
		return nil, nil
	default:
		return number(string(data))
	}
}

func trim(data []byte) []byte {
	for len(data) > 1 && data[0] <= ' ' {
		data = data[1:]
	}
	return data
}

func object(data []byte) (map[string]any, error) {
	members := map[string]any{}
	var folded names
	for raw, element := range jsonscan.Members(data) {
		name := string(raw)
		v, err := value(element)
		if err != nil {
			return nil, err
		}
		if _, ok := members[name]; ok {
			return nil, fmt.Errorf("the member %.60q comes twice", name)
		}
		if !folded.add(name) {
			return nil, fmt.Errorf("the member %.60q comes twice, in different case", name)
		}
		members[name] = v
	}
	return members, nil
}

// names is a set of names whose case does not matter.
type names struct {
	few  [8]string
	n    int
	many map[string]bool // once there are more
}

// add reports whether the name is a new one.
func (s *names) add(name string) bool {
	if s.n < len(s.few) {
		for _, other := range s.few[:s.n] {
			if strings.EqualFold(name, other) {
				return false
			}
		}
		s.few[s.n] = name
		s.n++
		return true
	}
	if s.many == nil {
		s.many = map[string]bool{}
		for _, other := range s.few {
			s.many[fold(other)] = true
		}
	}
	key := fold(name)
	known := s.many[key]
	s.many[key] = true
	return !known
}

// fold returns the same for all that strings.EqualFold finds equal.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		for {
			next := unicode.SimpleFold(r)
			if next <= r {
				return next // the least of its circle
			}
			r = next
		}
	}, name)
}

func number(s string) (any, error) {
	if strings.ContainsAny(s, ".eE") {
		f, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return nil, fmt.Errorf("the number %.40s is too large to be compared", s)
		}
		return f, nil
	}
	if i, err := strconv.ParseInt(s, 10, 64); err == nil {
		return i, nil
	}
	u, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("the whole number %.40s has more digits than can be compared exactly", s)
	}
	return u, nil
}
