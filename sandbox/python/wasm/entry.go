package wasm

func (m *Module) parseType(r *reader) {
	if form := r.byte(); form != 0x60 {
		r.fail(r.pos-1, "unknown form %#x of type", form)
	}
	params := r.count("parameters", maxParams)
	for range params {
		r.valueType()
	}
	results := r.count("results", maxParams)
	var result byte
	for range results {
		result = r.valueType()
	}
	m.getsI32 = append(m.getsI32, params == 0 && results == 1 && result == typeI32)
}

// functionType reads the index of a type. The runtime looks the type up before
// it has checked that there is one.
func (m *Module) functionType(r *reader) uint32 {
	start := r.pos
	i := r.u32()
	if uint64(i) >= uint64(len(m.getsI32)) {
		r.fail(start, "no type %d among %d", i, len(m.getsI32))
	}
	return i
}

func (m *Module) parseMemory(r *reader) {
	m.memory.min, m.memory.max = r.limits(maxPages, "memory")
	m.memory.exists = true
}

func (r *reader) table() {
	r.refType()
	r.limits(maxTable, "table")
}

func (r *reader) global() {
	r.valueType()
	if mutable := r.byte(); mutable > 1 {
		r.fail(r.pos-1, "mutability %#x", mutable)
	}
}

// constant reads a constant expression: one instruction, as WebAssembly 2.0
// has it. If that is an i32.const, its value is returned.
func (r *reader) constant() (value int32, isI32 bool) {
	start := r.pos
	switch op := r.byte(); op {
	case opI32Const:
		value, isI32 = int32(r.signed(32)), true
	case opI64Const:
		r.signed(64)
	case opF32Const:
		r.take(4)
	case opF64Const:
		r.take(8)
	case opGlobalGet, opRefFunc:
		r.u32()
	case opRefNull:
		r.refType()
	case opVector:
		if sub := r.byte(); sub != 0x0c {
			r.fail(start, "vector instruction %#x in a constant expression", sub)
		}
		r.take(16)
	default:
		r.fail(start, "instruction %#x in a constant expression", op)
	}
	if end := r.byte(); end != opEnd {
		r.fail(r.pos-1, "constant expression of more than one instruction")
	}
	return value, isI32
}

// element reads an element segment. The three bits of its kind say: not
// active; with a table index, or declared only; of expressions.
func (r *reader) element() {
	start := r.pos
	kind := r.u32()
	if kind > 7 {
		r.fail(start, "unknown kind %d of element segment", kind)
	}
	active, explicit, expressions := kind&1 == 0, kind&2 != 0, kind&4 != 0
	if active {
		if explicit {
			r.u32()
		}
		r.constant()
	}
	switch {
	case active && !explicit:
	case expressions:
		r.refType()
	default:
		r.zero()
	}
	for range r.count("elements", maxElements) {
		if expressions {
			r.constant()
		} else {
			r.u32()
		}
		if r.err != nil {
			return
		}
	}
}
