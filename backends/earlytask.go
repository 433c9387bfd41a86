package backends

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/bindery-mcp/bindery/backends/internal/session"
)

// taskOnly reports whether a tool's declaration says that it can be called only
// as a task of 2025-11-25, where it is the client that asks for one
// (basic/utilities/tasks, "Tool-Level Negotiation").
func taskOnly(declaration json.RawMessage) bool {
	return text(session.Member(session.Member(declaration, "execution"), "taskSupport")) == "required"
}

func (s *server) onlyAsTask(tool string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.offer.tasks[tool]
}

// askForTask returns the params of a call that is to be a task, which its server
// need not remember for longer than it is asked after.
func askForTask(params json.RawMessage) json.RawMessage {
	return session.With(params, "task", json.RawMessage(`{"ttl":`+strconv.FormatInt(maxTask.Milliseconds(), 10)+`}`))
}

// awaitEarly sees a call to its end that was made as a task of 2025-11-25. Its
// result is fetched with a request, over which the server asks meanwhile what it
// wants to know. A server that knows no tasks has answered with the result.
func (s *server) awaitEarly(ctx context.Context, created json.RawMessage) (json.RawMessage, error) {
	task := session.Member(created, "task")
	if len(task) == 0 {
		return created, nil
	}
	waited := "" // for the input of this state it was waited in vain
	return s.poll(ctx, task, func(ctx context.Context, l *link, params json.RawMessage, t taskState) (json.RawMessage, error) {
		result, err := l.exchange(ctx, "", func(ctx context.Context, conn connection) (json.RawMessage, error) {
			return conn.Request(ctx, "tasks/result", params)
		})
		var late timeoutError
		switch {
		case err == nil:
			return result, nil
		case t.status != inputRequired:
			return nil, &endedTaskError{err}
		case errors.As(err, &late) && ctx.Err() == nil && waited != t.seen():
			waited = t.seen()
			return nil, nil // it has its input, and works on
		}
		return nil, fmt.Errorf("wait for the task's result: %w", err)
	})
}
