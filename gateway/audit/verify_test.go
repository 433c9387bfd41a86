package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// sample writes a log of a few calls and returns its folder.
func sample(t *testing.T, o Options, calls int) string {
	t.Helper()
	dir := t.TempDir()
	l, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	trail, err := l.Execution(t.Context(), Execution{ID: "x", Client: "ci", Script: "one"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range calls {
		call(t, trail, fmt.Sprint("tool", i))
	}
	trail.End(Outcome{Code: OK})
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// one returns the path and the lines of a log's only file.
func one(t *testing.T, dir string) (path string, lines [][]byte) {
	t.Helper()
	files, err := listFiles(dir)
	if err != nil || len(files) != 1 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	data, err := os.ReadFile(files[0].path)
	if err != nil {
		t.Fatal(err)
	}
	lines = bytes.SplitAfter(data, []byte("\n"))
	return files[0].path, lines[:len(lines)-1]
}

// Whatever is done to a record, Verify names the first that is not right.
func TestVerifyNamesTheFirstBadRecord(t *testing.T) {
	dir := sample(t, Options{}, 3)
	path, lines := one(t, dir)
	n := len(lines)
	forged := func(line []byte) []byte {
		r, err := Parse(bytes.TrimSuffix(line, []byte("\n")))
		if err != nil {
			t.Fatal(err)
		}
		r.Client = "somebody else"
		line, err = r.encode()
		if err != nil {
			t.Fatal(err)
		}
		return line
	}
	for i := range n {
		seq := uint64(i + 1)
		tests := map[string]struct {
			lines [][]byte
			bad   uint64
		}{
			"deleted":   {slices.Concat(lines[:i:i], lines[i+1:]), seq},
			"repeated":  {slices.Concat(lines[:i+1:i+1], lines[i:]), seq + 1},
			"cut short": {slices.Concat(lines[:i:i], [][]byte{lines[i][:len(lines[i])/2]}), seq},
			"forged":    {slices.Concat(lines[:i:i], [][]byte{forged(lines[i])}, lines[i+1:]), seq + 1},
			"emptied":   {slices.Concat(lines[:i:i], [][]byte{[]byte("\n")}, lines[i+1:]), seq},
			"too long":  {slices.Concat(lines[:i:i], [][]byte{bytes.Repeat([]byte("x"), 2*MaxRecord), []byte("\n")}, lines[i+1:]), seq},
		}
		if i+1 < n {
			swapped := slices.Clone(lines)
			swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
			tests["reordered"] = struct {
				lines [][]byte
				bad   uint64
			}{swapped, seq}
		} else {
			delete(tests, "deleted") // cannot be told from a log that ended there
			delete(tests, "forged")  // nothing follows that would know
		}
		if i == 0 {
			delete(tests, "forged")
		}
		for name, test := range tests {
			if err := os.WriteFile(path, bytes.Join(test.lines, nil), 0o600); err != nil {
				t.Fatal(err)
			}
			r, err := Verify(t.Context(), dir, Expect{})
			if err != nil {
				t.Fatal(err)
			}
			if r.Bad == nil || r.Bad.Seq != test.bad || r.Bad.File != filepath.Base(path) {
				t.Errorf("record %d %s: found %v, want record %d", seq, name, r.Bad, test.bad)
			}
		}
	}
}

// Every byte of a log is part of what is verified.
func TestVerifyFindsEveryFlippedByte(t *testing.T) {
	dir := sample(t, Options{}, 2)
	path, lines := one(t, dir)
	data := bytes.Join(lines, nil)
	seq := uint64(1)
	for i := range data {
		for _, bit := range []byte{0x01, 0x20, 0x80} {
			data[i] ^= bit
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			r, err := Verify(t.Context(), dir, Expect{})
			if err != nil || r.Bad == nil || r.Bad.Seq != seq {
				t.Fatalf("byte %d (%q, of record %d), bit %#x: %v, %v", i, data[i], seq, bit, r.Bad, err)
			}
			data[i] ^= bit
		}
		if data[i] == '\n' {
			seq++
		}
	}
}

func TestVerifyAcrossFiles(t *testing.T) {
	dir := sample(t, Options{RotateBytes: 1}, 20)
	files, err := listFiles(dir)
	if err != nil || len(files) < 4 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	whole := verified(t, dir)
	if whole.Files != len(files) || whole.First != 1 || whole.Calls != 20 {
		t.Errorf("%+v", whole)
	}
	anchor := whole.Hash
	if r, err := Verify(t.Context(), dir, Expect{Hash: anchor}); err != nil || r.Bad != nil {
		t.Errorf("the hash of the last record is not found: %v, %v", r.Bad, err)
	}

	gone := files[2]
	aside := filepath.Join(t.TempDir(), "aside")
	move(t, gone.path, aside)
	if r, err := Verify(t.Context(), dir, Expect{}); err != nil || r.Bad == nil || r.Bad.Seq != gone.first || !strings.Contains(r.Bad.Error(), "missing") {
		t.Errorf("a file that is gone: %v, %v; want record %d", r.Bad, err, gone.first)
	}
	move(t, aside, gone.path)

	// Those at the beginning may be archived, if it is said.
	move(t, files[0].path, aside)
	if r, err := Verify(t.Context(), dir, Expect{}); err != nil || r.Bad == nil || r.Bad.Seq != 1 {
		t.Errorf("the first file is gone: %v, %v", r.Bad, err)
	}
	if r, err := Verify(t.Context(), dir, Expect{From: files[1].first}); err != nil || r.Bad != nil || r.First != files[1].first {
		t.Errorf("the first file is archived: %+v, %v", r, err)
	}
	move(t, aside, files[0].path)

	// The end can only be missed by who knows of it.
	if err := os.Remove(files[len(files)-1].path); err != nil {
		t.Fatal(err)
	}
	if r, err := Verify(t.Context(), dir, Expect{Hash: anchor}); err != nil || r.Bad == nil || r.Bad.Seq != files[len(files)-1].first {
		t.Errorf("the end is gone: %v, %v", r.Bad, err)
	}
}

func move(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

func FuzzParse(f *testing.F) {
	r := Record{Seq: 1, Prev: zeroHash(), Kind: CallBegin, Tool: "t"}
	line, err := r.encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(bytes.TrimSuffix(line, []byte("\n")))
	f.Add([]byte(`{"seq":1}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		r, err := Parse(line)
		if err != nil {
			return
		}
		again, err := r.encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Parse(bytes.TrimSuffix(again, []byte("\n"))); err != nil {
			t.Errorf("a record that was read cannot be written and read: %v", err)
		}
	})
}

// hastyDisk waits for nothing.
type hastyDisk struct{ osDisk }

func (d hastyDisk) Open(path string) (file, error) {
	f, err := d.osDisk.Open(path)
	return hastyFile{f}, err
}

type hastyFile struct{ file }

func (hastyFile) Sync() error { return nil }

// FuzzRead holds that any bytes in a file are read within bounds, and that no
// log is taken for good or resumed into one that is not.
func FuzzRead(f *testing.F) {
	dir := f.TempDir()
	l, err := Open(dir, Options{})
	if err != nil {
		f.Fatal(err)
	}
	if err := l.Close(); err != nil {
		f.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, fileName(1)))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(data[:len(data)-7])
	f.Add(append(bytes.Clone(data), "\n\x00\x00{}\n"...))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, fileName(1)), data, 0o600); err != nil {
			t.Fatal(err)
		}
		before, err := Verify(t.Context(), dir, Expect{})
		if err != nil {
			t.Fatal(err)
		}
		for e, err := range Query(t.Context(), dir, Filter{}) {
			if e.Seq == 0 && err == nil {
				t.Error("an entry of no record")
			}
		}
		l := newLog(dir, Options{}, hastyDisk{}, osClock{time.Now()})
		err = l.recover()
		if err == nil {
			verified(t, dir)
		} else if before.Bad == nil {
			t.Fatalf("a good log cannot be opened: %v", err)
		}
		if l.tail.file != nil {
			_ = l.tail.close() // it may be closed
		}
	})
}

// Whoever reads a long log can be told to stop.
func TestReadingIsInterrupted(t *testing.T) {
	dir := t.TempDir()
	l := opens(t, dir, Options{})
	call(t, l.Direct(Execution{Client: "ci"}), "once")
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Verify(ctx, dir, Expect{}); !errors.Is(err, context.Canceled) {
		t.Errorf("verified: %v", err)
	}
	n := 0
	for e, err := range Query(ctx, dir, Filter{}) {
		if n++; n > 1 || !errors.Is(err, context.Canceled) {
			t.Errorf("found %v, %v", e, err)
		}
	}
}
