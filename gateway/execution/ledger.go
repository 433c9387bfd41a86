package execution

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// MaxBytes bounds the results that one ledger keeps to be replayed. Results of
// calls that only read go first: those can be made again.
const MaxBytes = 8 << 20

// smallArgs is how long arguments are kept as they are until somebody wants to
// compare them; of longer ones a digest is made at once.
const smallArgs = 4 << 10

// Ledger is the account of one execution: its calls in the order of the
// script, and the answers of those that completed. It is safe for concurrent
// use.
type Ledger struct {
	id      string
	reads   func(bindery.ToolID) bool
	changed func()
	replay  *replay // nil if nothing came before

	mu       sync.Mutex
	entries  []*entry
	bySeq    map[int]*entry
	inFlight int
	phase    int
	bytes    int64
}

// entry is one call with what is needed to replay it.
type entry struct {
	Record
	reads bool
	sent  bool
	ended bool
	// phase counts the times that no call was under way: calls of one phase
	// have no order among them.
	phase int

	// args stands for same until that is asked for.
	args json.RawMessage
	same identity
	// result is nil if it was too large to keep.
	result *bindery.Result
	size   int64

	// answer and stop are what a replay decided when the call was made.
	answer *bindery.Result
	stop   error
}

func (e *entry) identity() identity {
	if e.args != nil {
		e.same, e.args = identify(e.Tool, e.args), nil
	}
	return e.same
}

// New returns the ledger of an execution with that id. Reads says which tools
// change nothing. Before is the ledger that the execution resumes, which must
// not be in use any more; nil for none. Changed is called, with no lock held,
// whenever a call begins or ends; nil for nobody.
func New(id string, reads func(bindery.ToolID) bool, before *Ledger, changed func()) *Ledger {
	if changed == nil {
		changed = func() {}
	}
	l := &Ledger{id: id, reads: reads, changed: changed, bySeq: make(map[int]*entry)}
	if before != nil {
		l.replay = newReplay(before)
	}
	return l
}

// ID returns the id of the execution.
func (l *Ledger) ID() string { return l.id }

// Host returns h with a look at each call as the script makes it, while their
// order is still that of the script.
func (l *Ledger) Host(h sandbox.Host) sandbox.Host { return &host{Host: h, ledger: l} }

type host struct {
	sandbox.Host
	ledger *Ledger
}

// Start implements [sandbox.Host]. Host functions are no calls to a server and
// are left out.
func (h *host) Start(ctx context.Context, c bindery.Call, done func(bindery.Result, error)) {
	if c.Tool.Server == sandbox.Builtin {
		h.Host.Start(ctx, c, done)
		return
	}
	h.ledger.enter(c)
	h.Host.Start(ctx, c, func(r bindery.Result, err error) {
		h.ledger.leave()
		done(r, err)
	})
}

// enter opens the record of a call and decides what becomes of it.
func (l *Ledger) enter(c bindery.Call) {
	e := &entry{
		Record: Record{Tool: c.Tool, Seq: c.Seq, Line: c.Line, Args: short(c.Args), Started: time.Now(), State: Refused},
		reads:  l.reads(c.Tool), args: c.Args,
	}
	if len(c.Args) == 0 {
		e.args = json.RawMessage("{}")
	}
	if len(c.Args) > smallArgs {
		_ = e.identity()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.inFlight == 0 {
		l.phase++
	}
	l.inFlight++
	e.phase = l.phase
	if l.replay != nil {
		l.replay.decide(e)
	}
	l.entries = append(l.entries, e)
	l.bySeq[c.Seq] = e
}

func (l *Ledger) leave() {
	l.mu.Lock()
	l.inFlight--
	l.mu.Unlock()
}

// Layer answers the calls that are replayed, stops those that must not be made
// and records how the others went. It belongs outside all other layers.
func (l *Ledger) Layer(next bindery.Caller) bindery.Caller {
	return bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
		if c.Tool.Server == sandbox.Builtin {
			return next.Call(ctx, c)
		}
		defer l.changed()
		e := l.of(c)
		if e == nil || e.stop != nil {
			return bindery.Result{}, stopOf(e, c)
		}
		if e.answer != nil {
			l.end(e, *e.answer, nil)
			return *e.answer, nil
		}
		res, err := next.Call(ctx, c)
		l.end(e, res, err)
		return res, err
	})
}

// Sent marks calls that reach it as sent. It belongs inside all other layers:
// a call that one of them refused, or that gave up waiting for its turn, was
// never sent.
func (l *Ledger) Sent(next bindery.Caller) bindery.Caller {
	return bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
		if e := l.of(c); e != nil {
			l.mu.Lock()
			e.sent, e.State = true, Unknown
			l.mu.Unlock()
			l.changed()
		}
		return next.Call(ctx, c)
	})
}

func (l *Ledger) of(c bindery.Call) *entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.bySeq[c.Seq]
}

func (l *Ledger) end(e *entry, res bindery.Result, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e.ended = true
	e.Took = time.Since(e.Started)
	e.Bytes = len(res.Raw)
	switch {
	case err != nil && (!e.sent || bindery.IsUnsent(err)):
		e.State = Refused
	case err != nil:
		e.State = stateOf(bindery.CodeOf(err))
	case res.IsError:
		e.State = Failed
	default:
		e.State = Completed
		l.keep(e, res)
	}
}

// keep keeps the result of a call for a replay, as far as there is room. l.mu
// is held.
func (l *Ledger) keep(e *entry, res bindery.Result) {
	size := sizeOf(res)
	if size > MaxBytes || e.reads && l.bytes+size > MaxBytes {
		return
	}
	for _, other := range l.entries {
		if l.bytes+size <= MaxBytes {
			break
		}
		if other.reads && other.result != nil {
			l.bytes -= other.size
			other.result = nil
		}
	}
	if l.bytes+size > MaxBytes {
		return
	}
	e.result, e.size = &res, size
	l.bytes += size
}

// sizeOf returns about how much memory a result takes. Structured content is
// usually part of the raw result.
func sizeOf(r bindery.Result) int64 {
	n := int64(len(r.Raw))
	if r.Raw == nil {
		n = int64(len(r.Structured))
	}
	for _, c := range r.Content {
		n += int64(len(c.Text) + len(c.Data))
	}
	return n
}

// Records returns the calls in the order in which the script made them.
func (l *Ledger) Records() []Record {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]Record, len(l.entries))
	for i, e := range l.entries {
		out[i] = e.Record
	}
	slices.SortStableFunc(out, func(a, b Record) int { return a.Seq - b.Seq })
	return out
}

// Progress returns how many calls have ended, and those under way in the order
// of the script.
func (l *Ledger) Progress() (ended int, underway []Record) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.entries {
		switch {
		case e.ended:
			ended++
		case e.sent:
			underway = append(underway, e.Record)
		}
	}
	return ended, underway
}

// Replayed returns how many calls were answered from the ledger before, and
// that one's id.
func (l *Ledger) Replayed() (n int, from string) {
	if l.replay == nil {
		return 0, ""
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.replay.replayed, l.replay.from
}

// Left returns the changes of the ledger before that the script has not come to.
func (l *Ledger) Left() []Record {
	if l.replay == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	var left []Record
	for _, p := range l.replay.past {
		if !p.used && p.binding() {
			left = append(left, p.Record)
		}
	}
	return left
}

// Stopped returns why the script must not go on: it does not follow what it
// resumes. It is nil as long as it does.
func (l *Ledger) Stopped() error {
	if l.replay == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.replay.stopped
}
