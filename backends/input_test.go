package backends_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/backends/backendtest"
)

// modernWays runs a test against each server of the current protocol.
func modernWays(t *testing.T, f func(t *testing.T, s *backends.Set)) {
	t.Helper()
	waysOf(t, true, f)
}

// waysOf runs a test against each server of one era.
func waysOf(t *testing.T, modern bool, f func(t *testing.T, s *backends.Set)) {
	t.Helper()
	t.Parallel()
	for kind, spec := range offering() {
		if isModern(kind) != modern {
			continue
		}
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			f(t, open(t, backends.Options{}, spec(t)))
		})
	}
}

func TestInputRequired(t *testing.T) {
	modernWays(t, func(t *testing.T, s *backends.Set) {
		raw, err := s.Do(within(t), "srv", "tools/call", json.RawMessage(`{"name":"input","arguments":{"count":2}}`))
		if err != nil || !strings.Contains(string(raw), `"requestState":"s\u0074ate-1 /\u00fc"`) {
			t.Errorf("got %s, %v", raw, err)
		}
		c := newClient(accepting)
		r, err := callAs(t, s, c, "input", `{"count":3}`)
		if want := `{"rounds":3,"input":{"one":{"action":"accept", "content":{"n":12345678901234567890}}}}`; err != nil || string(r.Structured) != want {
			t.Errorf("got %s, %v", r.Structured, err)
		}
		if len(c.asked) != 3 || !strings.HasPrefix(c.asked[0], `elicitation/create{"mode":"form","message":"Name?"`) {
			t.Errorf("asked %q", c.asked)
		}
		refusing := newClient(func(context.Context, string, json.RawMessage) (json.RawMessage, error) {
			return nil, errors.New("no thanks")
		})
		for _, tt := range []struct {
			client     *client
			args, want string
			code       bindery.Code
		}{
			{newClient(nil), `{"count":1}`, "asks for further input, which nobody is there to give", bindery.Upstream},
			{refusing, `{"count":1}`, "asks for input (elicitation/create), and the client gives none: no thanks", bindery.Upstream},
			{c, `{"count":100}`, "over the limit of 10 rounds", bindery.Limit},
			{c, `{"count":1,"text":"roots/list"}`, "client's roots, of which the configuration has none", bindery.Upstream},
			{c, `{"count":1,"text":"x/y"}`, `asks for "x/y", which nobody here knows`, bindery.Upstream},
		} {
			_, err := callAs(t, s, tt.client, "input", tt.args)
			if bindery.CodeOf(err) != tt.code || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: got %v (%v)", tt.args, err, bindery.CodeOf(err))
			}
		}
	})
}

func TestTask(t *testing.T) {
	modernWays(t, func(t *testing.T, s *backends.Set) {
		raw, err := s.Do(within(t), "srv", "tools/call", json.RawMessage(`{"name":"task","arguments":{"wait":250000000}}`))
		if want := `{"content":[],"structuredContent":{"n":12345678901234567890,"input":null}}`; err != nil || string(raw) != want {
			t.Errorf("got %s, %v", raw, err)
		}
		c := newClient(accepting)
		r, err := callAs(t, s, c, "task", `{"text":"ask"}`)
		if want := `"input":{"one":{"action":"accept", "content":{"n":12345678901234567890}}}`; err != nil || !strings.Contains(string(r.Structured), want) || len(c.asked) != 1 {
			t.Errorf("got %s, %v, asked %q", r.Structured, err, c.asked)
		}
		var rpc *backends.ServerError
		if _, err := call(t, s, "task", `{"text":"fail"}`); !errors.As(err, &rpc) || rpc.Code != -32099 || string(rpc.Data) != `{"a":1}` {
			t.Errorf("got %v", err)
		}
		if _, err := call(t, s, "task", `{"text":"ask"}`); err == nil || !strings.Contains(err.Error(), "nobody is there to give") {
			t.Errorf("got %v", err)
		}
		ctx, cancel := context.WithTimeout(within(t), 300*time.Millisecond)
		defer cancel()
		_, err = s.Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "task"}, Args: []byte(`{"count":1}`)})
		if bindery.CodeOf(err) != bindery.Timeout {
			t.Errorf("got %v", err)
		}
		for n := ""; n != "2"; { // for the one that asks in vain, and for the one that takes too long
			r, err := call(t, s, "seen", `{"text":"tasks/cancel"}`)
			if err != nil {
				t.Fatal(err)
			}
			n = r.Content[0].Text
		}
	})
}

