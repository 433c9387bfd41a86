package quota

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery/internal/atomicfile"
)

// delay is how long what was used may not be in the file yet.
const delay = time.Second

// file keeps what was used. A write is under way, or waits, only after something
// was used.
type file struct {
	path    string
	writing sync.WaitGroup
	timer   *time.Timer // nil unless a write waits
	closed  bool
	one     sync.Mutex // held while writing, so that the last is the latest
}

// dirty has the file written after a moment. b.mu is held.
func (f *file) dirty(b *Book) {
	if f.path == "" || f.timer != nil || f.closed {
		return
	}
	f.writing.Add(1)
	f.timer = time.AfterFunc(delay, func() {
		defer f.writing.Done()
		if err := f.write(b); err != nil {
			b.log.Error("what was used of the quotas cannot be kept", "file", f.path, "error", err)
		}
	})
}

// write writes what was used until now.
func (f *file) write(b *Book) error {
	f.one.Lock()
	defer f.one.Unlock()
	b.mu.Lock()
	f.timer = nil
	data, err := json.Marshal(b.used)
	b.mu.Unlock()
	if err == nil {
		err = atomicfile.Write(f.path, append(data, '\n'), 0o600)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", f.path, err)
	}
	return nil
}

// close writes what is not written yet, and waits for whoever writes.
func (f *file) close(b *Book) error {
	b.mu.Lock()
	pending := f.timer != nil && f.timer.Stop()
	f.closed = true
	b.mu.Unlock()
	var err error
	if pending {
		err = f.write(b)
		f.writing.Done()
	}
	f.writing.Wait()
	return err
}
