package index_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bindery-mcp/bindery/gateway/audit"
	"github.com/bindery-mcp/bindery/gateway/audit/index"
)

// filters are one of each kind.
func filters() []audit.Filter {
	at := time.Date(2026, 3, 1, 12, 0, 1, 0, time.UTC)
	return []audit.Filter{
		{}, {Client: "ci"}, {Client: "c*"}, {Client: "none"}, {Server: "git?ub"}, {Server: "my.server"}, {Tool: "create_issue"}, {Tool: "github.create_issue"},
		{Tool: "my.server.a.b"}, {Tool: "a.b"}, {Tool: "github.*"}, {Tool: "*issue*", Client: "ann", Outcome: "tool_error"}, {Outcome: "open"}, {Outcome: "denied"},
		{Decision: "deny"}, {Kind: "execution"}, {Kind: "call", Execution: "x3"}, {Since: at}, {Until: at}, {Since: at.AddDate(-1000, 0, 0), Until: at.AddDate(7000, 0, 0)}, {Until: at.AddDate(-1000, 0, 0)}, {Since: at.AddDate(7000, 0, 0)}, {Since: at, Until: at.Add(time.Second), Outcome: "o*"},
		{Tool: "'; DROP TABLE entries; --"}, {Client: "[a-c]*"},
	}
}

func scan(t *testing.T, dir string, f audit.Filter) (found []audit.Entry) {
	t.Helper()
	for e, err := range audit.Query(t.Context(), dir, f) {
		if _, bad := errors.AsType[*audit.RecordError](err); err != nil && !bad {
			t.Fatal(err)
		} else if err == nil {
			found = append(found, e)
		}
	}
	return found
}

// same wants the index to say what the log says, and returns how it was made.
func same(t *testing.T, dir string, o index.Options) {
	t.Helper()
	x, err := index.Open(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	}()
	for _, f := range filters() {
		want := scan(t, dir, f)
		got, err := x.Query(f, 0)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got.Entries); diff != "" {
			t.Fatalf("%+v: the log has %d, the index %d; -log +index:\n%.2000s", f, len(want), len(got.Entries), diff)
		}
		last, err := x.Query(f, 3)
		if err != nil {
			t.Fatal(err)
		}
		if n := min(3, len(want)); !cmp.Equal(want[len(want)-n:], last.Entries, cmpopts.EquateEmpty()) || last.Earlier != len(want)-n {
			t.Errorf("%+v: the last %d of %d are %v, after %d", f, n, len(want), last.Entries, last.Earlier)
		}
	}
}

func TestIndexSaysWhatTheLogSays(t *testing.T) {
	t.Parallel()
	l := newLog(t)
	same(t, l.dir, index.Options{}) // an empty log
	l.calls(500)
	same(t, l.dir, index.Options{})
	for range 3 { // it grows, and goes on in further files
		l.calls(100)
		same(t, l.dir, index.Options{})
		l.rotate()
		l.calls(50)
	}
	same(t, l.dir, index.Options{})
	same(t, l.dir, index.Options{}) // nothing is new
	same(t, l.dir, index.Options{Rebuild: true})
	info, err := os.Stat(index.Path(l.dir))
	if err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("%v, %v", info, err)
	}
	if err := os.Remove(index.Path(l.dir)); err != nil {
		t.Fatal(err)
	}
	same(t, l.dir, index.Options{})
}

