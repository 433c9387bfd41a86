package wasm

const (
	opIf        = 0x04
	opElse      = 0x05
	opEnd       = 0x0b
	opCall      = 0x10
	opDrop      = 0x1a
	opGlobalGet = 0x23
	opGlobalSet = 0x24
	opI32Const  = 0x41
	opI64Const  = 0x42
	opF32Const  = 0x43
	opF64Const  = 0x44
	opI32Sub    = 0x6b
	opRefNull   = 0xd0
	opRefFunc   = 0xd2
	opVector    = 0xfd

	blockEmpty = 0x40
)

// forms has one letter per opcode, sixteen to a line, for what follows it:
//
//	. nothing               x there is no such instruction
//	b block or if           L loop                  e end
//	u index                 T table of labels       C call, an index
//	I two indices           s types of a select     r reference type
//	m alignment and offset  0 zero byte
//	i i32                   l i64                   4 8 so many bytes
//	M an instruction of miscForms                   V one of vectorForms
//
// Sources: https://www.w3.org/TR/wasm-core-2/#a7-index-of-instructions and §5.4.
const forms = "" +
	"..bLb.xxxxxeuuT." + "CIxxxxxxxx..sxxx" + "uuuuuuuxmmmmmmmm" + "mmmmmmmmmmmmmmm0" +
	"0il48..........." + "................" + "................" + "................" +
	"................" + "................" + "................" + "................" +
	".....xxxxxxxxxxx" + "r.uxxxxxxxxxxxxx" + "xxxxxxxxxxxxxxxx" + "xxxxxxxxxxxxMVxx"

// miscForms are the instructions after 0xfc: D is memory.init, d data.drop,
// both with the index of a data segment; z is two zero bytes.
const miscForms = "........Ddz0IuIuuu"

// vectorForms are those after 0xfd: a is a lane, A is m and a, c is 16 bytes.
const vectorForms = "" +
	"mmmmmmmmmmmmcc.." + ".....aaaaaaaaaaa" + "aaa............." + "................" +
	"................" + "....AAAAAAAAmm.." + "................" + "................" +
	"................" + "..........x....." + "..x..xx........x" + "x.xxx......x...." +
	"..x..xx........x" + "x.xxx..........." + "..x...........x." + "................"

// next reads one instruction and returns its form. After an error it returns x.
func (r *reader) next() (form byte) {
	start := r.pos
	op := r.byte()
	form = forms[op]
	switch form {
	case 'M':
		sub := r.u32()
		form = 'x'
		if sub < uint32(len(miscForms)) {
			form = miscForms[sub]
		}
	case 'V':
		sub := r.byte()
		form = vectorForms[sub]
		// A number of two bytes: the seven bits of the first, and one.
		if sub >= 0x80 && r.byte() != 1 {
			form = 'x'
		}
	}
	r.immediates(form)
	if form == 'x' {
		r.fail(start, "unknown instruction %#x", op)
	}
	if r.err != nil {
		return 'x'
	}
	return form
}

func (r *reader) immediates(form byte) {
	switch form {
	case 'u', 'C', 'd':
		r.u32()
	case 'b', 'L':
		r.blockType()
	case 'm':
		r.memoryArgument()
	case 'i':
		r.signed(32)
	case 'l':
		r.signed(64)
	case '4':
		r.take(4)
	case '8':
		r.take(8)
	case 'c':
		r.take(16)
	case 'I':
		r.u32()
		r.u32()
	case 'D':
		r.u32()
		r.zero()
	case 'T':
		for range r.count("labels", maxFuncs) {
			r.u32()
		}
		r.u32()
	case 's':
		for range r.count("types", 1) {
			r.valueType()
		}
	case 'r':
		r.refType()
	case '0':
		r.zero()
	case 'z':
		r.zero()
		r.zero()
	case 'a':
		r.byte()
	case 'A':
		r.memoryArgument()
		r.byte()
	}
}

// blockType reads nothing, one type of result, or the index of a function type.
func (r *reader) blockType() {
	if r.err == nil && r.pos < len(r.b) && r.b[r.pos] == blockEmpty {
		r.pos++
		return
	}
	start := r.pos
	if v := r.signed(33); v >= 0 {
		return
	}
	if r.pos != start+1 {
		r.fail(start, "unknown type of block")
		return
	}
	r.pos = start
	r.valueType()
}

func (r *reader) memoryArgument() {
	start := r.pos
	// With larger ones other proposals announce more bytes.
	if align := r.u32(); align > 4 {
		r.fail(start, "alignment of 2^%d", align)
	}
	r.u32()
}
