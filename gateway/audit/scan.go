package audit

import (
	"bufio"
	"errors"
	"io"
	"os"
)

// scanner reads a file of the log line by line, none longer than MaxRecord.
type scanner struct {
	r *bufio.Reader
	// line is the last one that next read, without its line feed, until the next.
	line []byte
	// at is where it begins, and end where the next does.
	at, end int64
	n       int // lines
}

func newScanner(r io.Reader) *scanner { return &scanner{r: bufio.NewReaderSize(r, 64<<10)} }

// errUnended is a last line without a line feed.
var errUnended = errors.New("it is cut short")

// next reads a line. It returns io.EOF after the last, and errUnended with what
// there is of one that does not end.
func (s *scanner) next() error {
	s.line, s.at = s.line[:0], s.end
	s.n++
	for {
		part, err := s.r.ReadSlice('\n')
		s.end += int64(len(part))
		if len(s.line)+len(part) > MaxRecord {
			s.line = append(s.line, part[:max(MaxRecord-len(s.line), 0)]...)
			return s.skip(err)
		}
		s.line = append(s.line, part...)
		switch {
		case err == nil:
			s.line = s.line[:len(s.line)-1]
			return nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(s.line) == 0:
			return io.EOF
		case errors.Is(err, io.EOF):
			return errUnended
		default:
			return err
		}
	}
}

// skip passes over the rest of a line that is too long. What is left of it is
// still too long to be a record.
func (s *scanner) skip(err error) error {
	for errors.Is(err, bufio.ErrBufferFull) {
		var part []byte
		part, err = s.r.ReadSlice('\n')
		s.end += int64(len(part))
	}
	if errors.Is(err, io.EOF) {
		return errUnended
	}
	return err
}

// openScanner scans a file from a place.
func openScanner(path string, from int64) (*scanner, io.Closer, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	if _, err := f.Seek(from, io.SeekStart); err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	s := newScanner(f)
	s.at, s.end = from, from
	return s, f, nil
}
