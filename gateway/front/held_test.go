package front_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/bindery-mcp/bindery/gateway/front"
)

// holding is a server with work that goes on after the request that began it.
type holding struct {
	*fake
	e       *front.Endpoint
	mu      sync.Mutex
	release []func()
}

func (h *holding) Continues(_ string, params json.RawMessage) bool {
	return strings.Contains(string(params), `"go on"`)
}

func (h *holding) Handle(ctx context.Context, r *front.Request) (json.RawMessage, error) {
	switch {
	case strings.Contains(string(r.Params), `"begin"`):
		h.mu.Lock()
		defer h.mu.Unlock()
		h.release = append(h.release, h.e.Hold(r.Session))
		return textResult("begun"), nil
	case h.Continues(r.Method, r.Params):
		return textResult("went on"), nil
	}
	return h.fake.Handle(ctx, r)
}

// TestCloseWaitsForHeldWork lets clients go on with what they began, and begin
// nothing.
func TestCloseWaitsForHeldWork(t *testing.T) {
	t.Parallel()
	h := &holding{fake: newFake()}
	e, url := serve(t, h, front.Options{})
	h.e, url = e, url+"/mcp"
	s, pipe, idle := session(t, url, "2025-11-25"), startStdio(t.Context(), t, e), startStdio(t.Context(), t, e)
	post := func(version, tool string) reply {
		if version == "2025-11-25" {
			return send(t, "POST", url, toolCall(1, tool), s)
		}
		body, header := modern("tools/call", `"name":"`+tool+`"`, "Mcp-Name", tool)
		return send(t, "POST", url, body, header)
	}
	pipe.say(strings.Replace(hello, "VERSION", "2025-11-25", 1))
	pipe.hear(`"protocolVersion":"2025-11-25"`)
	pipe.say(toolCall(4, "begin"))
	pipe.hear("begun")
	for _, version := range []string{"2025-11-25", "2026-07-28"} {
		if r := post(version, "begin"); !strings.Contains(r.body, "begun") {
			t.Fatalf("%s: %+v", version, r)
		}
	}

	closed := make(chan error, 1)
	go func() { closed <- e.Close(t.Context()) }()
	if err := <-idle.done; err != nil { // it has nothing to wait for
		t.Error(err)
	}
	for _, version := range []string{"2025-11-25", "2026-07-28"} {
		if r := post(version, "echo"); r.status != http.StatusServiceUnavailable {
			t.Errorf("%s begins something: %+v", version, r)
		}
		if r := post(version, "go on"); r.status != http.StatusOK || !strings.Contains(r.body, "went on") {
			t.Errorf("%s goes on: %+v", version, r)
		}
	}
	pipe.say(toolCall(5, "echo"))
	pipe.hear("shutting down")
	pipe.say(toolCall(6, "go on"))
	pipe.hear("went on")
	select {
	case err := <-closed:
		t.Fatal("closed before the work was released", err)
	default:
	}
	for _, release := range h.release {
		release()
		release()
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if err := <-pipe.done; err != nil {
		t.Error(err)
	}
	if r := post("2026-07-28", "go on"); r.status != http.StatusServiceUnavailable {
		t.Errorf("after the end: %+v", r)
	}
}
