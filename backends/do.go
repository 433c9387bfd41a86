package backends

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends/internal/session"
)

const callMethod = "tools/call"

// Do sends one request to a server and returns the bytes of its result. params
// is an object or nil; its _meta goes along. It waits, recovers, ends and never
// repeats as [Set.Call] does. A result that is a task is polled to its end, and a
// tool that can be called only as a task of 2025-11-25 is called as one. What
// a result that is "input_required" wants to know, the [Peer] in ctx answers, and
// the request is made again with that; where none can be asked, the result is
// returned as it is. The error is a [*bindery.Error]; one that the server
// answered with is in its chain as [*ServerError].
func (s *Set) Do(ctx context.Context, name, method string, params json.RawMessage) (json.RawMessage, error) {
	params = bytes.TrimSpace(params)
	var tool string
	if method == callMethod {
		tool = text(session.Member(params, "name"))
	}
	refuse := func(code bindery.Code, why error) (json.RawMessage, error) {
		return nil, &bindery.Error{Code: code, Op: opOf(name, method, tool), Unsent: true, Err: why}
	}
	if len(params) > 0 && session.Members(params, func(_, _ []byte) {}) != nil {
		return refuse(bindery.Invalid, errors.New("the parameters are not a JSON object"))
	}
	if method == callMethod && tool == "" {
		return refuse(bindery.Invalid, errors.New("the parameters name no tool"))
	}
	srv := s.server(name)
	if srv == nil {
		return refuse(bindery.NotFound, fmt.Errorf("there is no server %q", name))
	}
	send := srv.finish
	if p := PeerOf(ctx); p != nil && p.Ask != nil {
		send = srv.settle
	}
	raw, err := send(ctx, tool, method, params)
	if err == nil && (len(raw) == 0 || raw[0] != '{') {
		err = errors.New("the server's result is not an object")
	}
	if err != nil {
		return nil, srv.explainCall(ctx, opOf(name, method, tool), err)
	}
	return raw, nil
}

// opOf is what a request does, for errors about it.
func opOf(server, method, tool string) string {
	if tool != "" {
		return "call " + bindery.ToolID{Server: server, Name: session.PlainText(tool, maxName)}.String()
	}
	return session.PlainText(method, maxName) + " of " + server
}

// finish makes one request, and if its result is a task sees that to its end.
func (s *server) finish(ctx context.Context, tool, method string, params json.RawMessage) (json.RawMessage, error) {
	early := false // the era in which the client asks for tasks
	raw, err := s.exchange(ctx, tool, func(ctx context.Context, conn connection) (json.RawMessage, error) {
		if early = method == callMethod && s.onlyAsTask(tool) && !session.Modern(conn.Info().Protocol); early {
			return conn.Request(ctx, method, askForTask(params))
		}
		return conn.Request(ctx, method, params)
	})
	if early && err == nil {
		return s.awaitEarly(ctx, raw)
	}
	if err != nil || resultType(raw) != "task" {
		return raw, err
	}
	if method != callMethod {
		return nil, fmt.Errorf("the server answered %s with a task, which only tools can be", method)
	}
	return s.await(ctx, raw)
}

// resultType returns the kind of a result, "" for the common one.
func resultType(raw json.RawMessage) string {
	if !bytes.Contains(raw, []byte(`"resultType"`)) {
		return "" // most are not worth another look
	}
	return text(session.Member(raw, "resultType"))
}
