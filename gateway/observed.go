package gateway

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"strconv"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/front"
	"github.com/bindery-mcp/bindery/gateway/policy"
	"github.com/bindery-mcp/bindery/gateway/telemetry"
	"github.com/bindery-mcp/bindery/internal/jsonscan"
	"github.com/bindery-mcp/bindery/sandbox"
)

// observer is what the front tells of requests; nil if nobody wants to know.
func (e *endpoint) observer() func(context.Context, *front.Request) (context.Context, func(json.RawMessage, *front.Error)) {
	if e.g.opts().Telemetry == nil {
		return nil
	}
	return e.observe
}

// observe begins the span of a request. One that only listens has none: how long
// it lasts says nothing.
func (e *endpoint) observe(ctx context.Context, r *front.Request) (context.Context, func(json.RawMessage, *front.Error)) {
	ctx = received(ctx, r)
	if r.Method == "subscriptions/listen" {
		return ctx, nil
	}
	ctx, answering := e.g.opts().Telemetry.Request(ctx, telemetry.Request{
		Method: r.Method, Client: e.client(r.Caller).Name, Session: r.Session, View: e.name, Protocol: r.Protocol, Pipe: r.Header == nil,
	})
	return ctx, func(result json.RawMessage, err *front.Error) { answering.End(ctx, outcomeOf(r.Method, result, err)) }
}

// outcomeOf is how a request ended, in the words of the semantic conventions.
func outcomeOf(method string, result json.RawMessage, err *front.Error) string {
	switch {
	case err != nil:
		return strconv.Itoa(err.Code)
	case method == "tools/call" && string(jsonscan.Member(result, "isError")) == "true":
		return "tool_error"
	}
	return ""
}

// received puts a request's work into the trace that the client named.
func received(ctx context.Context, r *front.Request) context.Context {
	return telemetry.FromMeta(telemetry.FromHeader(ctx, r.Sent), r.Meta)
}

// outgoing has the requests that are made in ctx say which trace they belong to.
func (g *Gateway) outgoing(ctx context.Context) context.Context {
	parent, state, baggage := telemetry.Outgoing(ctx)
	if !g.opts().Baggage {
		baggage = ""
	}
	if parent == "" && baggage == "" {
		return ctx
	}
	return backends.WithTrace(ctx, backends.Trace{Parent: parent, State: state, Baggage: baggage})
}

// carrying passes the trace on with each call.
func (g *Gateway) carrying(next bindery.Caller) bindery.Caller {
	return bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
		return next.Call(g.outgoing(ctx), c)
	})
}

// traced makes a span of each call of a tool of the view.
func (g *Gateway) traced(v *View, script bool, next bindery.Caller) bindery.Caller {
	t := g.opts().Telemetry
	if t == nil {
		return next
	}
	return t.Layer(telemetry.Scope{Tool: v.toOrigin, Script: script, Protocol: func(server string) string {
		s, _ := v.server(server)
		return s.Protocol
	}}, next)
}

// executing begins the span of a script, and has the log say which it is.
func (g *Gateway) executing(ctx context.Context, id string, c Client, r Request, l sandbox.Language) (context.Context, *telemetry.Running) {
	ctx = context.WithValue(ctx, executionKey{}, id)
	if g.opts().Telemetry == nil {
		return ctx, nil
	}
	return g.opts().Telemetry.Execution(ctx, telemetry.Execution{
		ID: id, Client: c.Name, View: r.View, Language: string(l), Digest: scriptOf(r, l).Digest,
	})
}

// executed ends the span of a script.
func executed(ctx context.Context, running *telemetry.Running, o sandbox.Outcome, calls int, err error) {
	outcome := ""
	switch {
	case err != nil:
		outcome = bindery.CodeOf(err).String()
	case o.Failure != nil:
		outcome = o.Failure.Code.String()
	}
	running.End(ctx, outcome, telemetry.Usage{Calls: calls, CPU: o.Usage.CPU})
}

// decided tells of a decision of the policy.
func (g *Gateway) decided(ctx context.Context, c bindery.Call, d policy.Decision) {
	decided(ctx, c, d)
	g.opts().Telemetry.Decided(ctx, string(d.Effect), d.Rule)
}

type executionKey struct{}

// LogHandler returns a handler in front of next that adds to each record the ids
// of what it is about, as far as the record's context knows them: trace_id,
// span_id, execution, client and session.
func LogHandler(next slog.Handler) slog.Handler {
	return telemetry.NewLogs(next, func(ctx context.Context) []slog.Attr {
		var attrs []slog.Attr
		if id, ok := ctx.Value(executionKey{}).(string); ok {
			attrs = append(attrs, slog.String("execution", id))
		}
		if p := backends.PeerOf(ctx); p != nil {
			if p.Client != "" {
				attrs = append(attrs, slog.String("client", p.Client))
			}
			if p.Session != "" {
				attrs = append(attrs, slog.String("session", p.Session))
			}
		}
		return attrs
	})
}

// metered answers /metrics. They name every server and tool, so that they are
// for clients that see everything, and for those that are named as scrapers.
func (g *Gateway) metered(metrics http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		now := g.now.Load()
		if c := now.clients.of(whoIn(r)); c.limited() && !slices.Contains(now.opts.Scrapers, c.Name) {
			http.Error(w, "the metrics name every server; name this client in telemetry.scrapers", http.StatusForbidden)
			return
		}
		metrics.ServeHTTP(w, r)
	})
}
