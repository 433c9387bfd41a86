package wasm

// Import is something that a module asks of its host.
type Import struct {
	Module, Name string
	// Kind is one of the Kind constants, Index the number among all things of
	// that kind in the module, by which its code refers to it.
	Kind  byte
	Index uint32

	typ uint32 // of a function: the index of its type
}

// Imports returns what the module asks of its host, in order.
func (m *Module) Imports() []Import { return m.imports }

func (m *Module) parseImport(r *reader) {
	i := Import{Module: r.name(), Name: r.name(), Kind: r.byte()}
	switch i.Kind {
	case KindFunction:
		i.typ = m.functionType(r)
	case KindTable:
		r.table()
	case KindMemory:
		m.parseMemory(r)
	case KindGlobal:
		r.global()
	default:
		r.fail(r.pos-1, "unknown kind %#x of import", i.Kind)
		return
	}
	i.Index = m.imported[i.Kind]
	m.imported[i.Kind]++
	m.imports = append(m.imports, i)
}
