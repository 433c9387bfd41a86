package audit

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery"
)

// Mode is what happens to a call that cannot be recorded.
type Mode string

// The modes of a log.
const (
	// Strict refuses it.
	Strict Mode = "strict"
	// BestEffort lets it pass, and counts it.
	BestEffort Mode = "best-effort"
)

// Options of a log; the zero value of each stands for its default.
type Options struct {
	Mode Mode // Strict
	// RotateBytes is the size from which a new file is begun, 64 MiB.
	RotateBytes int64
	// Commit is how long an end record may wait for others to be synced with
	// it, 10 ms. Who waits for a begin record waits for the disk alone.
	Commit time.Duration
	// Patience is how long a call waits for its begin record to be on the
	// disk before it counts as one that cannot be recorded, 1 s.
	Patience time.Duration
	// Values returns what is kept of the arguments of a call, and may be
	// [Redact]; without it no value is.
	Values func(args json.RawMessage) json.RawMessage
	// Scripts keeps the text of scripts, and with it the values in it.
	Scripts bool
	Logger  *slog.Logger // discards
}

func (o Options) orDefaults() Options {
	o.Mode = cmp.Or(o.Mode, Strict)
	o.RotateBytes = cmp.Or(o.RotateBytes, 64<<20)
	o.Commit = cmp.Or(o.Commit, 10*time.Millisecond)
	o.Patience = cmp.Or(o.Patience, time.Second)
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// clock tells the time of day, which may jump, and the time since the log was
// opened, which does not.
type clock interface {
	Now() time.Time
	Since() time.Duration
}

type osClock struct{ opened time.Time }

func (osClock) Now() time.Time         { return time.Now() }
func (c osClock) Since() time.Duration { return time.Since(c.opened) }

// Log is an audit log that this process writes.
type Log struct {
	opts  Options
	dir   string
	disk  disk
	clock clock
	lock  *os.File

	urgent chan struct{} // somebody waits for the disk
	full   chan struct{} // as many as the last time do
	dirty  chan struct{} // something was written, or failed, that can wait
	stop   chan struct{}
	done   sync.WaitGroup

	mu     sync.Mutex
	tail   tail
	onDisk uint64          // the last record known to be
	turnAt int64           // size at which a new file is tried again
	open   map[uint64]bool // begins without an end; whether they are calls
	owed   []*Record       // ends that could not be written
	missed uint64          // calls and executions since the last gap record
	since  time.Time       // of the first of them
	wait   []waiter
	served int // waiters of the last sync
	closed bool
	health Health
	// unwritten says that the last record could not be written.
	unwritten bool
	// syncing is when the sync that is under way began, zero if none is.
	syncing time.Time
}

// waiter waits for a record to be on the disk.
type waiter struct {
	seq  uint64
	done chan error // has room for the one that comes
}

// Open opens the log in a folder, which it makes if need be, and takes it for
// this process. What an earlier process left unfinished is cut or ended, and
// recorded.
func Open(dir string, o Options) (*Log, error) {
	return open(dir, o, osDisk{}, osClock{time.Now()})
}

func open(dir string, o Options, d disk, c clock) (_ *Log, err error) {
	l := newLog(dir, o, d, c)
	if err = os.MkdirAll(dir, 0o700); err == nil {
		l.lock, err = takeFolder(dir)
	}
	switch {
	case errors.Is(err, errLocked):
		return nil, l.openError(bindery.Unavailable, err, "stop the other bindery, or give this one a folder of its own (audit.dir)")
	case err != nil:
		return nil, l.openError(bindery.Invalid, err, "audit.dir in the configuration names a folder that bindery may write")
	}
	defer func() {
		if err != nil {
			_ = l.lock.Close() // err says why
		}
	}()
	if err := l.recover(); err != nil {
		if l.tail.file != nil {
			_ = l.tail.file.Close() // err says why
		}
		hint := "see to the disk"
		if l.opts.Mode == Strict {
			hint += ", or choose audit.mode: best-effort"
		}
		if _, ok := errors.AsType[*RecordError](err); ok {
			hint = "bindery audit verify says more; move the folder elsewhere to keep it, and a new log begins"
		}
		return nil, l.openError(bindery.Unavailable, err, hint)
	}
	l.done.Go(l.run)
	return l, nil
}

// newLog returns a log that has no file yet.
func newLog(dir string, o Options, d disk, c clock) *Log {
	return &Log{
		opts: o.orDefaults(), dir: dir, disk: d, clock: c, open: make(map[uint64]bool),
		urgent: make(chan struct{}, 1), full: make(chan struct{}, 1), dirty: make(chan struct{}, 1), stop: make(chan struct{}),
	}
}

func (l *Log) openError(code bindery.Code, err error, hint string) error {
	return &bindery.Error{Code: code, Op: "open the audit log " + l.dir, Err: err, Hint: hint}
}

// takeFolder locks the folder. The lock is the kernel's, and ends with the
// process; the file stays.
func takeFolder(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lock(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Close records the stop, waits until all is on the disk and gives the folder
// free. Calls that end later have no end record.
func (l *Log) Close() error {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return nil
	}
	l.closed = true
	l.mu.Unlock()
	close(l.stop)
	l.done.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	err := l.sync() // it makes room for the last one
	if err == nil {
		if _, err = l.append(&Record{Kind: Stop, Unknown: len(l.open)}, false); err == nil {
			err = l.sync()
		}
	}
	err = errors.Join(err, l.tail.close(), l.lock.Close())
	for _, w := range l.wait {
		w.done <- errClosed
	}
	l.wait = nil
	l.health.State = "closed"
	if err != nil {
		return fmt.Errorf("close the audit log %s: %w", l.dir, err)
	}
	return nil
}

var errClosed = errors.New("the audit log is closed")

// begin appends a begin record. If durable it returns once the record is on the
// disk. It returns 0 where the log does its best and that was not enough: then
// there is to be no end record.
func (l *Log) begin(ctx context.Context, r *Record, durable bool) (seq uint64, err error) {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return 0, errClosed
	}
	seq, err = l.append(r, l.opts.Mode == Strict)
	switch {
	case err != nil && l.opts.Mode == Strict:
		l.health.Refused++
	case err != nil:
		l.miss()
	default:
		l.open[seq] = r.Kind == CallBegin
	}
	l.mu.Unlock()
	if l.opts.Mode == BestEffort && err != nil {
		return 0, nil //nolint:nilerr // counted, and logged
	}
	if err != nil || !durable {
		return seq, err
	}
	err = l.durable(ctx, seq)
	if l.opts.Mode == BestEffort && ctx.Err() == nil {
		return seq, nil
	}
	if err != nil {
		l.end(&Record{Kind: endOf(r.Kind), Begin: seq, Execution: r.Execution, Outcome: Unsent})
		return 0, err
	}
	return seq, nil
}

func endOf(begin Kind) Kind {
	if begin == ExecutionBegin {
		return ExecutionEnd
	}
	return CallEnd
}

// end appends an end record, now or as soon as it can be.
func (l *Log) end(r *Record) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	r.Time, r.Mono = l.clock.Now().UTC(), l.clock.Since()
	if _, err := l.append(r, false); err != nil {
		l.owed = append(l.owed, r)
		return
	}
	delete(l.open, r.Begin)
}

// note appends a record that stands for itself.
func (l *Log) note(r *Record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return errClosed
	}
	_, err := l.append(r, false)
	if err != nil {
		l.miss()
	}
	return err
}

// miss counts something that is not recorded. l.mu is held.
func (l *Log) miss() {
	if l.missed == 0 {
		l.since = l.clock.Now().UTC()
		l.opts.Logger.Error("audit: calls go unrecorded", "dir", l.dir, "error", l.health.Error)
	}
	l.missed++
	l.health.Missed++
	signal(l.dirty)
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
