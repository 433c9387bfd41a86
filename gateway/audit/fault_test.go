package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bindery-mcp/bindery"
)

// faultyDisk is a disk that does what a test wants of it. Once dead it changes
// nothing more, like a process that was killed.
type faultyDisk struct {
	osDisk

	mu sync.Mutex
	// before is asked before each operation; its error is that of the operation.
	before func(op string) error
	// space is how many bytes can still be written or set aside, -1 for any.
	space int64
}

func newFaultyDisk() *faultyDisk { return &faultyDisk{space: -1} }

func (d *faultyDisk) do(op string) error {
	d.mu.Lock()
	before := d.before
	d.mu.Unlock()
	if before == nil {
		return nil
	}
	return before(op)
}

func (d *faultyDisk) set(before func(op string) error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.before = before
}

// fill leaves this much space on the disk.
func (d *faultyDisk) fill(space int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.space = space
}

func (d *faultyDisk) Create(path string) (file, error) {
	if err := d.do("create"); err != nil {
		return nil, err
	}
	f, err := d.osDisk.Create(path)
	return &faultyFile{file: f, disk: d}, err
}

func (d *faultyDisk) Open(path string) (file, error) {
	f, err := d.osDisk.Open(path)
	return &faultyFile{file: f, disk: d}, err
}

func (d *faultyDisk) Rename(from, to string) error {
	if err := d.do("rename"); err != nil {
		return err
	}
	return d.osDisk.Rename(from, to)
}

func (d *faultyDisk) Remove(path string) error {
	if err := d.do("remove"); err != nil {
		return err
	}
	return d.osDisk.Remove(path)
}

func (d *faultyDisk) SyncDir(dir string) error {
	if err := d.do("syncdir"); err != nil {
		return err
	}
	return d.osDisk.SyncDir(dir)
}

type faultyFile struct {
	file

	disk      *faultyDisk
	allocated int64
	// dirty is what was written since a sync went well, from dirtyAt on.
	dirty, dirtyAt int64
}

// WriteAt writes as much as there is space for, as a full disk does.
func (f *faultyFile) WriteAt(b []byte, at int64) (int, error) {
	if err := f.disk.do("write"); err != nil {
		if errors.Is(err, io.ErrShortWrite) {
			n, _ := f.file.WriteAt(b[:len(b)/2], at)
			return n, err
		}
		return 0, err
	}
	f.disk.mu.Lock()
	more := max(at+int64(len(b))-f.allocated, 0)
	room := more
	if f.disk.space >= 0 {
		room = min(more, f.disk.space)
		f.disk.space -= room
	}
	f.allocated += room
	f.disk.mu.Unlock()
	if f.dirty == 0 {
		f.dirtyAt = at
	}
	f.dirty = max(f.dirty, at+int64(len(b))-f.dirtyAt)
	n, err := f.file.WriteAt(b[:len(b)-int(more-room)], at)
	if err == nil && room < more {
		err = syscall.ENOSPC
	}
	return n, err
}

func (f *faultyFile) Reserve(size int64) error {
	if err := f.disk.do("reserve"); err != nil {
		return err
	}
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	more := max(size-f.allocated, 0)
	if f.disk.space >= 0 {
		if more > f.disk.space {
			return syscall.ENOSPC
		}
		f.disk.space -= more
	}
	f.allocated += more
	return nil
}

func (f *faultyFile) Truncate(size int64) error {
	if err := f.disk.do("truncate"); err != nil {
		return err
	}
	return f.file.Truncate(size)
}

// Sync loses what was written when it fails, as a kernel may.
func (f *faultyFile) Sync() error {
	if err := f.disk.do("sync"); err != nil {
		_, lost := f.file.WriteAt(make([]byte, f.dirty), f.dirtyAt)
		return errors.Join(err, lost)
	}
	f.dirty = 0
	return f.file.Sync()
}

