package gateway

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/bindery-mcp/bindery/gateway/front"
	"github.com/bindery-mcp/bindery/internal/jsonobject"
)

// tasksExtension is how clients say that they understand tasks: a handle to a
// script that takes long, which they ask after as they like
// (io.modelcontextprotocol/tasks, 2026-07-28).
const tasksExtension = "io.modelcontextprotocol/tasks"

// taskAfter is when a script becomes a task for a client that understands it,
// and pollInterval how often it is asked to look after it.
const (
	taskAfter    = 5 * time.Second
	pollInterval = time.Second
)

// takesTasks reports whether the request may be answered with a task.
func takesTasks(r *front.Request) bool {
	return r.Modern() && r.Can("extensions."+tasksExtension)
}

// taskState is what is known of a run that is a task; the runs' lock guards it.
type taskState struct {
	pending   map[string]*question
	asked     int // questions, for their names
	cancelled bool
	updated   time.Time
}

// handle is the task that stands for a run.
func (g *Gateway) handle(x *run) jsonobject.Object {
	s, _ := x.feed.status()
	updated := x.started
	if x.task != nil && x.task.updated.After(updated) {
		updated = x.task.updated
	}
	var o jsonobject.Object
	o.SetText("taskId", x.id)
	o.SetText("status", "working")
	if message := s.calls(); s.progress != "" {
		o.SetText("statusMessage", clip(s.progress, maxProgressText))
	} else {
		o.SetText("statusMessage", message)
	}
	o.SetText("createdAt", x.started.UTC().Format(time.RFC3339Nano))
	o.SetText("lastUpdatedAt", updated.UTC().Format(time.RFC3339Nano))
	o.Set("ttlMs", strconv.AppendInt(nil, g.opts().Keep.Age.Milliseconds(), 10))
	o.Set("pollIntervalMs", strconv.AppendInt(nil, pollInterval.Milliseconds(), 10))
	return o
}

// asTask makes a task of a run that goes on, and returns the result that says
// so.
func (g *Gateway) asTask(x *run) json.RawMessage {
	g.runs.mu.Lock()
	defer g.runs.mu.Unlock()
	g.runs.remember(x)
	x.task = &taskState{pending: make(map[string]*question), updated: time.Now()}
	o := g.handle(x)
	o.SetText("resultType", "task")
	return o.Bytes()
}

// taskOf returns the task that the request is about.
func (e *endpoint) taskOf(c Client, r *front.Request) (*run, jsonobject.Object, error) {
	params, err := paramsOf(r)
	if err != nil {
		return nil, params, err
	}
	id := params.Text("taskId")
	x, err := e.g.runs.find(c.Name, id)
	if err != nil {
		return nil, params, unknownTask(id)
	}
	e.g.runs.mu.Lock()
	defer e.g.runs.mu.Unlock()
	if x.task == nil {
		return nil, params, unknownTask(id)
	}
	return x, params, nil
}

func unknownTask(id string) error {
	return &front.Error{Code: front.CodeInvalidParams, Message: fmt.Sprintf("there is no task %.40q, or it ended too long ago", id)}
}

// getTask answers tasks/get.
func (e *endpoint) getTask(c Client, r *front.Request) (json.RawMessage, error) {
	x, _, err := e.taskOf(c, r)
	if err != nil {
		return nil, err
	}
	select {
	case <-x.done:
		return e.endedTask(x), nil
	default:
	}
	e.g.runs.mu.Lock()
	defer e.g.runs.mu.Unlock()
	for more := true; more; {
		select {
		case q := <-x.questions:
			if !q.fits(r.Caller) {
				q.reply <- reply{err: cannot(q)}
				continue
			}
			x.task.asked++
			x.task.pending["q"+strconv.Itoa(x.task.asked)] = q
			x.task.updated = time.Now()
		default:
			more = false
		}
	}
	o := e.g.handle(x)
	if len(x.task.pending) > 0 {
		o.SetText("status", "input_required")
		o.Set("inputRequests", requestsOf(x.task.pending))
	}
	return o.Bytes(), nil
}

// endedTask is a task whose script has ended. A script that failed is complete:
// its result says so.
func (e *endpoint) endedTask(x *run) json.RawMessage {
	a, err := e.g.runs.answer(x)
	e.g.runs.mu.Lock()
	defer e.g.runs.mu.Unlock()
	o := e.g.handle(x)
	o.SetText("lastUpdatedAt", x.ended.UTC().Format(time.RFC3339Nano))
	o.Delete("statusMessage")
	switch {
	case x.task.cancelled:
		o.SetText("status", "cancelled")
	case err != nil:
		o.SetText("status", "completed")
		o.Set("result", failed(err))
	default:
		o.SetText("status", "completed")
		o.Set("result", result(a))
	}
	return o.Bytes()
}

// updateTask answers tasks/update: it brings what the script's servers asked.
func (e *endpoint) updateTask(c Client, r *front.Request) (json.RawMessage, error) {
	x, params, err := e.taskOf(c, r)
	if err != nil {
		return nil, err
	}
	answers, err := jsonobject.Parse(params.Get("inputResponses"))
	if err != nil {
		return nil, &front.Error{Code: front.CodeInvalidParams, Message: "params.inputResponses: " + err.Error()}
	}
	e.g.runs.mu.Lock()
	defer e.g.runs.mu.Unlock()
	for _, key := range answers.Names() {
		if q, ok := x.task.pending[key]; ok {
			delete(x.task.pending, key)
			q.reply <- reply{result: answers.Get(key)}
		}
	}
	x.task.updated = time.Now()
	return json.RawMessage("{}"), nil
}

// cancelTask answers tasks/cancel.
func (e *endpoint) cancelTask(c Client, r *front.Request) (json.RawMessage, error) {
	x, _, err := e.taskOf(c, r)
	if err != nil {
		return nil, err
	}
	e.g.runs.mu.Lock()
	defer e.g.runs.mu.Unlock()
	select {
	case <-x.done:
	default:
		x.task.cancelled = true
		x.cancel()
	}
	return json.RawMessage("{}"), nil
}
