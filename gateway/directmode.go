package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/front"
	"github.com/bindery-mcp/bindery/gateway/policy"
	"github.com/bindery-mcp/bindery/gateway/telemetry"
	"github.com/bindery-mcp/bindery/internal/jsonobject"
)

// listTools answers tools/list: the one tool, those of the servers, or both.
func (e *endpoint) listTools(c Client, r *front.Request) (json.RawMessage, error) {
	v, mode := e.settled(c), e.shown().Mode
	var tools []json.RawMessage
	if mode != config.Direct {
		tools = append(tools, v.executeDeclaration(e.g.opts()))
	}
	if mode != config.Direct && mode != config.Both {
		return listResult("tools", "", tools...), nil
	}
	var cursor string
	if params, err := jsonobject.Parse(r.Params); err == nil {
		cursor = params.Text("cursor")
	}
	page, next, err := v.table().Page(cursor)
	if err != nil {
		return nil, &front.Error{Code: front.CodeInvalidParams, Message: err.Error()}
	}
	if cursor == "" {
		page = append(tools, page...)
	}
	return listResult("tools", next, page...), nil
}

// listResult puts a page of a list together.
func listResult(kind, next string, items ...json.RawMessage) json.RawMessage {
	size := len(kind) + len(next) + 24
	for _, item := range items {
		size += len(item) + 1
	}
	b := make([]byte, 0, size)
	b = append(append(append(b, `{"`...), kind...), `":[`...)
	for i, item := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, item...)
	}
	b = append(b, ']')
	if next != "" {
		b = append(append(append(b, `,"nextCursor":"`...), next...), '"')
	}
	return append(b, '}')
}

// callTool answers tools/call.
func (e *endpoint) callTool(ctx context.Context, c Client, r *front.Request) (json.RawMessage, error) {
	params, err := jsonobject.Parse(r.Params)
	if err != nil {
		return nil, &front.Error{Code: front.CodeInvalidParams, Message: "params: " + err.Error()}
	}
	name, mode := params.Text("name"), e.shown().Mode
	if name == toolName && mode != config.Direct {
		telemetry.About(ctx, r.Method, name)
		return e.executeCode(ctx, c, r)
	}
	if mode != config.Direct && mode != config.Both {
		return nil, unknownTool(name)
	}
	v := e.view(c)
	tool, err := v.table().Lookup(name)
	if err != nil {
		// The servers may just not have been up when the client came.
		v = e.settled(c)
		if tool, err = v.table().Lookup(name); err != nil {
			return nil, wire(err)
		}
	}
	telemetry.About(ctx, r.Method, name)
	return e.relay(ctx, c, r, tool.ID.Server, params, func(ctx context.Context, params jsonobject.Object) (json.RawMessage, error) {
		raw, err := e.g.callDirectly(ctx, c, v, e.trail(ctx, c, r), e.past(c, r), tool.ID, params)
		return answerTo(r, raw, err)
	})
}

func unknownTool(name string) error {
	return &front.Error{Code: front.CodeInvalidParams, Message: fmt.Sprintf("unknown tool: %.80s", name)}
}

// callDirectly makes one call of a client that has no script.
func (g *Gateway) callDirectly(ctx context.Context, client Client, v *View, t trail, past *policy.Execution, id bindery.ToolID, params jsonobject.Object) (json.RawMessage, error) {
	now := g.now.Load()
	var c bindery.Caller = relayed{&now.opts, params.Clone()}
	c = g.carrying(c)
	c = t.recorded(c)
	c = original(v, c)
	c = now.gates.configured(c)
	c = g.limited(client, v.toOrigin, c)
	c = g.ruled(client, v, past, backends.PeerOf(ctx), c)
	c = g.traced(v, false, c)
	c = visible(v, c)
	c = t.attempted(v.toOrigin, c)
	res, err := c.Call(ctx, bindery.Call{Tool: id, Args: params.Get("arguments")})
	return res.Raw, err
}

// answerTo is what a client hears of a call: the bytes that the server sent, an
// answer of the server's own about a call that failed, or an error of the protocol.
// From 2026-07-28 on there is none that has a page opened, and the result says which.
func answerTo(r *front.Request, raw json.RawMessage, err error) (json.RawMessage, error) {
	if err == nil {
		return raw, nil
	}
	s, ok := errors.AsType[*backends.ServerError](err)
	if ok && (s.Code != backends.CodeURLWanted || !r.Modern()) || bindery.CodeOf(err) == bindery.NotFound {
		return nil, wire(err)
	}
	if code := bindery.CodeOf(err); (code == bindery.Timeout || code == bindery.Unavailable) && !bindery.IsUnsent(err) {
		err = fmt.Errorf("%w; it was sent and not answered, and may have taken effect", err)
	}
	return failed(err), nil
}

// relayed is the end of a direct call: it sends the client's own params, with
// the name that the server knows, and does not look into the result. A tool that
// has gone into quarantine since the call was let through is not called.
type relayed struct {
	opts   *Options
	params jsonobject.Object
}

// Call implements [bindery.Caller].
func (d relayed) Call(ctx context.Context, c bindery.Call) (bindery.Result, error) {
	if d.opts.Servers == nil {
		return d.opts.Tools.Call(ctx, c)
	}
	if d.opts.Denied != nil {
		if err := d.opts.Denied(c.Tool); err != nil {
			return bindery.Result{}, err
		}
	}
	d.params.SetText("name", c.Tool.Name)
	d.params.Delete("task") // clients are promised none (2025-11-25), and get the result itself
	raw, err := d.opts.Servers.Do(ctx, c.Tool.Server, "tools/call", d.params.Bytes())
	return bindery.Result{Raw: raw}, err
}
