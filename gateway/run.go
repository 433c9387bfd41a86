package gateway

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/execution"
)

// run is one script under way, or one that has ended and whose answer may
// still be asked for.
type run struct {
	id      string
	client  string
	started time.Time
	cancel  context.CancelFunc
	feed    *feed
	// questions are what servers want to know of the client.
	questions questions

	done   chan struct{} // closed once answer and err are set
	answer Answer
	err    error

	// Those that follow belong to the runs that hold it.
	told  chan struct{} // closed once somebody got the answer
	shown int           // lines of output
	ended time.Time
	task  *taskState // nil unless it is one
}

// uncollected is how long a gateway that ends waits for somebody to ask for the
// answer of a script that outlived its request.
const uncollected = 5 * time.Second

// launch starts a script for a client of that session, which ends with the
// session, with the gateway, or by itself: not with the request, which may be
// over before it. release is called when a gateway that ends need not wait for
// it any more.
func (g *Gateway) launch(ctx context.Context, c Client, p backends.Peer, r Request, release func()) (*run, error) {
	session, left := g.sessions.join(context.WithoutCancel(ctx), p.Session)
	ctx, done, err := g.begin(session)
	if err != nil {
		left()
		release()
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	x := &run{
		id: execution.NewID(), client: c.Name, started: time.Now(), cancel: cancel,
		feed: new(feed), questions: make(questions), done: make(chan struct{}), told: make(chan struct{}),
	}
	p.Ask = x.questions.asker(x.done)
	g.wg.Go(func() {
		defer release()
		defer left()
		x.answer, x.err = g.execute(ctx, c, r, x.id, x.feed, &p)
		g.runs.end(x)
		close(x.done)
		cancel()
		done()
		select {
		case <-x.told:
		case <-session.Done(): // nobody is there any more
		case <-time.After(uncollected):
		case <-g.ctx.Done():
		}
	})
	return x, nil
}

// attendant is the request that waits for a run.
type attendant struct {
	notify notifier
	// put takes a question for the client. If it returns some, the request ends
	// with asking them. nil refuses all.
	put func(*question) []*question
	// patience is how long it waits; 0 stands for the gateway's.
	patience time.Duration
	// task makes the run one when its time is over; nil if the client knows none.
	task func(*run) json.RawMessage
}

// attend waits for the run as long as a client can be expected to, and returns
// its answer, or how far it is, or what servers want to know: in these cases the
// script goes on, and another request can attend it. If ctx is done first, the
// run is cancelled: whoever waited has given up. While it waits, it tells of the
// progress.
func (g *Gateway) attend(ctx context.Context, x *run, a attendant) (Answer, error) {
	patience := time.NewTimer(cmp.Or(a.patience, g.opts().Patience))
	defer patience.Stop()
	reports := newReporter(x.feed, a.notify)
	defer reports.stop()
	for {
		select {
		case <-x.done:
			return g.runs.answer(x)
		case <-ctx.Done():
			x.cancel()
			<-x.done
			return g.runs.answer(x)
		case <-patience.C:
			if a.task != nil {
				return Answer{task: a.task(x)}, nil
			}
			return g.runs.detach(x), nil
		case <-reports.ticks():
			reports.report(ctx)
		case q := <-x.questions:
			if a.put == nil {
				q.reply <- reply{err: cannot(q)}
			} else if asked := a.put(q); len(asked) > 0 {
				return Answer{asked: asked}, nil
			}
		}
	}
}

// maxDetached is how many scripts of a client that nobody waited for to the end
// are remembered.
const maxDetached = 16

// runs are the scripts that outlived the request they came with, each for the
// client whose it is. What a client has not asked for is forgotten after some
// time.
type runs struct {
	age time.Duration

	mu       sync.Mutex
	detached map[string][]*run // by client, oldest first
}

func newRuns(age time.Duration) *runs { return &runs{age: age, detached: make(map[string][]*run)} }

// find returns a run of the client that outlived its request, for somebody to
// attend. Another client's run is not there.
func (rs *runs) find(client, id string) (*run, error) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.expire()
	for _, x := range rs.detached[client] {
		if x.id == id {
			return x, nil
		}
	}
	return nil, &bindery.Error{
		Code: bindery.NotFound, Op: fmt.Sprintf("wait for %.40s", id), Err: errors.New("no script with this id is running, or ended lately"),
		Hint: fmt.Sprintf("wait takes the id of a script that was said to be still running; its answer is kept for %s (keep.age)", rs.age),
	}
}

// answer returns the answer of a run that is done, without the output that was
// shown before.
func (rs *runs) answer(x *run) (Answer, error) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	select {
	case <-x.told:
	default:
		close(x.told)
	}
	a := x.answer
	a.hidden = x.shown
	return a, x.err
}

// detach remembers a run that goes on and returns how far it is.
func (rs *runs) detach(x *run) Answer {
	s, lines := x.feed.status()
	s.since = time.Since(x.started)
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.remember(x)
	a := Answer{Execution: x.id, running: &s, hidden: x.shown, Took: s.since}
	a.Outcome.Logs = lines
	x.shown = len(lines)
	return a
}

// remember keeps a run that outlives its request. rs.mu is held.
func (rs *runs) remember(x *run) {
	rs.expire()
	if !slices.Contains(rs.detached[x.client], x) {
		rs.detached[x.client] = append(rs.detached[x.client], x)
		rs.forget(x.client)
	}
}

// forget makes room for the last run of the client: the oldest that ended goes,
// or else the oldest. rs.mu is held.
func (rs *runs) forget(client string) {
	list := rs.detached[client]
	if len(list) <= maxDetached {
		return
	}
	oldest := 0
	for i, x := range list {
		if !x.ended.IsZero() {
			oldest = i
			break
		}
	}
	rs.detached[client] = append(list[:oldest:oldest], list[oldest+1:]...)
}

// end notes when a run ended.
func (rs *runs) end(x *run) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	x.ended = time.Now()
}

// expire forgets the runs that ended too long ago. rs.mu is held.
func (rs *runs) expire() {
	for client, list := range rs.detached {
		var rest []*run
		for _, x := range list {
			if x.ended.IsZero() || time.Since(x.ended) < rs.age {
				rest = append(rest, x)
			}
		}
		if len(rest) == 0 {
			delete(rs.detached, client)
			continue
		}
		rs.detached[client] = rest
	}
}

// sweep forgets the runs that ended too long ago.
func (rs *runs) sweep() {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.expire()
}

// status is how far a script is.
type status struct {
	since    time.Duration
	ended    int
	underway []execution.Record
	progress string
}

func (s *status) write(b *strings.Builder, a Answer) {
	fmt.Fprintf(b, "still running after %s", s.since.Round(time.Second))
	if s.ended > 0 || len(s.underway) > 0 {
		fmt.Fprintf(b, ": %s", s.calls())
	}
	if s.progress != "" {
		section(b, "progress: "+s.progress)
	}
	section(b, fmt.Sprintf("For the rest, call execute_code with only wait: %q.", a.Execution))
}

// calls says how many calls ended and names some that are under way.
func (s *status) calls() string {
	text := fmt.Sprintf("%d calls done", s.ended)
	if s.ended == 1 {
		text = "1 call done"
	}
	const most = 3
	for i, r := range s.underway {
		switch {
		case i == most:
			return text + fmt.Sprintf(" and %d more", len(s.underway)-most)
		case i == 0:
			text += ", waiting for "
		default:
			text += ", "
		}
		text += r.Tool.String()
		if r.Line > 0 {
			text += fmt.Sprintf(" (line %d)", r.Line)
		}
	}
	return text
}
