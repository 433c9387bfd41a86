package audit

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"

	"github.com/bindery-mcp/bindery"
)

// Line is a record as it stands in a file.
type Line struct {
	Record
	File string // its name
	Line int    // from 1
	// Bytes are the line without its line feed, until the next is read.
	Bytes []byte
}

// Read yields the records of the log in a folder from one on, whoever is
// writing it. A line that is no record is a [*RecordError]; those after it follow. Any
// other error is the last.
func Read(dir string, from uint64) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		files, err := filesOf(dir)
		if err != nil {
			yield(Line{}, err)
			return
		}
		for i, f := range files {
			if i+1 < len(files) && files[i+1].first <= from {
				continue
			}
			for l, err := range lines(f, i+1 == len(files)) {
				if err == nil && l.Seq < from {
					continue
				}
				if _, bad := errors.AsType[*RecordError](err); !yield(l, err) || err != nil && !bad {
					return
				}
			}
		}
	}
}

// filesOf is listFiles for who reads.
func filesOf(dir string) ([]logFile, error) {
	files, err := listFiles(dir)
	if err == nil && len(files) == 0 {
		err = os.ErrNotExist
	}
	if err != nil {
		return nil, &bindery.Error{
			Code: bindery.NotFound, Op: "read the audit log " + dir, Err: err,
			Hint: "name the folder that audit.dir of the gateway's configuration says",
		}
	}
	return files, nil
}

// lines yields the records of a file. If it is the last, an unfinished line at
// its end may be one that is being written, and is read again if it has grown.
func lines(f logFile, last bool) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		var at int64
		for n := 0; ; {
			stopped, end, read, err := f.from(at, n, yield)
			n += read
			switch {
			case stopped:
				return
			case err == nil:
				return
			case errors.Is(err, errUnended) && last && f.grew(end):
				at = end.at
			case errors.Is(err, errUnended):
				yield(Line{}, &RecordError{File: filepath.Base(f.path), Line: n + 1, Err: err})
				return
			default:
				yield(Line{}, fmt.Errorf("read the audit log: %w", err))
				return
			}
		}
	}
}

// span is where an unfinished line begins and ends.
type span struct{ at, end int64 }

// grew reports whether there is more of an unfinished line by now.
func (f logFile) grew(s span) bool {
	info, err := os.Stat(f.path)
	return err == nil && info.Size() > s.end
}

// from yields what is in the file from a place on, which is its line n+1.
func (f logFile) from(at int64, n int, yield func(Line, error) bool) (stopped bool, end span, read int, err error) {
	s, c, err := openScanner(f.path, at)
	if err != nil {
		return false, end, 0, err
	}
	defer func() { _ = c.Close() }() // it was only read
	name := filepath.Base(f.path)
	for err = s.next(); err == nil; err = s.next() {
		read++
		l := Line{File: name, Line: n + read, Bytes: s.line}
		var bad error
		if l.Record, err = Parse(s.line); err != nil {
			bad = &RecordError{File: name, Line: l.Line, Err: err}
		}
		if !yield(l, bad) {
			return true, end, read, nil
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return false, span{s.at, s.end}, read, err
}
