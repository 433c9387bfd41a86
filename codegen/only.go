package codegen

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"github.com/bindery-mcp/bindery"
)

// Only returns m with the tools for which keep holds, as for somebody who may
// not know of the others. It costs little beyond a list of the servers of which
// a part is kept: the modules share all else. Searches count words as in m.
//
// It is not ok where a name that is kept was refused, or a tool is not in m:
// another that is not kept may be why, and only [Compile] can tell.
func (m *Module) Only(keep func(bindery.ToolID) bool) (_ *Module, ok bool) {
	c := *m
	c.kept = make([]uint64, (len(m.all)+63)/64)
	c.servers = make([]*Server, 0, len(m.servers))
	for _, s := range m.servers {
		part := make([]*Function, 0, len(s.Tools))
		for _, f := range s.Tools {
			if !keep(f.ID) {
				continue
			}
			if refused(f) {
				return nil, false
			}
			place := m.places[f]
			c.kept[place/64] |= 1 << (place % 64)
			part = append(part, f)
		}
		switch len(part) {
		case 0:
		case len(s.Tools):
			c.servers = append(c.servers, s)
		default:
			own := *s
			own.Tools = slices.Clip(part)
			c.servers = append(c.servers, &own)
		}
	}
	h := sha256.New()
	h.Write([]byte(m.digest))
	for _, word := range c.kept {
		for i := range 8 {
			h.Write([]byte{byte(word >> (8 * i))})
		}
	}
	c.digest = hex.EncodeToString(h.Sum(nil)[:16])
	return &c, true
}

func refused(f *Function) bool {
	for _, l := range []Language{TypeScript, Python} {
		if f.In(l).Refused != "" || f.Server.In(l).Refused != "" {
			return true
		}
	}
	return false
}

// keeps reports whether the function at that place among all is in the module.
func (m *Module) keeps(place int) bool {
	return len(m.kept) == 0 || m.kept[place/64]&(1<<(place%64)) != 0
}

// has reports whether a function of those that the module shares is in it.
func (m *Module) has(f *Function) bool { return len(m.kept) == 0 || m.keeps(m.places[f]) }

// function returns the function of a tool; nil if there is none.
func (m *Module) function(id bindery.ToolID) *Function {
	if f := m.byID[id]; f != nil && m.has(f) {
		return f
	}
	return nil
}

// named returns the functions that a spelling stands for.
func (m *Module) named(spelling string) []*Function {
	all := m.names[spelling]
	if m.kept == nil {
		return all
	}
	var found []*Function
	for _, f := range all {
		if m.has(f) {
			found = append(found, f)
		}
	}
	return found
}
