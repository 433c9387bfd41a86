package wasm

import "math/bits"

// Encode returns the module in the binary format. What was not changed is
// byte for byte as it was read.
func (m *Module) Encode() []byte {
	size := len(header)
	for i := range m.sections {
		if s := &m.sections[i]; s.raw != nil {
			size += len(s.raw)
		} else {
			n := m.bodySize(s)
			size += 1 + sizeU32(n) + int(n)
		}
	}
	out := append(make([]byte, 0, size), header...)
	for i := range m.sections {
		s := &m.sections[i]
		if s.raw != nil {
			out = append(out, s.raw...)
			continue
		}
		out = appendU32(append(out, s.id), m.bodySize(s))
		out = m.appendBody(out, s)
	}
	return out
}

// bodySize is the size of what appendBody appends.
func (m *Module) bodySize(s *section) uint32 {
	switch s.id {
	case sectionDataCount:
		return uint32(sizeU32(m.section(sectionData).count))
	case sectionCode:
		n := uint32(sizeU32(s.count))
		for i := range m.code.bodies {
			body := m.rewrittenSize(i)
			n += uint32(sizeU32(body)) + body
		}
		return n
	default:
		return uint32(sizeU32(s.count) + len(s.entries) + len(s.added))
	}
}

func (m *Module) appendBody(out []byte, s *section) []byte {
	switch s.id {
	case sectionDataCount:
		return appendU32(out, m.section(sectionData).count)
	case sectionCode:
		out = appendU32(out, s.count)
		for i := range m.code.bodies {
			out = m.appendRewritten(appendU32(out, m.rewrittenSize(i)), i)
		}
	default:
		out = append(appendU32(out, s.count), s.entries...)
	}
	return append(out, s.added...)
}

// loops returns the places in body i to put a check.
func (m *Module) loops(i int) []uint32 {
	first := uint32(0)
	if i > 0 {
		first = m.code.bodies[i-1].loops
	}
	return m.code.loops[first:m.code.bodies[i].loops]
}

func (m *Module) rewrittenSize(i int) uint32 {
	b := &m.code.bodies[i]
	checks := uint32(len(m.loops(i)))
	if b.calls {
		checks++
	}
	return b.end - b.start + checks*uint32(len(m.check))
}

func (m *Module) appendRewritten(out []byte, i int) []byte {
	b := &m.code.bodies[i]
	from := b.start
	if b.calls {
		out = append(append(out, m.code.src[from:b.entry]...), m.check...)
		from = b.entry
	}
	for _, loop := range m.loops(i) {
		out = append(append(out, m.code.src[from:loop]...), m.check...)
		from = loop
	}
	return append(out, m.code.src[from:b.end]...)
}

func sizeU32(v uint32) int { return (bits.Len32(v|1) + 6) / 7 }

func appendU32(b []byte, v uint32) []byte {
	for ; v >= 0x80; v >>= 7 {
		b = append(b, byte(v)|0x80)
	}
	return append(b, byte(v))
}

func appendS32(b []byte, v int32) []byte {
	for ; v < -0x40 || v >= 0x40; v >>= 7 {
		b = append(b, byte(v)|0x80)
	}
	return append(b, byte(v)&0x7f)
}
