package policy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/form"
	"github.com/bindery-mcp/bindery/gateway/excerpt"
)

// Question is whether a call may be made.
type Question struct {
	Tool   bindery.ToolID
	Args   json.RawMessage
	Rule   string
	Reason string
}

// Asker puts a question to the person at a client. An error says why that was
// not possible, in words that go into a sentence; it is not a no.
type Asker interface {
	Ask(ctx context.Context, q Question) (bool, error)
}

// Elicit returns an Asker that asks with elicitation/create, by way of a
// function that sends requests to the client; nil for a nil function.
func Elicit(send func(ctx context.Context, method string, params json.RawMessage) (json.RawMessage, error)) Asker {
	if send == nil {
		return nil
	}
	return elicitor(send)
}

type elicitor func(ctx context.Context, method string, params json.RawMessage) (json.RawMessage, error)

// Ask implements [Asker].
func (e elicitor) Ask(ctx context.Context, q Question) (bool, error) {
	result, err := e(ctx, "elicitation/create", q.params())
	if err != nil {
		return false, err
	}
	var answer struct {
		Action  string `json:"action"`
		Content struct {
			Allow any `json:"allow"`
		} `json:"content"`
	}
	if err := json.Unmarshal(result, &answer); err != nil {
		return false, errors.New("the client answered with something else than an answer")
	}
	// Only an express yes is one: a form that was sent off as it was is not.
	return answer.Action == "accept" && answer.Content.Allow == true, nil
}

// maxShown is how many bytes of arguments a question shows.
const maxShown = 600

// params is a form with one yes or no (2025-11-25, client/elicitation).
func (q Question) params() json.RawMessage {
	p := map[string]any{
		"message": q.String(),
		"requestedSchema": map[string]any{
			"type": "object",
			"properties": map[string]any{"allow": map[string]any{
				"type": "boolean", "title": "Allow this call", "description": "Yes allows this one call only.", "default": false,
			}},
			"required": []string{"allow"},
		},
	}
	data, _ := json.Marshal(p) // strings, and maps of them
	return data
}

// String returns the question in words. What a script wrote is shown as JSON on
// one line, without what cannot be seen.
func (q Question) String() string {
	args := new(bytes.Buffer)
	if json.Compact(args, q.Args) != nil || args.Len() == 0 {
		args.Reset()
		args.WriteString("{}")
	}
	// Each argument has its share, so that a long one hides no other.
	part := excerpt.Of(args.Bytes(), maxShown).JSON
	reason := q.Reason
	if reason == "" {
		reason = "The rule gives no reason."
	}
	shown := strings.Join(strings.Fields(form.Clean(string(part), maxShown)), " ")
	return fmt.Sprintf("May %s be called? %s (rule %s)\nArguments: %s",
		form.Clean(q.Tool.String(), 200), reason, q.Rule, shown)
}
