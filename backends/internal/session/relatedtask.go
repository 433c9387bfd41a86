package session

import "encoding/json"

// relatedTask is the member of _meta that says which task of 2025-11-25 a
// message is part of (basic/utilities/tasks, "Associating Task-Related Messages").
const relatedTask = metaPrefix + "related-task"

// related returns what params say of a task, nil for nothing.
func related(params json.RawMessage) json.RawMessage {
	return Member(Member(params, "_meta"), relatedTask)
}

// fetching returns the request for the result of the task that params are about,
// nil if there is none under way.
func (b *Inbox) fetching(params json.RawMessage) *Exchange {
	id := String(Member(related(params), "taskId"))
	if id == "" {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, x := range b.requests {
		if x.Method == "tasks/result" && String(Member(x.Params, "taskId")) == id {
			return x
		}
	}
	return nil
}

// unrelated returns params without the task, of which the client knows nothing.
func unrelated(params json.RawMessage) json.RawMessage {
	if related(params) == nil {
		return params
	}
	return With(params, "_meta", without(Member(params, "_meta"), relatedTask))
}

// relating returns the answer to a question with the task that the question was
// about.
func relating(answer, params json.RawMessage) json.RawMessage {
	task := related(params)
	if task == nil {
		return answer
	}
	return With(answer, "_meta", With(Member(answer, "_meta"), relatedTask, task))
}