func opensOn(t *testing.T, d disk, dir string, o Options) *Log {
	t.Helper()
	l, err := open(dir, o, d, osClock{time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

var oneCall = bindery.Call{Tool: bindery.ToolID{Server: "s", Name: "t"}, Args: json.RawMessage(`{}`)}

// underWay begins n calls, and returns once their tools are called. The calls end,
// and have to succeed, when end is called.
func underWay(t *testing.T, trail *Trail, n int) (end func()) {
	t.Helper()
	started, release := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			_, err := trail.Layer(bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
				started <- struct{}{}
				<-release
				return answers(ctx, c)
			})).Call(t.Context(), oneCall)
			if err != nil {
				t.Error(err)
			}
		})
	}
	for range n {
		<-started
	}
	return func() {
		close(release)
		wg.Wait()
	}
}

// On a full disk a strict log makes no new calls, and those under way have
// their ends recorded.
func TestStrictOnAFullDisk(t *testing.T) {
	dir, d := t.TempDir(), newFaultyDisk()
	l := opensOn(t, d, dir, Options{})
	trail := l.Direct(Execution{Client: "ci"})
	end := underWay(t, trail, 200)
	d.fill(0)
	// What is set aside already is used up by calls that end.
	refused := 0
	for range 10_000 {
		_, err := trail.Layer(bindery.CallerFunc(answers)).Call(t.Context(), oneCall)
		if err == nil {
			continue
		}
		if bindery.CodeOf(err) != bindery.Unavailable || !bindery.IsUnsent(err) || !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "audit") || strings.Contains(err.Error(), dir) {
			t.Fatal(err)
		}
		if refused++; refused == 10 {
			break
		}
	}
	if refused == 0 {
		t.Fatal("the full disk was not noticed")
	}
	if h := l.Health(); h.State != stateFailing || h.Refused == 0 || h.Missed != 0 || h.Error == "" {
		t.Errorf("%+v", h)
	}
	end()
	if h := l.Health(); h.Open != 0 {
		t.Errorf("%d calls under way have no end record on the full disk", h.Open)
	}
	d.fill(-1)
	call(t, trail, "after")
	if h := l.Health(); h.State != "ok" {
		t.Errorf("with space again: %+v", h)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if r := verified(t, dir); r.Open != 0 || r.Missed != 0 {
		t.Errorf("%+v", r)
	}
}

// missing calls a tool until so many calls went unrecorded, and returns how many
// there were.
func missing(t *testing.T, l *Log, trail *Trail, n uint64) (calls uint64) {
	t.Helper()
	for ; l.Health().Missed < n; calls++ {
		if calls == 10*maxUnsynced/100 {
			t.Fatalf("all of %d calls are on record", calls)
		}
		call(t, trail, "during")
	}
	return calls
}

// A log that does its best lets calls pass, keeps their records as long as it
// has room for them, counts those it has none for, and says so.
func TestBestEffortOnAFullDisk(t *testing.T) {
	for name, fault := range map[string]error{
		"full": syscall.ENOSPC, "broken": syscall.EIO, "read-only": syscall.EROFS, "short": io.ErrShortWrite,
	} {
		t.Run(name, func(t *testing.T) {
			dir, d := t.TempDir(), newFaultyDisk()
			l := opensOn(t, d, dir, Options{Mode: BestEffort})
			trail := l.Direct(Execution{Client: "ci"})
			call(t, trail, "before")
			d.set(func(op string) error {
				if op == "write" {
					return fault
				}
				return nil
			})
			call(t, trail, "during")
			if h := l.Health(); h.State != stateFailing || h.Missed != 0 || h.Late != 1 {
				t.Errorf("%+v", h)
			}
			during := 1 + missing(t, l, trail, 5)
			if h := l.Health(); h.State != stateFailing || h.Missed != 5 || h.Late != during-5 {
				t.Errorf("%d calls, %+v", during, h)
			}
			d.set(nil)
			call(t, trail, "after")
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			r := verified(t, dir)
			if r.Calls+r.Missed != during+2 || r.Missed < 5 || r.Missed > 6 || r.Open != 0 {
				t.Errorf("%d calls, %+v", during, r)
			}
		})
	}
}

