package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// taskClient speaks 2026-07-28 and understands tasks, which the SDK does not.
type taskClient struct {
	t   *testing.T
	url string
}

// send makes a request and returns its result, or the code of its error.
func (c taskClient) send(method, name string, params map[string]any) (result map[string]any, code int) {
	c.t.Helper()
	params["_meta"] = map[string]any{
		"io.modelcontextprotocol/protocolVersion": "2026-07-28",
		"io.modelcontextprotocol/clientCapabilities": map[string]any{
			"elicitation": map[string]any{}, "extensions": map[string]any{tasksExtension: map[string]any{}},
		},
	}
	body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
	if err != nil {
		c.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	req.Header.Set("MCP-Protocol-Version", "2026-07-28")
	req.Header.Set("Mcp-Method", method)
	if name != "" {
		req.Header.Set("Mcp-Name", name)
	}
	tr := &http.Transport{}
	defer tr.CloseIdleConnections()
	resp, err := (&http.Client{Transport: tr}).Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	var m struct {
		Result map[string]any `json:"result"`
		Error  struct {
			Code int `json:"code"`
		} `json:"error"`
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		c.t.Fatalf("%s: %s: %v", method, raw, err)
	}
	return m.Result, m.Error.Code
}

func (c taskClient) execute() map[string]any {
	c.t.Helper()
	r, _ := c.send("tools/call", "execute_code", map[string]any{"name": "execute_code", "arguments": map[string]any{"code": "x"}})
	return r
}

// until asks after the task until it has the status.
func (c taskClient) until(id, status string) map[string]any {
	c.t.Helper()
	for {
		task, code := c.send("tasks/get", id, map[string]any{"taskId": id})
		if code != 0 || task["taskId"] != id {
			c.t.Fatalf("the task is %v, error %d", task, code)
		}
		if task["status"] == status {
			return task
		}
		if task["status"] != "working" {
			c.t.Fatalf("the task is %v", task)
		}
	}
}

// blocked is a script that waits until it is let go.
func blocked(release <-chan struct{}) engine {
	return func(ctx context.Context, _ sandbox.Script, _ sandbox.Host) sandbox.Outcome {
		select {
		case <-release:
			return sandbox.Outcome{Value: json.RawMessage(`"ended"`)}
		case <-ctx.Done():
			return sandbox.Outcome{Failure: &sandbox.Failure{Code: bindery.Cancelled, Name: "Error", Message: "cancelled"}}
		}
	}
}

func TestTask(t *testing.T) {
	t.Run("completed", func(t *testing.T) {
		release := make(chan struct{})
		g := start(t, Options{Tools: newFakeTools(ready("s", "get")), Engine: blocked(release), Patience: time.Millisecond})
		c := taskClient{t, serve(t, g) + "/mcp"}
		task := c.execute()
		if task["resultType"] != "task" || task["status"] != "working" || task["content"] != nil {
			t.Fatalf("the call gave %v", task)
		}
		id, _ := task["taskId"].(string)
		if _, err := time.Parse(time.RFC3339Nano, task["createdAt"].(string)); err != nil {
			t.Error(err)
		}
		c.until(id, "working")
		close(release)
		content := c.until(id, "completed")["result"].(map[string]any)["content"].([]any)
		if text := content[0].(map[string]any)["text"]; text != "ended" {
			t.Errorf("the result is %v", text)
		}
		if _, code := c.send("tasks/get", "other", map[string]any{"taskId": "other"}); code != -32602 {
			t.Errorf("an unknown task: error %d", code)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		g := start(t, Options{Tools: newFakeTools(ready("s", "get")), Engine: blocked(nil), Patience: time.Millisecond})
		c := taskClient{t, serve(t, g) + "/mcp"}
		id := c.execute()["taskId"].(string)
		if _, code := c.send("tasks/cancel", id, map[string]any{"taskId": id}); code != 0 {
			t.Errorf("error %d", code)
		}
		c.until(id, "cancelled")
	})
	t.Run("input", func(t *testing.T) {
		set := openSet(t, true, map[string]*mcp.Server{"full": fullServer()})
		begin := make(chan struct{})
		g := start(t, Options{Tools: set, Servers: set, Patience: time.Millisecond, Engine: engine(func(ctx context.Context, _ sandbox.Script, h sandbox.Host) sandbox.Outcome {
			<-begin
			r, err := await(ctx, h, 1, "full", "ask", `{}`)
			if err != nil {
				return sandbox.Outcome{Failure: &sandbox.Failure{Message: err.Error()}}
			}
			value, _ := json.Marshal(r.Content[0].Text)
			return sandbox.Outcome{Value: value}
		})})
		c := taskClient{t, serve(t, g) + "/mcp"}
		id := c.execute()["taskId"].(string)
		close(begin)
		requests := c.until(id, "input_required")["inputRequests"].(map[string]any)
		answers := map[string]any{}
		for key := range requests {
			answers[key] = map[string]any{"action": "accept", "content": map[string]any{"color": "green"}}
		}
		if _, code := c.send("tasks/update", id, map[string]any{"taskId": id, "inputResponses": answers}); code != 0 || len(answers) != 1 {
			t.Errorf("error %d for %v", code, answers)
		}
		content := c.until(id, "completed")["result"].(map[string]any)["content"].([]any)
		if text := content[0].(map[string]any)["text"]; text != "accept green" {
			t.Errorf("the result is %v", text)
		}
	})
}
