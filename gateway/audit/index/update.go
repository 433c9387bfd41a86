package index

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/bindery-mcp/bindery/gateway/audit"
)

// file is how far a file of the log was taken up.
type file struct {
	size, mtime int64 // as they were then
	done        int64 // where the next line begins
	lines       int
	digest      string // of the bytes up to there
}

// update takes up what the log has gained. Whoever else does is waited for.
func (x *Index) update(ctx context.Context, rebuild bool) (err error) {
	tx, err := x.db.BeginImmediate()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			x.db.SetInterrupt(context.Background())
			_ = tx.Rollback() // err says why
		}
	}()
	if rebuild || !x.isCurrentVersion() {
		if err := x.db.Exec(drop + schema + fmt.Sprintf("INSERT INTO state VALUES (%d);", version)); err != nil {
			return err
		}
	}
	known, err := x.files()
	if err != nil {
		return err
	}
	files, err := audit.Files(x.dir)
	if err != nil {
		return err
	}
	w, err := x.writer()
	if err != nil {
		return err
	}
	defer w.close()
	total := sizes(files)
	var read int64
	for i, f := range files {
		was, old := known[f.Name]
		if !old && len(known) > i {
			return ErrStale // a file that was taken up is not among these
		}
		now, err := x.takeUp(ctx, w, f, was, func(n int64) { x.tell(read+n, total) })
		if err != nil {
			return err
		}
		read += now.done
		if now != was {
			if err := x.keep(f.Name, now); err != nil {
				return err
			}
		}
	}
	if len(known) > len(files) {
		return ErrStale
	}
	if err := errors.Join(w.flush(), x.db.Exec(lookups)); err != nil {
		return err
	}
	return tx.Commit()
}

func sizes(files []audit.File) (total int64) {
	for _, f := range files {
		if info, err := os.Stat(f.Path); err == nil {
			total += info.Size()
		}
	}
	return total
}

// takeUp reads what is new in a file, if what was read before is still there.
func (x *Index) takeUp(ctx context.Context, w *writer, f audit.File, was file, tell func(int64)) (file, error) {
	info, err := os.Stat(f.Path)
	if err != nil {
		return was, err
	}
	now := was
	now.size, now.mtime = info.Size(), info.ModTime().UnixNano()
	if now == was {
		return was, nil
	}
	if now.size < was.done {
		return was, ErrStale
	}
	h := sha256.New()
	if err := hashFile(h, f.Path, 0, was.done); err != nil {
		return was, err
	}
	if was.done > 0 && hex.EncodeToString(h.Sum(nil)) != was.digest {
		return was, ErrStale
	}
	var seen int64
	end, n, err := f.Read(was.done, was.lines, func(l audit.Line, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if seen += int64(len(l.Bytes)) + 1; seen%(1<<20) < int64(len(l.Bytes))+1 {
			tell(was.done + seen)
		}
		return w.take(&l, err)
	})
	if err != nil {
		return was, err
	}
	if err := hashFile(h, f.Path, was.done, end); err != nil {
		return was, err
	}
	now.done, now.lines, now.digest = end, was.lines+n, hex.EncodeToString(h.Sum(nil))
	return now, nil
}

// hashFile adds the bytes of a file between two places.
func hashFile(h io.Writer, path string, from, to int64) error {
	if from == to {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // it was only read
	n, err := io.Copy(h, io.NewSectionReader(f, from, to-from))
	if err == nil && n != to-from {
		err = ErrStale
	}
	return err
}

func (x *Index) isCurrentVersion() bool {
	stmt, err := x.prepare("SELECT version FROM state")
	if err != nil {
		return false
	}
	defer func() { _ = stmt.Close() }() // it was only read
	return stmt.Step() && stmt.ColumnInt(0) == version
}

func (x *Index) files() (map[string]file, error) {
	stmt, err := x.prepare("SELECT name, size, mtime, done, lines, digest FROM files")
	if err != nil {
		return nil, err
	}
	known := make(map[string]file)
	for stmt.Step() {
		known[stmt.ColumnText(0)] = file{
			size: stmt.ColumnInt64(1), mtime: stmt.ColumnInt64(2),
			done: stmt.ColumnInt64(3), lines: stmt.ColumnInt(4), digest: stmt.ColumnText(5),
		}
	}
	return known, errors.Join(stmt.Err(), stmt.Close())
}

func (x *Index) keep(name string, f file) error {
	stmt, err := x.prepare("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)")
	if err != nil {
		return err
	}
	stmt.text(name)
	for _, n := range []int64{f.size, f.mtime, f.done, int64(f.lines)} {
		stmt.number(n)
	}
	stmt.text(f.digest)
	return errors.Join(stmt.run(), stmt.Close())
}
