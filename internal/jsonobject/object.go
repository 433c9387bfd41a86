package jsonobject

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

// Object is the members of a JSON object in their order. Values share the
// memory that they were parsed from; the zero Object is {}.
type Object struct {
	members []member
}

type member struct {
	name  string
	value json.RawMessage
}

// maxMembers bounds an object: the messages and declarations of MCP have a
// dozen, and looking for one that comes twice takes time with their square.
const maxMembers = 1000

// Parse takes an object apart; of anything else it makes an error. A member
// that comes twice is one too, for whoever reads on might take the other.
func Parse(data []byte) (Object, error) {
	var o Object
	if text := bytes.TrimLeft(data, " \t\r\n"); len(text) == 0 || text[0] != '{' || !json.Valid(data) {
		return o, errors.New("it is not a JSON object")
	}
	for name, value := range jsonscan.Members(data) {
		if o.find(string(name)) >= 0 {
			return Object{}, fmt.Errorf("its member %.60q comes twice", name)
		}
		if len(o.members) == maxMembers {
			return Object{}, fmt.Errorf("it has more than %d members", maxMembers)
		}
		o.members = append(o.members, member{string(name), value})
	}
	return o, nil
}

func (o *Object) find(name string) int {
	for i := range o.members {
		if o.members[i].name == name {
			return i
		}
	}
	return -1
}

// Get returns the value of a member, nil if there is none.
func (o *Object) Get(name string) json.RawMessage {
	if i := o.find(name); i >= 0 {
		return o.members[i].value
	}
	return nil
}

// Text returns the value of a member that is a string, or "".
func (o *Object) Text(name string) string {
	var s string
	if v := o.Get(name); v == nil || json.Unmarshal(v, &s) != nil {
		return ""
	}
	return s
}

// Names returns the members' names in their order.
func (o *Object) Names() []string {
	names := make([]string, len(o.members))
	for i, m := range o.members {
		names[i] = m.name
	}
	return names
}

// Clone returns an object that shares nothing that can be changed with o.
func (o *Object) Clone() Object { return Object{members: slices.Clone(o.members)} }

// Set changes a member where it stands, or adds it at the end.
func (o *Object) Set(name string, v json.RawMessage) {
	if i := o.find(name); i >= 0 {
		o.members[i].value = v
		return
	}
	o.members = append(o.members, member{name, v})
}

// SetText is [Object.Set] of a string.
func (o *Object) SetText(name, s string) {
	v, _ := json.Marshal(s)
	o.Set(name, v)
}

// Delete removes a member, if it is there.
func (o *Object) Delete(name string) {
	if i := o.find(name); i >= 0 {
		o.members = append(o.members[:i:i], o.members[i+1:]...)
	}
}

// Bytes puts the object together again.
func (o *Object) Bytes() json.RawMessage {
	size := 2
	for _, m := range o.members {
		size += len(m.name) + len(m.value) + 4
	}
	b := append(make([]byte, 0, size), '{')
	for i, m := range o.members {
		if i > 0 {
			b = append(b, ',')
		}
		key, _ := json.Marshal(m.name)
		b = append(append(append(b, key...), ':'), m.value...)
	}
	return append(b, '}')
}
