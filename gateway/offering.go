package gateway

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/gateway/pin"
	"github.com/bindery-mcp/bindery/gateway/policy"
	"github.com/bindery-mcp/bindery/internal/jsonobject"
	"github.com/bindery-mcp/bindery/sandbox"
)

// offering answers the host functions resources and prompts: what the view's
// servers offer besides tools.
func (g *Gateway) offering(d doing, next bindery.Caller) bindery.Caller {
	v, in := d.view, d.in
	return bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
		object, function, _ := strings.Cut(c.Tool.Name, ".")
		if c.Tool.Server != sandbox.Builtin || object != "resources" && object != "prompts" {
			return next.Call(ctx, c)
		}
		var args struct {
			URI    string          `json:"uri"`
			Name   string          `json:"name"`
			Args   json.RawMessage `json:"args"`
			Server string          `json:"server"`
		}
		op := object + "." + function
		if err := json.Unmarshal(c.Args, &args); err != nil {
			return bindery.Result{}, &bindery.Error{Code: bindery.Invalid, Op: op, Err: fmt.Errorf("arguments: %w", err), Hint: offeringUsage(in)}
		}
		if g.opts().Servers == nil {
			return bindery.Result{}, &bindery.Error{Code: bindery.NotFound, Op: op, Err: errors.New("no server offers any here")}
		}
		var raw json.RawMessage
		var err error
		switch op {
		case "resources.list":
			raw = g.listing(ctx, v, args.Server, backends.Resources, backends.Templates)
		case "prompts.list":
			raw = g.listing(ctx, v, args.Server, backends.Prompts)
		case "resources.read":
			raw, err = g.readFor(ctx, d, args.Server, args.URI)
		case "prompts.get":
			raw, err = g.promptFor(ctx, d, args.Server, args.Name, args.Args)
		default:
			return next.Call(ctx, c)
		}
		return bindery.Result{Structured: raw, Raw: raw}, err
	})
}

func offeringUsage(in codegen.Language) string {
	if in == codegen.Python {
		return `resources.list(server=None), resources.read(uri, server=None), prompts.list(server=None), prompts.get(name, args=None, server=None)`
	}
	return `resources.list(server?), resources.read(uri, server?), prompts.list(server?), prompts.get(name, args?, server?)`
}

// listing is what the servers list of some kinds, or one of them does, each
// entry with its server's name.
func (g *Gateway) listing(ctx context.Context, v *View, server string, kinds ...backends.Kind) json.RawMessage {
	list := []byte{'['}
	for _, kind := range kinds {
		for _, item := range g.offers(ctx, v, kind) {
			raw, _ := pin.Strip(item.Raw)
			o, err := jsonobject.Parse(raw)
			if err != nil || server != "" && server != item.server {
				continue
			}
			o.SetText("server", item.server)
			if len(list) > 1 {
				list = append(list, ',')
			}
			list = append(list, o.Bytes()...)
		}
	}
	return append(list, ']')
}

// readFor reads a resource for a script. One text is returned as the text it
// is, or as the value if it is JSON; anything else as the contents that came.
func (g *Gateway) readFor(ctx context.Context, d doing, server, uri string) (json.RawMessage, error) {
	own := uri
	if server == "" {
		var err error
		if server, own, err = g.locate(ctx, d.view, uri); err != nil {
			return nil, &bindery.Error{
				Code: bindery.NotFound, Op: "find the resource", Err: err,
				Hint: cmp.Or(bindery.HintOf(err), "await resources.list() has those there are"),
			}
		}
	} else if err := d.view.knows(server); err != nil {
		return nil, err
	}
	var params jsonobject.Object
	params.SetText("uri", own)
	raw, err := g.forScript(ctx, d, server, policy.ReadResource, params)
	if err != nil {
		return nil, err
	}
	var res struct {
		Contents []struct {
			Text *string `json:"text"`
		} `json:"contents"`
	}
	if json.Unmarshal(raw, &res) == nil && len(res.Contents) == 1 && res.Contents[0].Text != nil {
		return textValue(*res.Contents[0].Text), nil
	}
	o, err := jsonobject.Parse(raw)
	if err != nil {
		return nil, &bindery.Error{Code: bindery.Upstream, Op: "read " + clip(uri, 200), Err: err}
	}
	return o.Get("contents"), nil
}

// textValue is a text as a script wants it: JSON is the value it stands for.
func textValue(text string) json.RawMessage {
	t := strings.TrimSpace(text)
	if strings.HasPrefix(t, "{") || strings.HasPrefix(t, "[") {
		if json.Valid([]byte(t)) {
			return json.RawMessage(t)
		}
	}
	quoted, _ := json.Marshal(text)
	return quoted
}

// promptFor gets a prompt for a script: its description and messages.
func (g *Gateway) promptFor(ctx context.Context, d doing, server, name string, args json.RawMessage) (json.RawMessage, error) {
	if server == "" {
		found := owners(g.offers(ctx, d.view, backends.Prompts), func(i offered) bool { return i.Name == name })
		switch len(found) {
		case 1:
			server = found[0]
		case 0:
			return nil, &bindery.Error{Code: bindery.NotFound, Op: "find the prompt", Err: fmt.Errorf("there is no prompt %.80q", name), Hint: "await prompts.list() has those there are"}
		default:
			return nil, &bindery.Error{Code: bindery.Invalid, Op: "find the prompt", Err: fmt.Errorf("%s have a prompt %.80q", strings.Join(found, " and "), name), Hint: "say which server it is of"}
		}
	} else if err := d.view.knows(server); err != nil {
		return nil, err
	}
	var params jsonobject.Object
	params.SetText("name", name)
	if len(args) > 0 && string(args) != "null" {
		params.Set("arguments", args)
	}
	return g.forScript(ctx, d, server, policy.GetPrompt, params)
}

func (v *View) knows(server string) error {
	if v.open(server) {
		return nil
	}
	return &bindery.Error{Code: bindery.NotFound, Op: "find the server", Err: fmt.Errorf("there is no server %.80q", server)}
}

// forScript makes a request that is no call of a tool for a script.
func (g *Gateway) forScript(ctx context.Context, d doing, server, method string, params jsonobject.Object) (json.RawMessage, error) {
	return g.ruledRequest(ctx, d.client, d.trail, d.past, d.peer, server, method, params, func(ctx context.Context, params jsonobject.Object) (json.RawMessage, error) {
		if d.peer != nil && d.peer.Ask != nil {
			ctx = backends.WithPeer(ctx, peerFor(d.peer, server))
		}
		return g.opts().Servers.Do(g.outgoing(ctx), server, method, params.Bytes())
	})
}
