package wasm

// code is where the functions are in the file, and the places in them that a
// running program cannot avoid for long.
type code struct {
	src    []byte // the file
	bodies []body
	// loops are the places behind the headers of loops, in order.
	loops []uint32
	// usesData says that some instruction refers to a data segment.
	usesData bool
}

// body is one function; its numbers are places in code.src.
type body struct {
	// start is where its locals are declared, entry where its instructions
	// begin, end where they end.
	start, entry, end uint32
	// loops is how many loops it and all bodies before it have.
	loops uint32
	// calls says that it calls functions, so that it may recur.
	calls bool
}

func (m *Module) parseBody(r *reader) {
	in := r.part(r.u32())
	if r.err == nil {
		m.scanBody(&in)
		r.err = in.err
	}
}

func (m *Module) scanBody(r *reader) {
	b := body{start: uint32(r.pos), end: uint32(len(r.b))}
	locals := uint64(0)
	for range r.count("kinds of locals", maxLocals) {
		locals += uint64(r.u32())
		r.valueType()
	}
	if locals > maxLocals {
		r.fail(int(b.start), "%d locals, over the limit of %d", locals, maxLocals)
	}
	b.entry = uint32(r.pos)
	for depth := 1; depth > 0 && r.err == nil; {
		switch r.next() {
		case 'b':
			depth++
		case 'L':
			depth++
			m.code.loops = append(m.code.loops, uint32(r.pos))
		case 'e':
			depth--
		case 'C', 'I':
			b.calls = true
		case 'D', 'd':
			m.code.usesData = true
		}
		if depth > maxNesting {
			r.fail(r.pos, "blocks nested more than %d deep", maxNesting)
		}
	}
	if len(m.code.loops) > maxLoops {
		r.fail(r.pos, "more than %d loops", maxLoops)
	}
	r.done("function")
	b.loops = uint32(len(m.code.loops))
	m.code.bodies = append(m.code.bodies, b)
}
