package audit

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
)

// Expect is what somebody knows of a log from elsewhere.
type Expect struct {
	// From is the first record, if files before it were moved away.
	From uint64
	// Hash is of some record, noted before: it must be there.
	Hash string
}

// Report is what [Verify] found.
type Report struct {
	Files   int    `json:"files"`
	Records uint64 `json:"records"`
	First   uint64 `json:"first"`
	Last    uint64 `json:"last"`
	Hash    string `json:"hash"` // of the last
	Calls   uint64 `json:"calls"`
	// Open begins have no end: they are under way, or their process was killed
	// and the log has not been opened since.
	Open int `json:"open"`
	// Recoveries are starts after a process that did not stop in order, and
	// Unknown what had no end then.
	Recoveries int `json:"recoveries"`
	Unknown    int `json:"unknown"`
	// Missed calls and executions went unrecorded, where the log does its best.
	Missed uint64 `json:"missed"`
	// Bad is the first record that is not as it was written; nil if all are.
	Bad *RecordError `json:"bad,omitempty"`
}

// Verify reads the whole log in a folder and holds each record against its hash
// and the one before it. It stops at the first bad one, which is in the report;
// an error is about what could not be read, or that of ctx.
func Verify(ctx context.Context, dir string, x Expect) (Report, error) {
	files, err := filesOf(dir)
	if err != nil {
		return Report{}, err
	}
	v := verification{open: make(map[uint64]bool), want: x.Hash, hash: zeroHash()}
	if x.From > 1 {
		v.seq, v.hash = x.From-1, ""
	}
	for i, f := range files {
		v.r.Files++
		if err := v.file(ctx, f, i+1 == len(files)); err != nil {
			return v.r, err
		}
		if v.r.Bad != nil {
			break
		}
	}
	v.r.Open = len(v.open)
	v.r.Last, v.r.Hash = v.seq, v.hash
	if v.r.Bad == nil && v.want != "" {
		v.r.Bad = &RecordError{
			Seq: v.seq + 1, File: filepath.Base(files[len(files)-1].path),
			Err: fmt.Errorf("no record has the hash %.64s: the log was cut off before it, or written anew", v.want),
		}
	}
	return v.r, nil
}

// verification is how far a log was found to be as it was written.
type verification struct {
	r    Report
	seq  uint64
	hash string // "" if it is not known
	open map[uint64]bool
	want string // a hash that is still to come
}

func (v *verification) file(ctx context.Context, f logFile, last bool) error {
	name := filepath.Base(f.path)
	if f.first != v.seq+1 {
		v.r.Bad = &RecordError{Seq: v.seq + 1, File: name, Err: v.missing(f.first)}
		return nil
	}
	n := 0
	for l, err := range lines(f, last) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if bad, ok := errors.AsType[*RecordError](err); ok {
			bad.Seq, v.r.Bad = v.seq+1, bad
			return nil
		}
		if err != nil {
			return err
		}
		n++
		before := v.hash
		if before == "" {
			before = l.Prev
		}
		err = l.follows(v.seq, before)
		if (n == 1) != (l.Kind == FileBegin) && err == nil {
			err = errors.New("a file begins with a record that says so, and has no other")
		}
		if err != nil {
			v.r.Bad = &RecordError{Seq: v.seq + 1, File: name, Line: l.Line, Err: err}
			return nil
		}
		v.count(&l.Record)
	}
	if n == 0 {
		v.r.Bad = &RecordError{Seq: v.seq + 1, File: name, Err: errors.New("its file is empty")}
	}
	return nil
}

func (v *verification) missing(first uint64) error {
	if first <= v.seq {
		return fmt.Errorf("a file begins with record %d, which was in the one before it", first)
	}
	err := fmt.Errorf("it is missing, with all up to %d", first-1)
	if v.r.Records == 0 {
		err = fmt.Errorf("%w; if they were moved away, say so with --from %d", err, first)
	}
	return err
}

// count takes up a record that is as it was written.
func (v *verification) count(r *Record) {
	if v.r.Records == 0 {
		v.r.First = r.Seq
	}
	v.r.Records++
	v.seq, v.hash = r.Seq, r.Hash
	if r.Hash == v.want {
		v.want = ""
	}
	switch r.Kind {
	case CallBegin:
		v.r.Calls++
		v.open[r.Seq] = true
	case ExecutionBegin:
		v.open[r.Seq] = true
	case CallEnd, ExecutionEnd:
		delete(v.open, r.Begin)
	case Recovery:
		v.r.Recoveries++
		v.r.Unknown += r.Unknown
	case Gap:
		v.r.Missed += r.Missed
	case FileBegin, Start, Stop, Refusal:
	}
}