// An end that there was no room for is written later, and so is the number of
// calls that were missed, though nobody calls any more.
func TestOwedIsPaid(t *testing.T) {
	dir, d := t.TempDir(), newFaultyDisk()
	l := opensOn(t, d, dir, Options{Mode: BestEffort})
	trail := l.Direct(Execution{})
	end := underWay(t, trail, 16) // whose ends need more room than a begin was refused for
	d.set(func(op string) error {
		if op == "write" {
			return syscall.EIO
		}
		return nil
	})
	missing(t, l, trail, 1)
	end()
	if h := l.Health(); h.Open == 0 || h.Missed != 1 {
		t.Errorf("%+v", h)
	}
	d.set(nil)
	for deadline := time.Now().Add(time.Minute); l.Health().Open > 0 || l.Health().State != "ok"; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%+v", l.Health())
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if r := verified(t, dir); r.Open != 0 || r.Missed != 1 {
		t.Errorf("%+v", r)
	}
}

// What was written before a sync that failed counts as lost until it is written
// again: a kernel may have dropped it, and report no error the next time.
func TestSyncFails(t *testing.T) {
	for _, mode := range []Mode{Strict, BestEffort} {
		t.Run(string(mode), func(t *testing.T) {
			dir, d := t.TempDir(), newFaultyDisk()
			l := opensOn(t, d, dir, Options{Mode: mode})
			trail := l.Direct(Execution{})
			d.set(func(op string) error {
				if op == "sync" {
					return syscall.EIO
				}
				return nil
			})
			made := 0
			for range 3 {
				_, err := trail.Layer(bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
					made++
					return answers(ctx, c)
				})).Call(t.Context(), oneCall)
				if mode == Strict && (bindery.CodeOf(err) != bindery.Unavailable || !errors.Is(err, syscall.EIO)) || mode == BestEffort && err != nil {
					t.Error(err)
				}
			}
			if h := l.Health(); h.State != stateFailing || mode == Strict && (made != 0 || h.Refused != 3) || mode == BestEffort && (made != 3 || h.Late != 3) {
				t.Errorf("%d calls made, %+v", made, h)
			}
			d.set(nil)
			if mode == Strict {
				call(t, trail, "after")
			}
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			r := verified(t, dir)
			unsent := len(found(t, dir, Filter{Outcome: Unsent}))
			if r.Open != 0 || mode == Strict && unsent != 3 || mode == BestEffort && unsent != 0 {
				t.Errorf("%d unsent, %+v", unsent, r)
			}
		})
	}
}

