package wasm

import (
	"fmt"

	"github.com/bindery-mcp/bindery"
)

type export struct {
	name  string
	kind  byte
	index uint32
}

func (m *Module) parseExport(r *reader) {
	e := export{name: r.name(), kind: r.byte()}
	if e.kind > KindGlobal {
		r.fail(r.pos-1, "unknown kind %#x of export", e.kind)
	}
	e.index = r.u32()
	m.exports = append(m.exports, e)
}

// Export looks an export up. Kind is one of the Kind constants.
func (m *Module) Export(name string) (kind byte, index uint32, ok bool) {
	for _, e := range m.exports {
		if e.name == name {
			return e.kind, e.index, true
		}
	}
	return 0, 0, false
}

// ExportGlobal exports a global under a name that is not in use yet.
func (m *Module) ExportGlobal(name string, index uint32) error {
	return m.export(name, KindGlobal, index, sectionGlobal)
}

// ExportFunction exports a function under a name that is not in use yet.
func (m *Module) ExportFunction(name string, index uint32) error {
	return m.export(name, KindFunction, index, sectionFunction)
}

// export does nothing if the same thing has that name already.
func (m *Module) export(name string, kind byte, index uint32, in byte) error {
	if k, i, ok := m.Export(name); ok {
		if k == kind && i == index {
			return nil
		}
		return refuse("export "+name, "The artefact is not the one that this index belongs to.", "the module has an export of that name")
	}
	n := m.imported[kind]
	if s := m.section(in); s != nil {
		n += s.count
	}
	if index >= n {
		return refuse("export "+name, "The artefact is not the one that this index belongs to.", "no index %d among %d", index, n)
	}
	entry := appendU32(nil, uint32(len(name)))
	entry = append(entry, name...)
	entry = append(entry, kind)
	m.add(sectionExport, appendU32(entry, index)...)
	m.exports = append(m.exports, export{name, kind, index})
	return nil
}

func refuse(op, hint, format string, args ...any) error {
	return &bindery.Error{Code: bindery.Invalid, Op: "rewrite WebAssembly module: " + op, Err: fmt.Errorf(format, args...), Hint: hint}
}
