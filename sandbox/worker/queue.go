package worker

import (
	"bufio"
	"io"
	"sync"
)

// queue holds frames on their way out. A push never blocks, so that the side
// that reads can always go on reading: two ends that write in turns, each
// waiting for the other to read, would stand still once the socket is full.
// What bounds it is room, which a reader calls before it takes in more work.
type queue struct {
	mu     sync.Mutex
	cond   sync.Cond // signalled on every change
	frames []frame
	bytes  int64
	closed bool
	// pushed and written count frames.
	pushed, written uint64
}

func newQueue() *queue {
	q := &queue{}
	q.cond.L = &q.mu
	return q
}

// push appends f; after close it drops it.
func (q *queue) push(f frame) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	q.frames = append(q.frames, f)
	q.bytes += f.size()
	q.pushed++
	q.cond.Broadcast()
}

// room waits until fewer than limit bytes are queued, or the queue is closed.
func (q *queue) room(limit int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.bytes >= limit && !q.closed {
		q.cond.Wait()
	}
}

// close drops what is queued and ends run and room.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.frames, q.bytes = nil, 0
	q.cond.Broadcast()
}

// pushNow appends f and returns when it is written: what a worker says right
// before it dies is then said. It blocks while the other side does not read.
func (q *queue) pushNow(f frame) {
	q.push(f)
	q.mu.Lock()
	defer q.mu.Unlock()
	for n := q.pushed; q.written < n && !q.closed; {
		q.cond.Wait()
	}
}

// run writes frames to w until the queue is closed or a write fails, which
// closes it.
func (q *queue) run(w io.Writer) {
	defer q.close()
	buf := bufio.NewWriterSize(w, 32<<10)
	for {
		batch := q.take()
		if batch == nil {
			return
		}
		for _, f := range batch {
			if writeFrame(buf, f) != nil {
				return
			}
		}
		if buf.Flush() != nil {
			return
		}
		q.wrote(batch)
	}
}

// take waits for frames and returns all there are; nil if the queue is closed.
func (q *queue) take() []frame {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.frames) == 0 && !q.closed {
		q.cond.Wait()
	}
	batch := q.frames
	q.frames = nil
	return batch
}

// wrote counts a batch as written.
func (q *queue) wrote(batch []frame) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, f := range batch {
		q.bytes -= f.size()
	}
	q.written += uint64(len(batch))
	q.cond.Broadcast()
}
