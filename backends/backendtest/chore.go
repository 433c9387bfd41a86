package backendtest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"time"
)

// aChore is a task of 2025-11-25.
type aChore struct {
	until  time.Time
	doing  string        // what it is to do
	over   chan struct{} // closed at its end, if something is waited for
	once   sync.Once
	answer json.RawMessage // of the client
}

// chore can be called only as a task, which takes {wait}. With {text}:
//
//	ask    the client is asked something when it comes for the result
//	fail   the task fails, and its result is an error
//	never  it never ends
//	stuck  it needs input for ever, and asks for none
//	plain  the server knows no tasks, and answers at once
func chore(_ context.Context, s *server, r request, a arguments, p peer) {
	if len(r.Params.Task) == 0 {
		fail(p, r.ID, -32601, "Tool chore requires task augmentation")
		return
	}
	if a.Text == "plain" {
		textResult(p, r.ID, "done at once")
		return
	}
	s.mu.Lock()
	id := fmt.Sprintf("chore-%d", len(s.chores)+1)
	s.chores[id] = &aChore{until: time.Now().Add(a.Wait), doing: a.Text, over: make(chan struct{})}
	s.mu.Unlock()
	reply(p, r.ID, fmt.Sprintf(`{"task":%s}`, choreState(id, "working")))
}

func choreState(id, status string) string {
	return fmt.Sprintf(`{"taskId":%q,"status":%q,"ttl":1000,"pollInterval":1}`, id, status)
}

func (c *aChore) status() string {
	switch {
	case c.doing == "stuck":
		return "input_required"
	case c.doing == "ask":
		select {
		case <-c.over:
			return "completed"
		default:
			return "input_required"
		}
	case c.doing == "never" || time.Now().Before(c.until):
		return "working"
	case c.doing == "fail":
		return "failed"
	}
	return "completed"
}

// choreAsked answers requests about chores, and reports whether it was one.
func (s *server) choreAsked(ctx context.Context, r request, p peer) bool {
	if s.is(Modern) {
		return false
	}
	s.mu.Lock()
	c := s.chores[r.Params.TaskID]
	s.mu.Unlock()
	switch {
	case r.Method != "tasks/get" && r.Method != "tasks/result" && r.Method != "tasks/cancel":
		return false
	case c == nil:
		fail(p, r.ID, -32602, "Task not found")
	case r.Method == "tasks/get":
		reply(p, r.ID, choreState(r.Params.TaskID, c.status()))
	case r.Method == "tasks/cancel":
		fmt.Fprintln(os.Stderr, "chore was cancelled")
		reply(p, r.ID, choreState(r.Params.TaskID, "cancelled"))
	case c.doing == "fail":
		fail(p, r.ID, -32099, "the job broke")
	case c.doing == "stuck":
		<-ctx.Done()
	case c.doing == "ask":
		s.choreAsks(ctx, c, p)
		reply(p, r.ID, fmt.Sprintf(`{"content":[],"structuredContent":{"answer":%s}}`, c.answer))
	default:
		reply(p, r.ID, `{"content":[],"structuredContent":{"n":12345678901234567890},"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"x"}}}`)
	}
	return true
}

func (s *server) choreAsks(ctx context.Context, c *aChore, p peer) {
	_, answer := s.put("elicitation/create", json.RawMessage(formParams), p)
	select {
	case message := <-answer:
		c.once.Do(func() { c.answer = message; close(c.over) })
	case <-ctx.Done():
	}
}
