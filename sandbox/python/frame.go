package python

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
)

// maxHead bounds the line of JSON of a frame from the interpreter.
const maxHead = 256 << 10

// head is the line of JSON of any frame from the interpreter.
type head struct {
	Kind string `json:"k"`

	// call
	ID     int    `json:"id"`
	Server string `json:"server"`
	Tool   string `json:"tool"`
	As     string `json:"as"`
	Raw    bool   `json:"raw"`
	Line   int    `json:"line"`
	// look, list
	ByName bool `json:"byName"`
	// wait
	Millis *float64 `json:"ms"`
	Grace  bool     `json:"grace"`
	// out, tell
	Level string  `json:"level"`
	Done  float64 `json:"done"`
	Total float64 `json:"total"`
	// check
	Places     [][2]int          `json:"places"`
	Objections []json.RawMessage `json:"objections"`
	// done
	Notes     []string `json:"notes"`
	Dropped   int      `json:"dropped"`
	Errors    []report `json:"errors"`
	Unhandled int      `json:"unhandled"`
}

// frame is a head and the bytes that go with it.
type frame struct {
	head head
	text []byte // of the head
	body []byte
}

func parseFrame(b []byte) (frame, error) {
	text, body, ok := bytes.Cut(b, []byte("\n"))
	if !ok || len(text) > maxHead {
		return frame{}, errors.New("a frame without a head")
	}
	f := frame{text: text, body: body}
	if err := json.Unmarshal(text, &f.head); err != nil {
		return frame{}, fmt.Errorf("the head of a frame: %w", err)
	}
	return f, nil
}

// frames takes frames out of a stream of bytes.
type frames struct {
	buf []byte
	max int
}

// add takes more of the stream; whole frames come out through each.
func (s *frames) add(b []byte, each func(frame) error) error {
	s.buf = append(s.buf, b...)
	for len(s.buf) >= 4 {
		n := int64(binary.LittleEndian.Uint32(s.buf))
		if n > int64(s.max) {
			return fmt.Errorf("a frame of %d bytes", n)
		}
		if int64(len(s.buf)) < 4+n {
			return nil
		}
		// The body outlives the buffer.
		f, err := parseFrame(bytes.Clone(s.buf[4 : 4+n]))
		if err != nil {
			return err
		}
		s.buf = s.buf[4+n:]
		if err := each(f); err != nil {
			return err
		}
	}
	if len(s.buf) == 0 {
		s.buf = nil
	}
	return nil
}

// appendFrame appends a frame for the interpreter.
func appendFrame(b []byte, head any, body []byte) []byte {
	line, err := json.Marshal(head)
	if err != nil { // strings, numbers and maps of them
		panic(err)
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(len(line)+1+len(body)))
	b = append(append(b, line...), '\n')
	return append(b, body...)
}
