package wasm

// Segment is a piece of memory as it is before the program starts.
type Segment struct {
	Offset uint32
	Data   []byte
}

const (
	dataActive = iota
	dataPassive
	dataActiveIn // with the number of the memory, of which there is one
)

type dataSegment struct {
	active bool
	// constant says that offset is known without running anything.
	constant bool
	offset   uint32
	init     []byte
}

func (r *reader) data() dataSegment {
	start := r.pos
	var d dataSegment
	switch kind := r.u32(); kind {
	case dataPassive:
	case dataActiveIn:
		r.zero()
		fallthrough
	case dataActive:
		offset, constant := r.constant()
		d = dataSegment{active: true, constant: constant, offset: uint32(offset)}
	default:
		r.fail(start, "unknown kind %d of data segment", kind)
	}
	d.init = r.take(r.u32())
	return d
}

// TakeData removes the segments that fill the memory when the module is
// instantiated, and returns them in order; their bytes are the module's. A
// module without them can be instantiated over a memory that is full already.
// Segments that the program itself copies from stay, under their numbers.
//
// A segment whose place depends on an imported global cannot be taken out;
// then nothing is.
func (m *Module) TakeData() ([]Segment, error) {
	s := m.section(sectionData)
	if s == nil {
		return nil, nil
	}
	var taken []Segment
	var kept []byte
	var count uint32
	for i, r := 0, (&reader{b: s.entries}); r.more(); i++ {
		start := r.pos
		d := r.data()
		switch {
		case d.active && !d.constant:
			return nil, refuse("take data", "Link the module at a fixed address.",
				"the place of data segment %d is not a constant", i)
		case !d.active:
			kept = append(kept, s.entries[start:r.pos]...)
			count++
			continue
		}
		taken = append(taken, Segment{Offset: d.offset, Data: d.init})
		// Once it has been copied, an active segment is an empty one.
		if m.code.usesData {
			kept = append(kept, dataPassive, 0)
			count++
		}
	}
	if len(taken) == 0 {
		return nil, nil
	}
	if count == 0 {
		m.drop(sectionData)
		m.drop(sectionDataCount)
		return taken, nil
	}
	s.raw, s.entries, s.count = nil, kept, count
	if c := m.section(sectionDataCount); c != nil {
		c.raw = nil
	}
	return taken, nil
}
