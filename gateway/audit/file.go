package audit

import (
	"errors"
	"path/filepath"
)

// File is one file of a log, for who keeps track of how far it was read.
type File struct {
	Name string
	Path string
}

// Files returns the files of the log in a folder, in their order.
func Files(dir string) ([]File, error) {
	files, err := filesOf(dir)
	if err != nil {
		return nil, err
	}
	list := make([]File, len(files))
	for i, f := range files {
		list[i] = File{Name: filepath.Base(f.path), Path: f.path}
	}
	return list, nil
}

// Read hands each record of the file to take, from a byte on at which a line
// begins, after so many lines. A line that is no record is a [*RecordError]. A
// last line that is not finished is left for another time. It returns where the
// next line begins, and how many were read; an error of take ends it.
func (f File) Read(at int64, line int, take func(Line, error) error) (end int64, n int, err error) {
	var stop error
	_, s, n, err := logFile{path: f.Path}.from(at, line, func(l Line, err error) bool {
		stop = take(l, err)
		return stop == nil
	})
	if stop != nil {
		return at, 0, stop
	}
	if err != nil && !errors.Is(err, errUnended) {
		return at, 0, err
	}
	return s.at, n, nil
}