// TestStuckTask checks that a task which shows no sign of life does not outlast
// the call timeout.
func TestStuckTask(t *testing.T) {
	t.Parallel()
	spec := stdioSpec(t, backendtest.Modern)
	spec.CallTimeout = 500 * time.Millisecond
	s := open(t, backends.Options{}, spec)
	if _, err := call(t, s, "task", `{"count":1}`); bindery.CodeOf(err) != bindery.Timeout {
		t.Errorf("got %v", err)
	}
}

// TestStuckEarlyTask has a task need input for which it does not ask.
func TestStuckEarlyTask(t *testing.T) {
	t.Parallel()
	spec := stdioSpec(t)
	spec.CallTimeout = 300 * time.Millisecond
	s := open(t, backends.Options{}, spec)
	_, err := callAs(t, s, newClient(accepting), "chore", `{"text":"stuck"}`)
	if bindery.CodeOf(err) != bindery.Timeout || !strings.Contains(err.Error(), "the call timeout") {
		t.Errorf("got %v", err)
	}
}

// TestTaskKeepsItsServer has a session's server look unused between two requests
// about a task, which would end with it.
func TestTaskKeepsItsServer(t *testing.T) {
	t.Parallel()
	for tool, spec := range map[string]backends.Spec{"chore": stdioSpec(t), "task": stdioSpec(t, backendtest.Modern)} {
		spec.Isolate, spec.IdleStop = true, 20*time.Millisecond
		s := open(t, backends.Options{}, spec)
		if _, err := s.Call(asSession(t, "a"), bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: tool}, Args: []byte(`{"wait":500000000}`)}); err != nil {
			t.Errorf("%s: %v", tool, err)
		}
	}
}

// TestTaskEndsWithItsSession checks that no server is begun for a session that has
// ended, and that nobody takes the call for one that was not made.
func TestTaskEndsWithItsSession(t *testing.T) {
	t.Parallel()
	spec := stdioSpec(t)
	spec.Isolate = true
	s := open(t, backends.Options{}, spec)
	over := make(chan error, 1)
	ctx := asSession(t, "a")
	go func() {
		_, err := s.Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "chore"}, Args: []byte(`{"text":"never"}`)})
		over <- err
	}()
	eventually(t, "look after the task", func() bool {
		r, err := s.Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "seen"}, Args: []byte(`{"text":"tasks/get"}`)})
		return err == nil && r.Content[0].Text != "0"
	})
	s.EndSession("a")
	if err := <-over; bindery.CodeOf(err) != bindery.Unavailable || bindery.IsUnsent(err) || !strings.Contains(err.Error(), "session has ended") {
		t.Errorf("got %v, unsent: %t", err, bindery.IsUnsent(err))
	}
	if all := s.Status()[0].Sessions; len(all) != 0 {
		t.Errorf("there are %+v", all)
	}
}

// TestEarlyTask calls a tool that can be called only as a task of 2025-11-25.
func TestEarlyTask(t *testing.T) {
	waysOf(t, false, func(t *testing.T, s *backends.Set) {
		raw, err := s.Do(within(t), "srv", "tools/call", json.RawMessage(`{"name":"chore","arguments":{"wait":250000000}}`))
		if err != nil || !strings.Contains(string(raw), `"structuredContent":{"n":12345678901234567890}`) {
			t.Errorf("got %s, %v", raw, err)
		}
		c := newClient(accepting)
		r, err := callAs(t, s, c, "chore", `{"text":"ask"}`)
		if want := `"result":{"action":"accept", "content":{"n":12345678901234567890}}`; err != nil || !strings.Contains(string(r.Structured), want) || len(c.asked) != 1 {
			t.Errorf("got %s, %v, asked %q", r.Structured, err, c.asked)
		}
		if r, err := call(t, s, "chore", `{"text":"ask"}`); err != nil || !strings.Contains(string(r.Structured), `"error"`) {
			t.Errorf("where nobody can be asked: %s, %v", r.Structured, err)
		}
		if r, err := call(t, s, "chore", `{"text":"plain"}`); err != nil || r.Content[0].Text != "done at once" {
			t.Errorf("got %+v, %v", r, err)
		}
		var rpc *backends.ServerError
		if _, err := call(t, s, "chore", `{"text":"fail"}`); !errors.As(err, &rpc) || rpc.Code != -32099 {
			t.Errorf("got %v", err)
		}
		ctx, cancel := context.WithTimeout(within(t), 300*time.Millisecond)
		defer cancel()
		_, err = s.Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "chore"}, Args: []byte(`{"text":"never"}`)})
		if bindery.CodeOf(err) != bindery.Timeout {
			t.Errorf("got %v", err)
		}
		for n := ""; n != "1"; { // only for the one that takes too long
			r, err := call(t, s, "seen", `{"text":"tasks/cancel"}`)
			if err != nil {
				t.Fatal(err)
			}
			n = r.Content[0].Text
		}
	})
}
