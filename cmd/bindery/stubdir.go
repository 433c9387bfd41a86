package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/lock"
	"github.com/bindery-mcp/bindery/codegen/stubs"
)

// stubDir is a folder of stubs. Nothing outside of it is read or written,
// whatever servers are called.
type stubDir struct {
	root     *os.Root
	lock     *lock.Lock      // nil if the folder has none
	observed *stubs.Observed // nil if the folder has none
}

// openStubs opens the folder, and reads what it keeps for later runs.
func openStubs(path string, create bool) (_ *stubDir, err error) {
	if create {
		if err := os.MkdirAll(path, 0o755); err != nil {
			return nil, fmt.Errorf("write stubs: %w", err)
		}
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("read stubs: %w", err)
	}
	d := &stubDir{root: root}
	defer func() {
		if err != nil {
			d.close()
		}
	}()
	if data, ok, err := d.read(stubs.LockFile, lock.MaxBytes); err != nil {
		return nil, err
	} else if ok {
		if d.lock, err = lock.Parse(data); err != nil {
			return nil, err
		}
	}
	if data, ok, err := d.read(stubs.ObservedFile, lock.MaxBytes); err != nil {
		return nil, err
	} else if ok {
		if d.observed, err = stubs.ParseObserved(data); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func (d *stubDir) close() { _ = d.root.Close() }

// read returns a file of at most one byte more than most, and whether there is
// one.
func (d *stubDir) read(name string, most int64) ([]byte, bool, error) {
	f, err := d.root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read stubs: %w", err)
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, false, fmt.Errorf("read stubs: %w", err)
	}
	return data, true, nil
}

// maxStub is above whatever is generated.
const maxStub = 256 << 20

// write brings the files up to date. The lock comes last, so that a run that
// was cut short is not taken for a whole one.
func (d *stubDir) write(report io.Writer, folder *stubs.Folder) error {
	files := slices.Clone(folder.Files)
	slices.SortStableFunc(files, func(a, b stubs.File) int { return isLock(a) - isLock(b) })
	for _, f := range files {
		old, ok, err := d.read(f.Name, maxStub)
		if err != nil {
			return err
		}
		if ok && string(old) == f.Text {
			continue
		}
		if err := d.root.WriteFile(f.Name, []byte(f.Text), 0o644); err != nil {
			return fmt.Errorf("write stubs: %w", err)
		}
		_, _ = fmt.Fprintf(report, "bindery: wrote %s\n", f.Name)
	}
	for _, name := range folder.Gone {
		switch err := d.root.Remove(name); {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return fmt.Errorf("remove the stubs of a server that is gone: %w", err)
		default:
			_, _ = fmt.Fprintf(report, "bindery: removed %s\n", name)
		}
	}
	d.lock = folder.Lock
	return nil
}

func isLock(f stubs.File) int {
	if f.Name == stubs.LockFile {
		return 1
	}
	return 0
}

// check shows what changed since the folder was written: what it means first,
// and then how the files differ.
func (d *stubDir) check(std streams, folder *stubs.Folder) error {
	changes := lock.Compare(d.lock, folder.Lock)
	harmful := 0
	for _, c := range changes {
		if c.Harm != "" {
			harmful++
		}
		_, _ = fmt.Fprintln(std.err, "bindery:", c)
	}
	stale := 0
	for _, f := range folder.Files {
		old, ok, err := d.read(f.Name, maxStub)
		if err != nil {
			return err
		}
		if !ok {
			_, _ = fmt.Fprintf(std.err, "bindery: %s is missing\n", f.Name)
		} else if bytes.Equal(old, []byte(f.Text)) {
			continue
		}
		stale++
		if isLock(f) == 1 {
			continue // digests; what they stand for was told above
		}
		if _, err := std.out.Write(diff.Diff("a/"+f.Name, old, "b/"+f.Name, []byte(f.Text))); err != nil {
			return err
		}
	}
	for _, name := range folder.Gone {
		if _, err := d.root.Stat(name); err == nil {
			_, _ = fmt.Fprintf(std.err, "bindery: %s is of a server that is gone\n", name)
			stale++
		}
	}
	if stale == 0 && len(changes) == 0 {
		return nil
	}
	e := &bindery.Error{
		Code: bindery.Invalid, Op: "check stubs", Hint: "run the same command without --check to take the changes over",
		Err: fmt.Errorf("the servers changed %d things, %d of which could be harmful", len(changes), harmful),
	}
	if len(changes) == 0 {
		e.Err = fmt.Errorf("%d files are not what was generated; the servers changed nothing", stale)
	}
	return e
}

// printStubs prints the stubs of the servers, without the rest of the folder.
func printStubs(w io.Writer, folder *stubs.Folder) error {
	for _, f := range folder.Files {
		comment := "//"
		switch {
		case strings.HasSuffix(f.Name, ".pyi"):
			comment = "#"
		case !strings.HasSuffix(f.Name, ".d.ts"):
			continue
		}
		if _, err := fmt.Fprintf(w, "%s ---- %s ----\n%s\n", comment, f.Name, f.Text); err != nil {
			return err
		}
	}
	return nil
}
