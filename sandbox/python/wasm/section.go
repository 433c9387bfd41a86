package wasm

import "slices"

const (
	sectionCustom = iota
	sectionType
	sectionImport
	sectionFunction
	sectionTable
	sectionMemory
	sectionGlobal
	sectionExport
	sectionStart
	sectionElement
	sectionCode
	sectionData
	sectionDataCount
)

// order is where a section stands among the others: the data count came later
// than its neighbours, and has a number out of line.
func order(id byte) int {
	switch id {
	case sectionDataCount:
		return 2*sectionElement + 1
	default:
		return 2 * int(id)
	}
}

// section is one section as it was read, and what is to be written instead.
type section struct {
	id byte
	// raw is the section as it was read, with its header; nil for one that
	// was changed or added.
	raw []byte
	// count and entries are its vector. Custom, start and data count sections
	// have none.
	count   uint32
	entries []byte
	// added are entries to write after the others.
	added []byte
}

// section returns the one with that id, or nil.
func (m *Module) section(id byte) *section {
	for i := range m.sections {
		if m.sections[i].id == id {
			return &m.sections[i]
		}
	}
	return nil
}

// add appends an entry to a section's vector, whose length it returns, and
// makes the section if there is none.
func (m *Module) add(id byte, entry ...byte) uint32 {
	s := m.section(id)
	if s == nil {
		at := 0
		for i := range m.sections {
			if other := m.sections[i].id; other != sectionCustom && order(other) < order(id) {
				at = i + 1
			}
		}
		m.sections = slices.Insert(m.sections, at, section{id: id})
		s = &m.sections[at]
	}
	s.raw = nil
	s.added = append(s.added, entry...)
	s.count++
	return s.count
}

func (m *Module) drop(id byte) {
	m.sections = slices.DeleteFunc(m.sections, func(s section) bool { return s.id == id })
}
