package audit

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
)

// tail is the end of the log: the file that is written, and what is known of
// it. It has one user at a time.
type tail struct {
	file  file
	path  string
	first uint64
	size  int64  // with what is yet to be written
	seq   uint64 // of the last record
	hash  string

	// unsynced are the bytes from the place synced on. They are written and
	// synced as one; when that failed all are written again, for what a kernel
	// kept of them is not known.
	unsynced []byte
	synced   int64
	failed   bool
	reserved int64
}

// maxUnsynced bounds what waits for a disk that does not take it.
const maxUnsynced = 4 << 20

var errBacklog = errors.New("the disk does not take what is written, and too much waits for it")

// add makes a line the last. It reaches the file in the next batch.
func (t *tail) add(line []byte) error {
	if len(t.unsynced)+len(line) > maxUnsynced {
		return errBacklog
	}
	t.size += int64(len(line))
	t.unsynced = append(t.unsynced, line...)
	return nil
}

// batch is what one write and one sync bring to the disk.
type batch struct {
	file  file
	bytes []byte
	at    int64
	seq   uint64 // of the last record in it
}

// batch returns what is not on the disk yet. Lines that are added meanwhile do
// not touch it.
func (t *tail) batch() batch {
	return batch{t.file, t.unsynced, t.synced, t.seq}
}

// bring writes and syncs it.
func (b batch) bring() error {
	n, err := b.file.WriteAt(b.bytes, b.at)
	if err == nil && n < len(b.bytes) {
		err = io.ErrShortWrite
	}
	if err != nil {
		return err
	}
	return b.file.Sync()
}

// brought notes how a batch went.
func (t *tail) brought(b batch, err error) {
	if t.failed = err != nil; t.failed {
		return
	}
	t.synced += int64(len(b.bytes))
	t.unsynced = t.unsynced[:copy(t.unsynced, t.unsynced[len(b.bytes):])]
	if cap(t.unsynced) > reserveStep {
		t.unsynced = append([]byte(nil), t.unsynced...)
	}
}

// reserveStep is how much is set aside at once.
const reserveStep = 1 << 20

// reserve sets space aside for the next n bytes.
func (t *tail) reserve(n int64) error {
	need := t.size + n
	if need <= t.reserved {
		return nil
	}
	step := need + reserveStep
	err := t.file.Reserve(step)
	if err != nil && !errors.Is(err, errNoReserve) {
		step = need
		err = t.file.Reserve(step)
	}
	if err == nil {
		t.reserved = step
	}
	return err
}

// close gives back the space that was set aside, unless it is not known what
// the file holds; then the next process looks.
func (t *tail) close() error {
	if len(t.unsynced) > 0 {
		return t.file.Close()
	}
	err := t.file.Truncate(t.size)
	return errors.Join(err, t.file.Close())
}

// sync brings everything to the disk. l.mu is held.
func (l *Log) sync() error {
	if len(l.tail.unsynced) == 0 {
		return nil
	}
	b := l.tail.batch()
	err := b.bring()
	l.synced(b, err)
	return err
}

// append adds a record to the log, after those that could not be added before.
// If reserve is set, there will be space for the ends of all that began.
// l.mu is held.
func (l *Log) append(r *Record, reserve bool) (uint64, error) {
	err := l.settle()
	if err == nil {
		err = l.write(r, reserve)
	}
	if err != nil {
		l.unwritten = true
		l.failing(err)
		return 0, err
	}
	l.written()
	signal(l.dirty)
	return r.Seq, nil
}

// settle writes what is owed. l.mu is held.
func (l *Log) settle() error {
	for len(l.owed) > 0 {
		if err := l.write(l.owed[0], false); err != nil {
			return err
		}
		delete(l.open, l.owed[0].Begin)
		l.owed = l.owed[1:]
	}
	if l.missed == 0 {
		return nil
	}
	if err := l.write(&Record{Kind: Gap, Missed: l.missed, Since: l.since}, false); err != nil {
		return err
	}
	l.opts.Logger.Warn("audit: calls went unrecorded", "dir", l.dir, "calls", l.missed, "since", l.since)
	l.missed = 0
	return nil
}

// write makes the record the last of the log. l.mu is held.
func (l *Log) write(r *Record, reserve bool) error {
	r.Seq, r.Prev = l.tail.seq+1, l.tail.hash
	if r.Time.IsZero() {
		r.Time, r.Mono = l.clock.Now().UTC(), l.clock.Since()
	}
	line, err := r.encode()
	if err != nil {
		return err
	}
	if err := l.reserve(len(line)); err != nil && reserve {
		return err
	}
	if err := l.tail.add(line); err != nil {
		return err
	}
	l.tail.seq, l.tail.hash = r.Seq, r.Hash
	return nil
}

// reserve sets space aside for n bytes and the end of everything that began.
// l.mu is held.
func (l *Log) reserve(n int) error {
	if l.health.Unreserved {
		return nil
	}
	err := l.tail.reserve(int64(n) + int64(len(l.open)+4)*maxEnd)
	if errors.Is(err, errNoReserve) {
		l.health.Unreserved = true
		l.opts.Logger.Info("audit: no space can be set aside here; ends of calls may be lost when the disk is full", "dir", l.dir)
		return nil
	}
	return err
}

// rotate begins a new file once the old one is large enough. Whatever happens,
// the log goes on in one of them. l.mu is held.
func (l *Log) rotate() error {
	if err := l.sync(); err != nil {
		return err
	}
	next, err := l.create(l.tail.seq, l.tail.hash, l.oldest())
	if err != nil {
		return fmt.Errorf("begin a new file of the audit log: %w", err)
	}
	old := l.tail
	l.tail = next
	if err := old.close(); err != nil {
		// All of it is on the disk.
		l.opts.Logger.Warn("audit: close a file", "path", old.path, "error", err)
	}
	return nil
}

// oldest returns the first begin without an end, or 0.
func (l *Log) oldest() uint64 {
	var least uint64
	for seq := range l.open {
		if least == 0 || seq < least {
			least = seq
		}
	}
	return least
}

// create makes the file that follows a record, with its first one. It has its
// name once that is on the disk, and is used once the name is.
func (l *Log) create(seq uint64, hash string, oldest uint64) (t tail, err error) {
	next := filepath.Join(l.dir, nextName)
	r := Record{Kind: FileBegin, Seq: seq + 1, Prev: hash, Time: l.clock.Now().UTC(), Mono: l.clock.Since(), Oldest: oldest}
	line, err := r.encode()
	if err != nil {
		return t, err
	}
	_ = l.disk.Remove(next) // of a process that was killed; if it stays, the next step fails
	t = tail{path: filepath.Join(l.dir, fileName(r.Seq)), first: r.Seq, seq: r.Seq, hash: r.Hash}
	if t.file, err = l.disk.Create(next); err != nil {
		return t, err
	}
	name, f := next, t.file
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = l.disk.Remove(name) // err says why
		}
	}()
	if err := t.reserve(int64(len(l.open)+4) * maxEnd); err != nil && !errors.Is(err, errNoReserve) && l.opts.Mode == Strict {
		return t, err
	}
	if err := t.add(line); err != nil {
		return t, err
	}
	b := t.batch()
	if err := b.bring(); err != nil {
		return t, err
	}
	t.brought(b, nil)
	if err := l.disk.Rename(next, t.path); err != nil {
		return t, err
	}
	name = t.path
	return t, l.disk.SyncDir(l.dir)
}
