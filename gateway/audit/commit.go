package audit

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// retryAfter is how soon what failed is tried again where nobody asks.
const retryAfter = time.Second

const (
	// enough callers share a sync for it to cost each of them little.
	enough = 8
	// gatherFor bounds how long a sync waits for callers to share it.
	gatherFor = 2 * time.Millisecond
)

var errSlow = errors.New("the disk is too slow")

// durable waits until the record is on the disk, with all who wait at the time.
func (l *Log) durable(ctx context.Context, seq uint64) error {
	l.mu.Lock()
	if seq <= l.onDisk {
		l.mu.Unlock()
		return nil
	}
	if l.opts.Mode == BestEffort && l.stuck() {
		l.health.Late++
		l.mu.Unlock()
		return l.late(ctx)
	}
	w := waiter{seq, make(chan error, 1)}
	l.wait = append(l.wait, w)
	n, full := len(l.wait), len(l.wait) == min(l.served, enough)
	l.mu.Unlock()
	if n == 1 {
		signal(l.urgent)
	} else if full {
		signal(l.full)
	}
	patience := time.NewTimer(l.opts.Patience)
	defer patience.Stop()
	select {
	case err := <-w.done:
		if err == nil {
			return nil
		}
		return l.lateFor(err)
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-patience.C:
		return l.lateFor(fmt.Errorf("%w: no answer after %s", errSlow, l.opts.Patience))
	}
}

// late is the error of a call that does not wait, for others have waited.
func (l *Log) late(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return errSlow
}

// lateFor counts a begin that is not known to be on the disk.
func (l *Log) lateFor(err error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.opts.Mode == Strict {
		l.health.Refused++
	} else {
		l.health.Late++
	}
	if errors.Is(err, errSlow) {
		l.failing(err)
	}
	return err
}

// stuck reports whether waiting for the disk is of no use: it failed, or the
// sync under way takes longer than anyone has patience. l.mu is held.
func (l *Log) stuck() bool {
	return l.tail.failed || !l.syncing.IsZero() && time.Since(l.syncing) > l.opts.Patience
}

// run brings records to the disk until the log is closed: at once where
// somebody waits, and otherwise after a while, so that one sync serves many. It
// also tries again what failed, and begins new files.
func (l *Log) run() {
	for {
		var retry <-chan time.Time
		if l.failed() {
			retry = time.After(retryAfter)
		}
		select {
		case <-l.stop:
			return
		case <-l.urgent:
			l.gather()
		case <-l.dirty:
			select {
			case <-l.stop:
				return
			case <-l.urgent:
				l.gather()
			case <-time.After(l.opts.Commit):
			}
		case <-retry:
			l.mend()
		}
		l.commit()
	}
}

// failed reports whether something is to be tried again.
func (l *Log) failed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.health.State == stateFailing || l.missed > 0 || len(l.owed) > 0
}

// mend writes what is owed, so that a log nobody uses is complete, too.
func (l *Log) mend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	if err := l.settle(); err != nil {
		l.failing(err)
	} else {
		l.written()
	}
}

// commit brings what was added to the disk, without holding up who adds more.
func (l *Log) commit() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || len(l.tail.unsynced) == 0 {
		return
	}
	b := l.tail.batch()
	l.syncing = time.Now()
	l.mu.Unlock()
	err := b.bring()
	l.mu.Lock()
	l.syncing = time.Time{}
	l.synced(b, err)
	if err == nil && l.tail.size >= max(l.opts.RotateBytes, l.turnAt) && !l.closed {
		l.turnAt = 0
		if err := l.rotate(); err != nil {
			l.turnAt = l.tail.size + l.opts.RotateBytes/4
			l.opts.Logger.Error("audit: the file grows beyond its size", "path", l.tail.path, "error", err)
		}
	}
}

// synced tells those who wait for records of a batch how it went. l.mu is held.
func (l *Log) synced(b batch, err error) {
	l.tail.brought(b, err)
	if err != nil {
		l.failing(err)
	} else {
		l.onDisk = b.seq
		if !l.unwritten {
			l.healthy()
		}
	}
	rest := l.wait[:0]
	for _, w := range l.wait {
		if w.seq <= b.seq {
			w.done <- err
		} else {
			rest = append(rest, w)
		}
	}
	clear(l.wait[len(rest):])
	l.served = len(l.wait) - len(rest)
	if l.wait = rest; len(rest) > 0 {
		signal(l.urgent)
	}
}

// gather lets those who are about to ask for a sync have the one that is due.
// How many that are the last one has shown: a lone caller waits for nobody, and
// nobody long. It is what PostgreSQL's commit_delay does, which asks for a
// number instead.
func (l *Log) gather() {
	l.mu.Lock()
	few := len(l.wait) < min(l.served, enough)
	select {
	case <-l.full: // of a sync that is done
	default:
	}
	l.mu.Unlock()
	if !few {
		return
	}
	late := time.NewTimer(gatherFor)
	defer late.Stop()
	select {
	case <-l.full:
	case <-late.C:
	case <-l.stop:
	}
}
