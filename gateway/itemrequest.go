package gateway

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/front"
	"github.com/bindery-mcp/bindery/internal/jsonobject"
)

// resultScheme begins the URI of a result that was too long to be shown. They
// are in no list, so that the lists do not change with every script: their URIs
// are in the answers.
const resultScheme = "bindery://results/"

func resourceURI(id string) string { return resultScheme + id }

func paramsOf(r *front.Request) (jsonobject.Object, error) {
	params, err := jsonobject.Parse(r.Params)
	if err != nil {
		return params, &front.Error{Code: front.CodeInvalidParams, Message: "params: " + err.Error()}
	}
	return params, nil
}

// readResource answers resources/read.
func (e *endpoint) readResource(ctx context.Context, c Client, r *front.Request) (json.RawMessage, error) {
	params, err := paramsOf(r)
	if err != nil {
		return nil, err
	}
	uri := params.Text("uri")
	if id, ok := strings.CutPrefix(uri, resultScheme); ok {
		return e.readResult(c, uri, id)
	}
	server, own, err := e.g.locate(ctx, e.sure(c), uri)
	if err != nil {
		return nil, wire(err)
	}
	return e.pass(ctx, c, r, server, params, func(p *jsonobject.Object) { p.SetText("uri", own) })
}

// readResult hands out a result of the client's own.
func (e *endpoint) readResult(c Client, uri, id string) (json.RawMessage, error) {
	value, err := e.g.keeper.Of(c.Name).Result(id)
	if err != nil {
		return nil, noResource(uri)
	}
	var item jsonobject.Object
	item.SetText("uri", uri)
	item.SetText("mimeType", "application/json")
	item.SetText("text", string(value))
	return listResult("contents", "", item.Bytes()), nil
}

// getPrompt answers prompts/get.
func (e *endpoint) getPrompt(ctx context.Context, c Client, r *front.Request) (json.RawMessage, error) {
	params, err := paramsOf(r)
	if err != nil {
		return nil, err
	}
	server, own, err := e.findPrompt(ctx, e.sure(c), params.Text("name"))
	if err != nil {
		return nil, wire(err)
	}
	return e.pass(ctx, c, r, server, params, func(p *jsonobject.Object) { p.SetText("name", own) })
}

// complete answers completion/complete: it is about a prompt, or a resource.
func (e *endpoint) complete(ctx context.Context, c Client, r *front.Request) (json.RawMessage, error) {
	params, err := paramsOf(r)
	if err != nil {
		return nil, err
	}
	ref, err := jsonobject.Parse(params.Get("ref"))
	if err != nil {
		return nil, &front.Error{Code: front.CodeInvalidParams, Message: "params.ref: " + err.Error()}
	}
	v := e.sure(c)
	var server string
	switch kind := ref.Text("type"); kind {
	case "ref/prompt":
		var own string
		if server, own, err = e.findPrompt(ctx, v, ref.Text("name")); err == nil {
			ref.SetText("name", own)
		}
	case "ref/resource":
		var own string
		if server, own, err = e.g.locateTemplate(ctx, v, ref.Text("uri")); err == nil {
			ref.SetText("uri", own)
		}
	default:
		err = &front.Error{Code: front.CodeInvalidParams, Message: "params.ref.type is neither ref/prompt nor ref/resource"}
	}
	if err != nil {
		return nil, wire(err)
	}
	return e.pass(ctx, c, r, server, params, func(p *jsonobject.Object) { p.Set("ref", ref.Bytes()) })
}

// pass sends a request on to the server, with what change makes of its params.
func (e *endpoint) pass(ctx context.Context, c Client, r *front.Request, server string, params jsonobject.Object, change func(*jsonobject.Object)) (json.RawMessage, error) {
	raw, err := e.relay(ctx, c, r, server, params, func(ctx context.Context, params jsonobject.Object) (json.RawMessage, error) {
		own := params.Clone()
		change(&own)
		do := func(ctx context.Context, params jsonobject.Object) (json.RawMessage, error) {
			return e.g.opts().Servers.Do(e.g.outgoing(ctx), server, r.Method, params.Bytes())
		}
		return e.g.ruledRequest(ctx, c, e.trail(ctx, c, r), e.past(c, r), backends.PeerOf(ctx), server, r.Method, own, do)
	})
	if err != nil {
		return nil, wire(err)
	}
	return raw, nil
}
