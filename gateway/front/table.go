package front

import (
	"container/list"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Bounds on what is kept for clients that come back for an answer.
const (
	maxKept  = 32 << 20
	keptFor  = 5 * time.Minute
	maxEvery = 30 * time.Second
)

// webSession is a session of Streamable HTTP.
type webSession struct {
	*session

	// The rest is the table's.
	owner   *owner
	busy    int           // requests and streams under way
	idle    *list.Element // of the table; nil while busy
	since   time.Time     // idle since
	streams map[string]*replay
	opened  int
}

// owner is a client that has sessions.
type owner struct{ sessions int }

// replay is a stream that a client may come back for.
type replay struct {
	*stream

	id      string
	session *webSession
	ended   *list.Element // of the table; nil until its answer is there
	since   time.Time
	bytes   int
}

// table holds the sessions of Streamable HTTP, and the answers kept for them.
// An idle session is one entry in it: no goroutine, no timer.
type table struct {
	limit   int
	timeout time.Duration

	mu     sync.Mutex
	all    map[string]*webSession
	owners map[string]*owner // by identity
	idle   list.List         // of *webSession, idle longest first
	ended  list.List         // of *replay, ended longest ago first
	kept   int               // bytes of ended
	timer  *time.Timer
	closed bool
}

func newTable(limit int, timeout time.Duration) *table {
	return &table{limit: limit, timeout: timeout, all: map[string]*webSession{}, owners: map[string]*owner{}}
}

// add takes a session in, busy. It fails if there are too many and none can be
// ended for it.
func (t *table) add(s *session) (*webSession, bool) {
	t.mu.Lock()
	full := len(t.all) >= t.limit
	var evicted *webSession
	if full {
		evicted = t.spareLocked(s.identity)
	}
	if t.closed || full && evicted == nil {
		t.mu.Unlock()
		return nil, false
	}
	if full {
		t.removeLocked(evicted)
	}
	w := &webSession{session: s, busy: 1, owner: t.owners[s.identity]}
	if w.owner == nil {
		w.owner = &owner{}
		t.owners[s.identity] = w.owner
	}
	w.owner.sessions++
	t.all[s.id] = w
	if t.timer == nil {
		t.timer = time.AfterFunc(t.every(), t.sweep)
	}
	t.mu.Unlock()
	if evicted != nil {
		evicted.close()
	}
	return w, true
}

// spareLocked returns the session to end for a new one of identity: of the
// client that has the most, the one that is idle longest. One that has fewer
// than identity itself has to give up none for it. Where a client with more than
// those that have idle ones only listens, it is one of that.
func (t *table) spareLocked(identity string) *webSession {
	var spare *webSession
	for e := t.idle.Front(); e != nil; e = e.Next() {
		if w := idler(e); spare == nil || w.owner.sessions > spare.owner.sessions {
			spare = w
		}
	}
	if l := t.listenerLocked(identity); l != nil && (spare == nil || l.owner.sessions > spare.owner.sessions) {
		return l
	}
	if own := t.owners[identity]; spare != nil && own != nil && own.sessions > spare.owner.sessions {
		return nil
	}
	return spare
}

// listenerLocked returns a session that only listens, of the client that has the
// most and more than identity would have.
func (t *table) listenerLocked(identity string) *webSession {
	own := 1
	if o := t.owners[identity]; o != nil {
		own += o.sessions
	}
	var spare *webSession
	for _, w := range t.all {
		if w.owner.sessions > own && (spare == nil || w.owner.sessions > spare.owner.sessions) && !w.working() {
			spare = w
		}
	}
	return spare
}

// find returns a session of identity, busy until it is released.
func (t *table) find(id, identity string) *webSession {
	t.mu.Lock()
	defer t.mu.Unlock()
	w := t.all[id]
	if w == nil || w.identity != identity {
		return nil
	}
	w.busy++
	if w.idle != nil {
		t.idle.Remove(w.idle)
		w.idle = nil
	}
	return w
}

func (t *table) release(w *webSession) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if w.busy--; w.busy == 0 && t.all[w.id] == w {
		w.since = time.Now()
		w.idle = t.idle.PushBack(w)
	}
}

// remove ends a session.
func (t *table) remove(w *webSession) {
	t.mu.Lock()
	t.removeLocked(w)
	t.mu.Unlock()
	w.close()
}

func (t *table) removeLocked(w *webSession) {
	if t.all[w.id] != w {
		return // two may have ended it
	}
	delete(t.all, w.id)
	if w.owner.sessions--; w.owner.sessions == 0 {
		delete(t.owners, w.identity)
	}
	if w.idle != nil {
		t.idle.Remove(w.idle)
		w.idle = nil
	}
	for _, r := range w.streams {
		t.dropLocked(r)
	}
}

// open makes a stream known to which the client may come back.
func (t *table) open(w *webSession) *replay {
	t.mu.Lock()
	defer t.mu.Unlock()
	w.opened++
	r := &replay{stream: &stream{keep: true}, id: strconv.Itoa(w.opened), session: w}
	if w.streams == nil {
		w.streams = map[string]*replay{}
	}
	w.streams[r.id] = r
	return r
}

// resume finds the stream that an event was of.
func (t *table) resume(w *webSession, event string) (r *replay, next int, ok bool) {
	id, number, _ := strings.Cut(event, "-")
	n, err := strconv.Atoi(number)
	if err != nil {
		return nil, 0, false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	r = w.streams[id]
	return r, n, r != nil
}

// end keeps a stream that has its answer, for some time and within bounds.
func (t *table) end(r *replay) {
	r.end()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all[r.session.id] != r.session {
		return
	}
	r.mu.Lock()
	r.bytes = r.held
	r.mu.Unlock()
	r.since, r.ended = time.Now(), t.ended.PushBack(r)
	for t.kept += r.bytes; t.kept > maxKept; {
		t.dropLocked(ender(t.ended.Front()))
	}
}

func (t *table) dropLocked(r *replay) {
	delete(r.session.streams, r.id)
	if r.ended != nil {
		t.ended.Remove(r.ended)
		t.kept -= r.bytes
		r.ended = nil
	}
}

// idler is the session of an entry in idle, ender the stream of one in ended;
// nil for none.
func idler(e *list.Element) *webSession {
	if e == nil {
		return nil
	}
	w, _ := e.Value.(*webSession)
	return w
}

func ender(e *list.Element) *replay {
	if e == nil {
		return nil
	}
	r, _ := e.Value.(*replay)
	return r
}

func (t *table) every() time.Duration { return min(maxEvery, t.timeout/2) }

// sweep ends what is idle for too long.
func (t *table) sweep() {
	var old []*webSession
	t.mu.Lock()
	now := time.Now()
	for w := idler(t.idle.Front()); w != nil && now.Sub(w.since) >= t.timeout; w = idler(t.idle.Front()) {
		old = append(old, w)
		t.removeLocked(w)
	}
	for r := ender(t.ended.Front()); r != nil && now.Sub(r.since) >= keptFor; r = ender(t.ended.Front()) {
		t.dropLocked(r)
	}
	if t.timer = nil; len(t.all) > 0 && !t.closed {
		t.timer = time.AfterFunc(t.every(), t.sweep)
	}
	t.mu.Unlock()
	for _, w := range old {
		w.close()
	}
}

// close ends all sessions, and lets none in.
func (t *table) close() {
	t.mu.Lock()
	t.closed = true
	if t.timer != nil {
		t.timer.Stop()
		t.timer = nil
	}
	all := t.all
	t.all = map[string]*webSession{}
	t.mu.Unlock()
	for _, w := range all {
		w.close()
	}
}
