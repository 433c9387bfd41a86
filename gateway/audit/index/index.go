package index

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/ncruces/go-sqlite3"

	"github.com/bindery-mcp/bindery"
)

// fileName is the database in the folder of the log.
const fileName = "index.sqlite"

// busy is how long another process that brings the index up to date is waited
// for.
const busy = 10 * time.Second

// ErrStale is a log that is not the one the index was made from: files are
// gone, shorter, or not as they were. Open with Rebuild makes it anew.
var ErrStale = errors.New("the log is not the one the index was made from")

// Index is an open index, for one goroutine.
type Index struct {
	db   *sqlite3.Conn
	dir  string
	tell func(done, total int64)
}

// Options of an index; the zero value stands for none.
type Options struct {
	// Rebuild makes it anew, from the whole log.
	Rebuild bool
	// Tell is told how many bytes of the log have been read.
	Tell func(done, total int64)
}

// Path is where the index of the log in a folder is.
func Path(dir string) string { return filepath.Join(dir, fileName) }

// Exists reports whether the log in a folder has an index.
func Exists(dir string) bool {
	info, err := os.Stat(Path(dir))
	return err == nil && info.Mode().IsRegular()
}

// Open opens the index of the log in a folder, which it makes if there is none,
// and brings it up to date. The error of one that was made from another log is
// [ErrStale]. Until it is closed, ctx interrupts what it does.
func Open(ctx context.Context, dir string, o Options) (_ *Index, err error) {
	x, err := open(ctx, dir, o)
	if notADatabase(err) {
		if err = errors.Join(os.Remove(Path(dir)), removed(Path(dir)+"-journal")); err == nil {
			o.Rebuild = true
			x, err = open(ctx, dir, o)
		}
	}
	if err == nil {
		return x, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if errors.Is(err, ErrStale) || bindery.HintOf(err) != "" {
		return nil, err
	}
	return nil, &bindery.Error{
		Code: bindery.Unavailable, Op: "open the index of the audit log, " + Path(dir), Err: err,
		Hint: "it can be deleted at any time; bindery audit query does without it",
	}
}

func open(ctx context.Context, dir string, o Options) (_ *Index, err error) {
	// The driver would make it with the rights of the umask.
	f, err := os.OpenFile(Path(dir), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	db, err := sqlite3.OpenFlags(Path(dir), sqlite3.OPEN_READWRITE)
	if err != nil {
		return nil, err
	}
	x := &Index{db: db, dir: dir, tell: o.Tell}
	defer func() {
		if err != nil {
			err = errors.Join(err, x.Close())
		}
	}()
	if x.tell == nil {
		x.tell = func(int64, int64) {}
	}
	db.SetInterrupt(ctx)
	if err := errors.Join(db.BusyTimeout(busy), db.Exec("PRAGMA cache_size = -16384; PRAGMA trusted_schema = OFF")); err != nil {
		return nil, err
	}
	if err := db.CreateFunction("like_pattern", 2, sqlite3.DETERMINISTIC, likePattern); err != nil {
		return nil, err
	}
	if err := x.update(ctx, o.Rebuild); err != nil {
		return nil, err
	}
	return x, nil
}

// Close closes the index.
func (x *Index) Close() error {
	x.db.SetInterrupt(context.Background())
	return x.db.Close()
}

// notADatabase reports whether the file is of no use to anybody.
func notADatabase(err error) bool {
	return errors.Is(err, sqlite3.NOTADB) || errors.Is(err, sqlite3.CORRUPT)
}

func removed(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// statement is a prepared statement, and how values are bound to it.
type statement struct {
	*sqlite3.Stmt

	n   int
	err error
}

func (x *Index) prepare(sql string) (*statement, error) {
	stmt, _, err := x.db.Prepare(sql)
	if err != nil {
		return nil, fmt.Errorf("prepare %.60q: %w", sql, err)
	}
	return &statement{Stmt: stmt}, nil
}

func (s *statement) text(v string) {
	s.n++
	if s.err == nil {
		s.err = s.BindText(s.n, v)
	}
}

func (s *statement) number(v int64) {
	s.n++
	if s.err == nil {
		s.err = s.BindInt64(s.n, v)
	}
}

// run runs the statement with what was bound, which is then forgotten.
func (s *statement) run() error {
	err := s.err
	if err == nil {
		err = s.Exec() // and resets it
	}
	s.n, s.err = 0, nil
	return err
}
