package stdio

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/bindery-mcp/bindery/backends/internal/session"
)

// edge is how much of the start and of the end of an over-long line is kept,
// to find out which request it answers.
const edge = session.Edge

// droppable is how many bytes of a line are read in vain before the stream is
// given up: a line that never ends leaves no room for another answer, and
// would keep a processor busy for good.
const droppable = 256 << 20

// errEndless ends a stream whose line does not.
var errEndless = errors.New("the server writes a line without end")

// lineReader cuts a stream into lines and holds at most max bytes of one.
type lineReader struct {
	r   *bufio.Reader
	max int

	skipping bool // inside an over-long line
	dropped  int  // bytes of it
	last     []byte
}

func newLineReader(r io.Reader, max int) *lineReader {
	return &lineReader{r: bufio.NewReaderSize(r, 64<<10), max: max}
}

// line is one line without its end, or what is known of one that is too long.
type line struct {
	text []byte
	// start is the beginning of a line that turned out to be too long, end
	// the last bytes of one that was reported before and is now over. They
	// come in two steps because such a line may never end.
	start, end []byte
}

// next returns the next line. The last one may lack its newline; after it
// comes the error of the stream, or errEndless.
func (r *lineReader) next() (line, error) {
	if r.skipping {
		return r.skip()
	}
	var text []byte
	for {
		part, err := r.r.ReadSlice('\n')
		text = append(text, part...)
		full := errors.Is(err, bufio.ErrBufferFull)
		if len(bytes.TrimRight(text, "\r\n")) > r.max {
			r.skipping, r.dropped, r.last = full, len(text), session.KeepLast(nil, text, edge)
			if full {
				return line{start: text[:min(edge, len(text))]}, nil
			}
			return line{start: text[:min(edge, len(text))], end: r.last}, nil
		}
		switch {
		case full:
		case err == nil, len(text) > 0:
			return line{text: bytes.TrimRight(text, "\r\n")}, nil
		default:
			return line{}, err
		}
	}
}

func (r *lineReader) skip() (line, error) {
	for {
		part, err := r.r.ReadSlice('\n')
		r.last = session.KeepLast(r.last, part, edge)
		if r.dropped += len(part); r.dropped > r.max+droppable {
			return line{}, errEndless
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && len(part) == 0 {
			return line{}, err
		}
		r.skipping = false
		return line{end: r.last}, nil
	}
}