// A disk that takes its time is waited for, within patience and context.
func TestSlowDisk(t *testing.T) {
	for _, mode := range []Mode{Strict, BestEffort} {
		synctest.Test(t, func(t *testing.T) {
			d := newFaultyDisk()
			l, err := open(t.TempDir(), Options{Mode: mode}, d, osClock{time.Now()})
			if err != nil {
				t.Fatal(err)
			}
			trail := l.Direct(Execution{})
			d.set(func(op string) error {
				if op == "sync" {
					time.Sleep(2 * time.Second)
				}
				return nil
			})
			start := time.Now()
			_, err = trail.Layer(bindery.CallerFunc(answers)).Call(t.Context(), oneCall)
			if waited := time.Since(start); waited != time.Second || (err != nil) != (mode == Strict) {
				t.Errorf("%s: %v after %s", mode, err, waited)
			}
			if mode == Strict && (!errors.Is(err, errSlow) || bindery.CodeOf(err) != bindery.Unavailable) {
				t.Error(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
			defer cancel()
			_, err = trail.Layer(bindery.CallerFunc(answers)).Call(ctx, oneCall)
			if mode == Strict && (bindery.CodeOf(err) != bindery.Timeout || !bindery.IsUnsent(err)) {
				t.Errorf("its caller gave up: %v", err)
			}
			if h := l.Health(); h.State != stateFailing || mode == BestEffort && h.Late == 0 {
				t.Errorf("%s: %+v", mode, h)
			}
			time.Sleep(10 * time.Second)
			if h := l.Health(); h.State != "ok" {
				t.Errorf("%s, after it is done: %+v", mode, h)
			}
			if err := l.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

var errKilled = errors.New("killed")

// A process is killed before each single operation of rotations. The next one
// finds a log without a gap, and without a number twice.
func TestRotationKilledAnywhere(t *testing.T) {
	for n := 1; ; n++ {
		dir, d := t.TempDir(), newFaultyDisk()
		var mu sync.Mutex
		done, dead, armed := 0, false, false
		d.set(func(string) error {
			mu.Lock()
			defer mu.Unlock()
			if armed {
				done++
			}
			if dead = dead || done == n; dead {
				return errKilled
			}
			return nil
		})
		l := opensOn(t, d, dir, Options{RotateBytes: 1})
		trail := l.Direct(Execution{})
		mu.Lock()
		armed = true
		mu.Unlock()
		made := 0
		for range 4 {
			if _, err := trail.Layer(bindery.CallerFunc(answers)).Call(t.Context(), oneCall); err != nil {
				break
			}
			made++
		}
		_ = l.Close() // as good as a dead process can
		mu.Lock()
		survived := !dead
		mu.Unlock()
		again := opens(t, dir, Options{RotateBytes: 1})
		call(t, again.Direct(Execution{}), "after")
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
		if r := verified(t, dir); r.Calls < uint64(made)+1 || r.Open != 0 {
			t.Errorf("killed before operation %d, with %d calls made: %+v", n, made, r)
		}
		if survived {
			t.Logf("%d operations", n-1)
			return
		}
	}
}

// A single operation fails and the process goes on: no call is lost, in
// whichever file it is.
func TestRotationFailsAnywhere(t *testing.T) {
	for n := 1; ; n++ {
		dir, d := t.TempDir(), newFaultyDisk()
		var mu sync.Mutex
		done := 0
		l := opensOn(t, d, dir, Options{RotateBytes: 1, Mode: BestEffort})
		d.set(func(string) error {
			mu.Lock()
			defer mu.Unlock()
			if done++; done == n {
				return syscall.EIO
			}
			return nil
		})
		trail := l.Direct(Execution{})
		for i := range 4 {
			call(t, trail, fmt.Sprint(i))
		}
		err := l.Close()
		mu.Lock()
		failed := done >= n
		mu.Unlock()
		if err != nil && !errors.Is(err, syscall.EIO) {
			t.Fatal(err)
		}
		again := opens(t, dir, Options{})
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
		if r := verified(t, dir); r.Calls+r.Missed != 4 || r.Open != 0 {
			t.Errorf("operation %d failed: %+v", n, r)
		}
		if !failed {
			return
		}
	}
}

// jumpingClock goes back and forth.
type jumpingClock struct {
	osClock

	mu sync.Mutex
	n  int
}

func (c *jumpingClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	jumps := [...]time.Duration{0, time.Hour, -time.Hour, 24 * time.Hour, -24 * time.Hour, time.Second}
	return time.Date(2026, 6, 30, 23, 59, 59, 0, time.UTC).Add(jumps[c.n%len(jumps)])
}

// Records are in the order of their numbers, whatever the clock says.
func TestClockJumps(t *testing.T) {
	dir := t.TempDir()
	l, err := open(dir, Options{}, osDisk{}, &jumpingClock{osClock: osClock{time.Now()}})
	if err != nil {
		t.Fatal(err)
	}
	trail := l.Direct(Execution{})
	for i := range 12 {
		call(t, trail, fmt.Sprint(i))
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	verified(t, dir)
	var names []string
	for e, err := range Query(t.Context(), dir, Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Took < 0 {
			t.Errorf("%+v took less than no time", e)
		}
		names = append(names, e.Tool)
	}
	if got := strings.Join(names, " "); got != "0 1 2 3 4 5 6 7 8 9 10 11" {
		t.Error(got)
	}
	last := time.Duration(-1)
	for r, err := range Read(dir, 0) {
		if err != nil || r.Mono < last {
			t.Errorf("record %d: %s after %s, %v", r.Seq, r.Mono, last, err)
		}
		last = r.Mono
	}
}
