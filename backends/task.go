package backends

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/bindery-mcp/bindery/backends/internal/session"
)

// A task is asked after as often as its server says, within these bounds, and
// not for longer than maxTask, however much it goes on.
const (
	minPoll     = 100 * time.Millisecond
	defaultPoll = time.Second
	maxPoll     = 30 * time.Second
	maxTask     = time.Hour
	maxTaskID   = 1 << 10
	cancelTime  = 5 * time.Second
)

// await polls a task to its end and returns the result of the call that it
// stands for (extension io.modelcontextprotocol/tasks). A task that shows no
// change for as long as a call may take has failed; so has one whose caller is
// gone, which the server is told.
func (s *server) await(ctx context.Context, created json.RawMessage) (json.RawMessage, error) {
	asked := map[string]bool{}
	return s.poll(ctx, created, func(ctx context.Context, l *link, params json.RawMessage, t taskState) (json.RawMessage, error) {
		switch t.status {
		case "completed":
			if len(t.result) == 0 {
				return nil, &endedTaskError{errors.New("the task is complete and has no result")}
			}
			return t.result, nil
		case "failed":
			return nil, &endedTaskError{session.DecodeError(t.err)}
		}
		return nil, l.input(ctx, params, t.requests, asked)
	})
}

// endedTaskError is a task that its server has ended without a result.
type endedTaskError struct{ err error }

func (e *endedTaskError) Error() string { return e.err.Error() }

func (e *endedTaskError) Unwrap() error { return e.err }

// react does what the state of a task calls for that has ended or wants input,
// and returns the result if that is there.
type react func(ctx context.Context, l *link, params json.RawMessage, t taskState) (json.RawMessage, error)

// poll asks after a task until it has a result. The link is in use meanwhile, also
// between requests: the task would end with its connection.
func (s *server) poll(ctx context.Context, task json.RawMessage, do react) (json.RawMessage, error) {
	id := session.Member(task, "taskId")
	if text(id) == "" || len(id) > maxTaskID {
		return nil, errors.New("the server answered with a task that has no id")
	}
	l, err := s.borrow(ctx)
	if err != nil {
		return nil, &begunError{err}
	}
	defer l.giveBack()
	params := session.With(nil, "taskId", id)
	result, err := l.follow(ctx, params, task, do)
	if err == nil {
		return result, nil
	}
	if _, over := errors.AsType[*endedTaskError](err); !over {
		l.cancelTask(ctx, params)
	}
	return nil, &begunError{err}
}

func (l *link) follow(ctx context.Context, params, task json.RawMessage, do react) (json.RawMessage, error) {
	limit := l.srv.policy().callTimeout()
	ctx, cancel := context.WithTimeoutCause(ctx, maxTask, timeoutError{"the limit for tasks", maxTask})
	defer cancel()
	changed, last := time.Now(), ""
	for {
		t := taskOf(task)
		if now := t.seen(); now != last {
			changed, last = time.Now(), now
		}
		switch t.status {
		case "completed", "failed", inputRequired:
			asked := time.Now()
			if result, err := do(ctx, l, params, t); err != nil || result != nil {
				return result, err
			}
			changed = changed.Add(time.Since(asked)) // how long a person thinks says nothing of the server
		case "cancelled":
			return nil, &endedTaskError{fmt.Errorf("the server has cancelled the task: %s", session.PlainText(t.message, 500))}
		}
		if time.Since(changed) > limit {
			return nil, timeoutError{"the call timeout", limit}
		}
		timer := time.NewTimer(t.interval)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, context.Cause(ctx)
		}
		var err error
		task, err = l.exchange(ctx, "", func(ctx context.Context, conn connection) (json.RawMessage, error) {
			return conn.Request(ctx, "tasks/get", params)
		})
		if err != nil {
			return nil, fmt.Errorf("ask after the task: %w", err)
		}
	}
}

// taskState is what a server says of a task.
type taskState struct {
	status, updated, message string
	result, err, requests    json.RawMessage
	interval                 time.Duration
}

// seen is what shows that a task goes on: it changes then.
func (t taskState) seen() string { return t.status + " " + t.updated + " " + t.message }

func taskOf(raw json.RawMessage) taskState {
	t := taskState{interval: defaultPoll}
	_ = session.Members(raw, func(name, value []byte) {
		switch string(name) {
		case "status":
			t.status = text(value)
		case "statusMessage":
			t.message = text(value)
		case "lastUpdatedAt":
			t.updated = text(value)
		case "result":
			t.result = value
		case "error":
			t.err = value
		case "inputRequests":
			t.requests = value
		case "pollIntervalMs", "pollInterval": // the extension's, and that of 2025-11-25
			var ms float64
			if json.Unmarshal(value, &ms) == nil && ms > 0 {
				t.interval = time.Duration(min(ms, float64(maxPoll/time.Millisecond))) * time.Millisecond
			}
		}
	})
	t.interval = max(t.interval, minPoll)
	return t
}

// input gives a task what it asks for and has not asked for before.
func (l *link) input(ctx context.Context, params, requests json.RawMessage, asked map[string]bool) error {
	p := PeerOf(ctx)
	if p == nil || p.Ask == nil {
		return errNoInput
	}
	if len(asked) > maxRounds*maxInputs {
		return &session.LimitError{What: "list of questions of a task", Limit: maxRounds * maxInputs, Unit: "questions"}
	}
	responses, err := l.srv.answers(ctx, p, requests, asked)
	if err != nil || len(responses) == 0 {
		return err
	}
	_, err = l.exchange(ctx, "", func(ctx context.Context, conn connection) (json.RawMessage, error) {
		return conn.Request(ctx, "tasks/update", session.With(params, "inputResponses", responses))
	})
	return err
}

// cancelTask tells the server that nobody waits for a task any more. It does not
// keep the caller waiting.
func (l *link) cancelTask(ctx context.Context, params json.RawMessage) {
	l.lend()
	runs := l.srv.crew.run(func() {
		defer l.giveBack()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cancelTime)
		defer cancel()
		stop := context.AfterFunc(l.ctx, cancel)
		defer stop()
		_, err := l.exchange(ctx, "", func(ctx context.Context, conn connection) (json.RawMessage, error) {
			return conn.Request(ctx, "tasks/cancel", params)
		})
		if err != nil {
			l.log.Debug("a task cannot be cancelled", "error", err)
		}
	})
	if !runs {
		l.giveBack()
	}
}
