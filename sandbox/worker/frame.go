package worker

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// A frame is what crosses the socket:
//
//	u32 length of the rest · u8 kind · u32 length of head · head (JSON) · body (any bytes)
//
// Numbers are big-endian. Bulk, such as tool results, travels in the body as
// the bytes it was received as: neither side escapes it or scans it.
type frame struct {
	kind kind
	head []byte
	body [][]byte // one slice after decoding
}

// kind tells what a frame is for, and so who may send it.
type kind uint8

const (
	kindReady    kind = 1 + iota // worker: confined and waiting
	kindLog                      // worker: one line of output
	kindCall                     // worker: call a tool; body: arguments
	kindDone                     // worker: the script ended; body: its value
	kindBindings                 // gateway: what scripts are bound to; body: Bindings
	kindStart                    // gateway: run a script; body: source, data
	kindAnswer                   // gateway: what a call brought; body: result
)

const (
	prefixSize = 4
	fixedSize  = 5 // kind and length of head
	// maxFrame bounds the length prefix of any frame.
	maxFrame = 64 << 20
	// maxHead bounds the part that is parsed as JSON. The largest is that of
	// kindDone, with a failure and notes.
	maxHead = 256 << 10
)

// caps returns the most bytes that a frame of a kind may have on the side that
// reads it; 0 for a kind that is not expected now.
type caps func(kind) int64

func (f frame) size() int64 {
	n := int64(fixedSize + len(f.head))
	for _, b := range f.body {
		n += int64(len(b))
	}
	return n
}

// newFrame encodes head as JSON; it must be a type that always can be.
func newFrame(k kind, head any, body ...[]byte) frame {
	b, err := json.Marshal(head)
	if err != nil {
		panic(fmt.Sprintf("worker: encode frame %d: %v", k, err))
	}
	return frame{kind: k, head: b, body: body}
}

// parseHead decodes the head into v: one JSON value, with no field that v does
// not have.
func (f frame) parseHead(v any) error {
	d := json.NewDecoder(bytes.NewReader(f.head))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("frame of kind %d: %w", f.kind, err)
	}
	if d.InputOffset() != int64(len(f.head)) {
		return fmt.Errorf("frame of kind %d: text after the head", f.kind)
	}
	return nil
}

// bytes returns the body of a decoded frame, nil if empty.
func (f frame) bytes() []byte {
	if len(f.body) == 0 || len(f.body[0]) == 0 {
		return nil
	}
	return f.body[0]
}

// writeFrame writes f to w.
func writeFrame(w io.Writer, f frame) error {
	n := f.size()
	if n > maxFrame {
		return fmt.Errorf("frame of kind %d has %d bytes, over %d", f.kind, n, maxFrame)
	}
	var fixed [prefixSize + fixedSize]byte
	binary.BigEndian.PutUint32(fixed[:], uint32(n))
	fixed[prefixSize] = byte(f.kind)
	binary.BigEndian.PutUint32(fixed[prefixSize+1:], uint32(len(f.head)))
	for _, b := range append([][]byte{fixed[:], f.head}, f.body...) {
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}

// readFrame reads one frame from r. It takes no more than limits allow for
// its kind, and returns io.EOF only between frames.
func readFrame(r io.Reader, limits caps) (frame, error) {
	var fixed [prefixSize + fixedSize]byte
	if _, err := io.ReadFull(r, fixed[:]); err != nil {
		return frame{}, err
	}
	n := int64(binary.BigEndian.Uint32(fixed[:]))
	f := frame{kind: kind(fixed[prefixSize])}
	h := int64(binary.BigEndian.Uint32(fixed[prefixSize+1:]))
	limit := min(limits(f.kind), maxFrame)
	if limit <= 0 {
		return frame{}, fmt.Errorf("unexpected frame of kind %d", f.kind)
	}
	if n > limit {
		return frame{}, fmt.Errorf("frame of kind %d has %d bytes, over %d", f.kind, n, limit)
	}
	if h > maxHead || h+fixedSize > n {
		return frame{}, fmt.Errorf("frame of kind %d: head of %d bytes in a frame of %d", f.kind, h, n)
	}
	rest, err := readAll(r, n-fixedSize)
	if err != nil {
		return frame{}, fmt.Errorf("frame of kind %d: %w", f.kind, err)
	}
	f.head, f.body = rest[:h:h], [][]byte{rest[h:]}
	return f, nil
}

// readAll reads n bytes. A large buffer grows as they arrive, so that a length
// alone does not make the reader allocate.
func readAll(r io.Reader, n int64) ([]byte, error) {
	const atOnce = 64 << 10
	if n <= atOnce {
		b := make([]byte, n)
		_, err := io.ReadFull(r, b)
		return b, notEOF(err)
	}
	var buf bytes.Buffer
	buf.Grow(atOnce)
	_, err := io.CopyN(&buf, r, n)
	return buf.Bytes(), notEOF(err)
}

func notEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