// What is being written is taken up once it is whole.
func TestUnfinishedLine(t *testing.T) {
	t.Parallel()
	l := newLog(t)
	l.calls(20)
	l.add(audit.Record{Kind: audit.Refusal, Client: "ci", Outcome: "denied"})
	line := bytes.Clone(l.buf.Bytes())
	l.buf.Reset()
	for _, part := range [][]byte{line[:10], line[10 : len(line)-1], line[len(line)-1:]} {
		l.buf.Write(part)
		l.flush()
		x, err := index.Open(t.Context(), l.dir, index.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if bad, err := x.Damage(); err != nil || len(bad) != 0 {
			t.Errorf("%v, %v", bad, err)
		}
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	}
	same(t, l.dir, index.Options{})
}

func TestChangedLogIsNoticed(t *testing.T) {
	t.Parallel()
	for what, change := range map[string]func(l *logWriter, first, last string) error{
		"a file was moved away":   func(_ *logWriter, first, _ string) error { return os.Remove(first) },
		"a last file is gone":     func(_ *logWriter, _, last string) error { return os.Remove(last) },
		"a file is shorter":       func(_ *logWriter, _, last string) error { return os.Truncate(last, 300) },
		"a byte of an old file":   func(_ *logWriter, first, _ string) error { return flip(first) },
		"a byte of the last file": func(_ *logWriter, _, last string) error { return flip(last) },
		"a byte of one that grew": func(l *logWriter, _, last string) error { l.calls(5); return flip(last) },
		"a file before those it had": func(l *logWriter, first, _ string) error {
			return os.Rename(first, filepath.Join(l.dir, "audit-00000000000000000000.jsonl"))
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			l := newLog(t)
			first := l.file.Name()
			l.calls(50)
			l.rotate()
			l.calls(50)
			same(t, l.dir, index.Options{})
			if err := change(l, first, l.file.Name()); err != nil {
				t.Fatal(err)
			}
			if x, err := index.Open(t.Context(), l.dir, index.Options{}); !errors.Is(err, index.ErrStale) {
				t.Fatalf("%v, %v", x, err)
			}
			same(t, l.dir, index.Options{Rebuild: true})
		})
	}
}

// flip changes a byte, and the time of change as editors do.
func flip(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	data[len(data)/2] ^= 1
	return errors.Join(os.WriteFile(path, data, 0o600), os.Chtimes(path, time.Time{}, time.Now().Add(time.Hour)))
}

// A copy of a log has other times, and is the same log.
func TestTimesAloneDoNotMatter(t *testing.T) {
	t.Parallel()
	l := newLog(t)
	l.calls(30)
	same(t, l.dir, index.Options{})
	if err := os.Chtimes(l.file.Name(), time.Time{}, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	same(t, l.dir, index.Options{})
}

func TestDamageIsKept(t *testing.T) {
	t.Parallel()
	l := newLog(t)
	l.calls(30)
	if err := flip(l.file.Name()); err != nil {
		t.Fatal(err)
	}
	x, err := index.Open(t.Context(), l.dir, index.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = x.Close() }()
	bad, err := x.Damage()
	if err != nil || len(bad) == 0 || bad[0].File != filepath.Base(l.file.Name()) || bad[0].Line == 0 || bad[0].Err == nil {
		t.Errorf("%v, %v", bad, err)
	}
}

func TestWhatIsNoIndexIsReplaced(t *testing.T) {
	t.Parallel()
	l := newLog(t)
	l.calls(30)
	for _, text := range [][]byte{bytes.Repeat([]byte("no database "), 1000), nil, []byte("x")} {
		if err := os.WriteFile(index.Path(l.dir), text, 0o600); err != nil {
			t.Fatal(err)
		}
		same(t, l.dir, index.Options{})
	}
}

func TestOpenFails(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "none")
	if _, err := index.Open(t.Context(), dir, index.Options{}); err == nil || index.Exists(dir) {
		t.Error(err)
	}
	l := newLog(t)
	l.calls(30)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := index.Open(ctx, l.dir, index.Options{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	same(t, l.dir, index.Options{}) // what was given up left nothing half done
}

func TestSeveralAtOnce(t *testing.T) {
	t.Parallel()
	l := newLog(t)
	l.calls(200)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			x, err := index.Open(t.Context(), l.dir, index.Options{Rebuild: i%2 == 0})
			if err != nil {
				t.Error(err)
				return
			}
			if err := x.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	same(t, l.dir, index.Options{})
}
