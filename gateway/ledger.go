package gateway

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// Record is one call of a script and how it went.
type Record struct {
	Tool    bindery.ToolID
	Seq     int
	Line    int
	Started time.Time
	Took    time.Duration
	// Bytes is the size of the result as it came from the server.
	Bytes int
	State CallState
}

// CallState is how far a call got.
type CallState string

// The states of a call. A call that is Unknown was sent and not answered: it
// may have taken effect.
const (
	Completed CallState = "completed"
	Failed    CallState = "failed"
	Refused   CallState = "refused" // never sent
	Unknown   CallState = "unknown"
)

// ledger keeps the records of one execution.
type ledger struct {
	mu      sync.Mutex
	records []*Record
}

// records every call that goes through it to a server. Host functions are no
// calls to a server and are left out.
func (l *ledger) layer(next bindery.Caller) bindery.Caller {
	return bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
		if c.Tool.Server == sandbox.Builtin {
			return next.Call(ctx, c)
		}
		r := l.begin(c)
		res, err := next.Call(ctx, c)
		l.end(r, res, err)
		return res, err
	})
}

func (l *ledger) begin(c bindery.Call) *Record {
	r := &Record{Tool: c.Tool, Seq: c.Seq, Line: c.Line, Started: time.Now(), State: Unknown}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.records = append(l.records, r)
	return r
}

func (l *ledger) end(r *Record, res bindery.Result, err error) {
	state := Completed
	switch {
	case err != nil:
		state = stateOf(bindery.CodeOf(err))
	case res.IsError:
		state = Failed
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	r.Took = time.Since(r.Started)
	r.Bytes = len(res.Raw)
	r.State = state
}

// stateOf tells a call that never reached its server from one that failed
// there and from one whose fate nobody knows.
func stateOf(code bindery.Code) CallState {
	switch code {
	case bindery.Invalid, bindery.NotFound, bindery.Denied:
		return Refused
	case bindery.Timeout, bindery.Cancelled, bindery.Unavailable, bindery.Internal:
		return Unknown
	default:
		return Failed
	}
}

// list returns the records in the order in which the script made the calls.
func (l *ledger) list() []Record {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]Record, len(l.records))
	for i, r := range l.records {
		out[i] = *r
	}
	slices.SortStableFunc(out, func(a, b Record) int { return a.Seq - b.Seq })
	return out
}
