package fetch

import (
	"errors"
	"io"
	"os"

	"github.com/bindery-mcp/bindery"
)

// part is a file that is not whole yet, beside the path it will have. While it
// is open no other process has it, where the system can see to that.
type part struct {
	target string
	file   *os.File
	size   int64
	// pieced says that it is from more than one answer.
	pieced bool
	// tag names the server's version of the file, if it has a name.
	tag string
}

func (p *part) path() string { return p.target + ".part" }

func (p *part) tagPath() string { return p.target + ".part.etag" }

// openPart opens the part of the file at target, a new one if there is none.
func openPart(target string) (_ *part, err error) {
	p := &part{target: target}
	if p.file, err = os.OpenFile(p.path(), os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = p.file.Close()
		}
	}()
	if err := lock(p.file); err != nil {
		return nil, &bindery.Error{Code: bindery.Unavailable, Err: err, Hint: "wait until the other download has ended"}
	}
	info, err := p.file.Stat()
	if err != nil {
		return nil, err
	}
	// Whoever had it may have finished it between the opening and the lock.
	if now, err := os.Lstat(p.path()); err != nil || !os.SameFile(info, now) {
		return nil, &bindery.Error{Code: bindery.Unavailable, Err: errors.New("another process has just downloaded it"), Hint: "run the same command again"}
	}
	p.size, p.pieced = info.Size(), info.Size() > 0
	p.tag = readTag(p.tagPath())
	return p, nil
}

func readTag(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxTag+1))
	if err != nil {
		return ""
	}
	return strongTag(string(data))
}

// remember keeps the tag for the next download.
func (p *part) remember(tag string) error {
	if tag == p.tag {
		return nil
	}
	p.tag = tag
	if tag == "" {
		return remove(p.tagPath())
	}
	return os.WriteFile(p.tagPath(), []byte(tag), 0o600)
}

func (p *part) append(b []byte) error {
	n, err := p.file.WriteAt(b, p.size)
	p.size += int64(n)
	return err
}

// reset empties the part.
func (p *part) reset() error {
	p.size, p.pieced = 0, false
	return errors.Join(p.remember(""), p.file.Truncate(0))
}

// place gives the part, which is whole, the name that it was made for.
func (p *part) place() error {
	if err := remove(p.tagPath()); err != nil {
		return err
	}
	if err := p.file.Sync(); err != nil {
		return err
	}
	return place(p)
}

// close lets go of the part. One without any bytes is of no use to keep.
func (p *part) close() {
	if p.file == nil {
		return
	}
	if info, err := os.Lstat(p.path()); err == nil && info.Size() == 0 {
		_ = os.Remove(p.path())
	}
	_ = p.file.Close()
	p.file = nil
}

func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
