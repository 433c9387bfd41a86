package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// RecordError is about the first record of a log that is not as it was written, or is not
// there.
type RecordError struct {
	Seq  uint64 `json:"seq"`
	File string `json:"file"`
	Line int    `json:"line,omitempty"`
	Err  error  `json:"-"`
}

// Error says which record and why.
func (b *RecordError) Error() string {
	if b.Line == 0 {
		return fmt.Sprintf("record %d in %s: %v", b.Seq, b.File, b.Err)
	}
	return fmt.Sprintf("record %d in %s, line %d: %v", b.Seq, b.File, b.Line, b.Err)
}

// Unwrap returns what is wrong with it.
func (b *RecordError) Unwrap() error { return b.Err }

// recover finds the end of the log, or begins one, and records what an earlier
// process left unfinished.
func (l *Log) recover() error {
	files, err := listFiles(l.dir)
	if err != nil {
		return err
	}
	if err := l.disk.Remove(filepath.Join(l.dir, nextName)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if len(files) == 0 {
		if l.tail, err = l.create(0, zeroHash(), 0); err != nil {
			return err
		}
		return l.start(0, "")
	}
	last := files[len(files)-1]
	cut, digest, err := l.resume(last, files)
	if err != nil {
		return err
	}
	return l.start(cut, digest)
}

// resume takes up the last file: it finds what began and did not end, and cuts
// what is no whole record off the end.
func (l *Log) resume(last logFile, files []logFile) (cut int64, digest string, err error) {
	end, err := l.replay(last)
	if err != nil {
		return 0, "", err
	}
	if oldest := end.oldest; oldest != 0 && oldest < last.first {
		if err := l.reopen(files, oldest, end.ended); err != nil {
			return 0, "", err
		}
	}
	cut, digest, err = torn(last, end)
	if err != nil {
		return 0, "", err
	}
	f, err := l.disk.Open(last.path)
	if err != nil {
		return 0, "", err
	}
	l.tail = tail{file: f, path: last.path, first: last.first, size: end.size, synced: end.size, seq: end.seq, hash: end.hash}
	// Also where nothing is cut: it gives back what was set aside.
	if err := f.Truncate(end.size); err != nil {
		return 0, "", err
	}
	return cut, digest, f.Sync()
}

// ending is where the whole records of a file end.
type ending struct {
	size   int64
	lines  int
	seq    uint64
	hash   string
	oldest uint64
	// ended are the begins in earlier files whose ends are in this one.
	ended map[uint64]bool
	why   error // what follows is no record; nil at the end of the file
}

// replay reads the last file and notes what began in it and did not end.
func (l *Log) replay(last logFile) (end ending, err error) {
	s, c, err := openScanner(last.path, 0)
	if err != nil {
		return end, err
	}
	defer func() { _ = c.Close() }()
	end.ended = make(map[uint64]bool)
	for {
		err := s.next()
		if errors.Is(err, io.EOF) {
			break
		}
		var r Record
		if err == nil {
			r, err = Parse(s.line)
		} else if !errors.Is(err, errUnended) {
			return end, err
		}
		if err == nil && end.lines > 0 {
			err = r.follows(end.seq, end.hash)
		} else if err == nil && (r.Seq != last.first || r.Kind != FileBegin) {
			err = errors.New("its file does not begin with it")
		}
		if err != nil {
			end.why = err
			break
		}
		if end.lines == 0 {
			end.oldest = r.Oldest
		}
		end.size, end.seq, end.hash = s.end, r.Seq, r.Hash
		end.lines++
		l.pair(&r, last.first, end.ended)
	}
	if end.lines == 0 {
		return end, &RecordError{Seq: last.first, File: filepath.Base(last.path), Line: 1, Err: cmpErr(end.why, errTorn)}
	}
	return end, nil
}

func cmpErr(err, otherwise error) error {
	if err == nil {
		return otherwise
	}
	return err
}

// pair notes what a record begins or ends.
func (l *Log) pair(r *Record, first uint64, ended map[uint64]bool) {
	switch {
	case r.Kind == CallBegin || r.Kind == ExecutionBegin:
		l.open[r.Seq] = r.Kind == CallBegin
	case r.Begin >= first:
		delete(l.open, r.Begin)
	case r.Begin != 0:
		ended[r.Begin] = true
	}
}

// reopen notes what began in files before the last, from record oldest on, and
// did not end in any. Files that were moved away are not asked.
func (l *Log) reopen(files []logFile, oldest uint64, ended map[uint64]bool) error {
	began := make(map[uint64]bool)
	for i, f := range files[:len(files)-1] {
		if files[i+1].first <= oldest {
			continue
		}
		s, c, err := openScanner(f.path, 0)
		if err != nil {
			return err
		}
		for err = s.next(); err == nil; err = s.next() {
			r, bad := Parse(s.line)
			switch {
			case bad != nil: // Verify is who looks for those
			case (r.Kind == CallBegin || r.Kind == ExecutionBegin) && r.Seq >= oldest:
				began[r.Seq] = r.Kind == CallBegin
			case r.Begin != 0:
				ended[r.Begin] = true
			}
		}
		_ = c.Close() // it was only read
		if !errors.Is(err, io.EOF) && !errors.Is(err, errUnended) {
			return err
		}
	}
	for seq, call := range began {
		if !ended[seq] {
			l.open[seq] = call
		}
	}
	return nil
}

// torn measures what a killed process or machine left after the last whole
// record. If there are whole records in it, something else happened to the
// file, and nothing is cut. A machine that lost power may leave zeros where
// bytes were not on the disk yet, before some that were.
func torn(last logFile, end ending) (size int64, digest string, err error) {
	if end.why == nil {
		return 0, "", nil
	}
	s, c, err := openScanner(last.path, end.size)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = c.Close() }()
	whole, hole, sum := false, false, sha256.New()
	for err = s.next(); err == nil || errors.Is(err, errUnended); err = s.next() {
		_, _ = sum.Write(s.line) // never fails, as documented
		_, bad := Parse(s.line)
		whole = whole || bad == nil
		hole = hole || bytes.IndexByte(s.line, 0) >= 0
	}
	if !errors.Is(err, io.EOF) {
		return 0, "", err
	}
	if whole && !hole {
		return 0, "", &RecordError{Seq: end.seq + 1, File: filepath.Base(last.path), Line: end.lines + 1, Err: end.why}
	}
	return s.end - end.size, hex.EncodeToString(sum.Sum(nil)), nil
}

// start records that this process writes the log now, and how it found it. The
// ends of what is open are written down as unknown.
func (l *Log) start(cut int64, digest string) error {
	l.health.Cut, l.health.Unknown = cut, len(l.open)
	records := []*Record{{Kind: Start}}
	if cut > 0 || len(l.open) > 0 {
		records = append(records, &Record{Kind: Recovery, Cut: cut, CutDigest: digest, Unknown: len(l.open)})
		l.opts.Logger.Warn("audit: the last process did not stop in order",
			"dir", l.dir, "cut", cut, "unknown", len(l.open))
	}
	for _, seq := range slices.Sorted(maps.Keys(l.open)) {
		kind := ExecutionEnd
		if l.open[seq] {
			kind = CallEnd
		}
		records = append(records, &Record{Kind: kind, Begin: seq, Outcome: Unknown})
	}
	l.open = make(map[uint64]bool)
	for _, r := range records {
		if _, err := l.append(r, false); err != nil {
			if l.opts.Mode == Strict {
				return err
			}
			l.owed = append(l.owed, r)
		}
	}
	if err := l.sync(); err != nil && l.opts.Mode == Strict {
		return err
	}
	return nil
}
