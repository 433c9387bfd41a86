package wasm

import "errors"

// Bounds on what is read. The numbers of entries are those that browsers have
// agreed on, https://webassembly.github.io/spec/js-api/#limits, or less.
const (
	maxModule   = 256 << 20
	maxSections = 10_000 // custom sections among them
	maxTypes    = 100_000
	maxImports  = 100_000
	maxFuncs    = 1_000_000
	maxTables   = 100
	maxTable    = 10_000_000
	maxPages    = 65_536
	maxGlobals  = 100_000
	maxExports  = 100_000
	maxElements = 10_000_000
	maxData     = 1_000_000
	maxLocals   = 50_000
	maxParams   = 1_000
	maxNesting  = 10_000
	maxLoops    = 1_000_000
)

// Kinds of imports and exports.
const (
	KindFunction byte = iota
	KindTable
	KindMemory
	KindGlobal
)

const (
	typeI32       = 0x7f
	typeI64       = 0x7e
	typeF32       = 0x7d
	typeF64       = 0x7c
	typeV128      = 0x7b
	typeFuncref   = 0x70
	typeExternref = 0x6f
)

const header = "\x00asm\x01\x00\x00\x00"

// Module is a module between [Parse] and [Module.Encode].
type Module struct {
	sections []section
	// getsI32 says of each type whether it takes nothing and returns one i32.
	getsI32 []bool
	imports []Import
	exports []export
	// imported counts the imports of each kind, which come first among the
	// indices of that kind.
	imported [4]uint32
	memory   struct {
		min, max uint32
		exists   bool
	}
	code      code
	dataCount int64 // what the data count section says, or -1
	// check is what Countdown puts behind the header of every loop and at the
	// entry of every function that calls; nil before.
	check []byte
}

// Parse reads a module. The module refers to b from then on, and b must not
// change.
func Parse(b []byte) (*Module, error) {
	if len(b) > maxModule {
		return nil, invalid(errors.New("it is larger than 256 MiB"))
	}
	if len(b) < len(header) || string(b[:len(header)]) != header {
		return nil, invalid(errors.New("at byte 0x0: no WebAssembly 1 header"))
	}
	m := &Module{dataCount: -1, code: code{src: b}}
	r := &reader{b: b, pos: len(header)}
	last := 0
	for r.more() {
		start := r.pos
		id := r.byte()
		body := r.part(r.u32())
		if r.err != nil {
			return nil, r.err
		}
		switch {
		case id > sectionDataCount:
			r.fail(start, "unknown section %d", id)
		case id != sectionCustom && order(id) <= last:
			r.fail(start, "section %d is there twice or out of order", id)
		case len(m.sections) == maxSections:
			r.fail(start, "more than %d sections", maxSections)
		}
		if id != sectionCustom {
			last = order(id)
		}
		s := section{id: id, raw: b[start:r.pos]}
		if r.err == nil {
			m.parseSection(&body, &s)
			r.err = body.err
		}
		m.sections = append(m.sections, s)
	}
	if r.err == nil {
		m.checkCounts(r)
	}
	if r.err != nil {
		return nil, r.err
	}
	return m, nil
}

func (m *Module) checkCounts(r *reader) {
	count := func(id byte) uint32 {
		if s := m.section(id); s != nil {
			return s.count
		}
		return 0
	}
	if functions, bodies := count(sectionFunction), count(sectionCode); functions != bodies {
		r.fail(r.pos, "%d functions have %d bodies", functions, bodies)
	}
	if segments := count(sectionData); m.dataCount >= 0 && m.dataCount != int64(segments) {
		r.fail(r.pos, "%d data segments are announced, there are %d", m.dataCount, segments)
	}
	if n := uint64(m.imported[KindMemory]) + uint64(count(sectionMemory)); n > 1 {
		r.fail(r.pos, "%d memories", n)
	}
}

func (m *Module) parseSection(r *reader, s *section) {
	switch s.id {
	case sectionCustom:
		r.name()
		return
	case sectionStart:
		r.u32()
		r.done("start section")
		return
	case sectionDataCount:
		m.dataCount = int64(r.u32())
		r.done("data count section")
		return
	}
	kind := entriesOf(s.id)
	s.count = r.count(kind.name, kind.max)
	s.entries = r.b[r.pos:]
	if s.id == sectionCode {
		m.code.bodies = make([]body, 0, s.count)
	}
	for range s.count {
		kind.parse(m, r)
		if r.err != nil {
			return
		}
	}
	r.done(kind.name)
}

// entryKind is what a section's vector is made of.
type entryKind struct {
	name  string
	max   uint32
	parse func(*Module, *reader)
}

func entriesOf(id byte) entryKind {
	switch id {
	case sectionType:
		return entryKind{"types", maxTypes, (*Module).parseType}
	case sectionImport:
		return entryKind{"imports", maxImports, (*Module).parseImport}
	case sectionFunction:
		return entryKind{"functions", maxFuncs, func(m *Module, r *reader) { m.functionType(r) }}
	case sectionTable:
		return entryKind{"tables", maxTables, func(_ *Module, r *reader) { r.table() }}
	case sectionMemory:
		return entryKind{"memories", 1, (*Module).parseMemory}
	case sectionGlobal:
		return entryKind{"globals", maxGlobals, func(_ *Module, r *reader) { r.global(); r.constant() }}
	case sectionExport:
		return entryKind{"exports", maxExports, (*Module).parseExport}
	case sectionElement:
		return entryKind{"element segments", maxElements, func(_ *Module, r *reader) { r.element() }}
	case sectionCode:
		return entryKind{"function bodies", maxFuncs, (*Module).parseBody}
	default:
		return entryKind{"data segments", maxData, func(_ *Module, r *reader) { r.data() }}
	}
}

// Strip drops the custom sections: names and debug information, which a
// runtime reads and which are wrong once the code has been rewritten.
func (m *Module) Strip() { m.drop(sectionCustom) }

// MemoryLimits returns the size of the memory, imported or not, in pages of
// 64 KiB; max is 65536 if the module sets none.
func (m *Module) MemoryLimits() (minimum, maximum uint32, ok bool) {
	return m.memory.min, m.memory.max, m.memory.exists
}
