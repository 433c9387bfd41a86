package gateway

import (
	"context"
	"strconv"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/audit"
	"github.com/bindery-mcp/bindery/gateway/execution"
	"github.com/bindery-mcp/bindery/gateway/policy"
	"github.com/bindery-mcp/bindery/gateway/telemetry"
	"github.com/bindery-mcp/bindery/sandbox"
)

// trail is what is recorded of a script or of a call without one; the zero trail
// records nothing.
type trail struct{ *audit.Trail }

// trailOf begins the record of a script. An error means that it must not run.
func (g *Gateway) trailOf(ctx context.Context, id string, c Client, session string, r Request, l sandbox.Language, v *View) (trail, error) {
	if g.opts().Audit == nil {
		return trail{}, nil
	}
	t, err := g.opts().Audit.Execution(ctx, audit.Execution{
		ID: id, Client: c.Name, Session: session, View: r.View, Script: r.Code, Language: string(l), Catalogue: strconv.FormatUint(v.Version, 10),
		Trace: telemetry.TraceID(ctx),
	})
	return trail{t}, err
}

// directTrail is that of a client's own call.
func (g *Gateway) directTrail(ctx context.Context, c Client, session, view string) trail {
	if g.opts().Audit == nil {
		return trail{}
	}
	return trail{g.opts().Audit.Direct(audit.Execution{ID: execution.NewID(), Client: c.Name, Session: session, View: view, Trace: telemetry.TraceID(ctx)})}
}

// recorded is the layer that records calls before they are made.
func (t trail) recorded(next bindery.Caller) bindery.Caller {
	if t.Trail == nil {
		return next
	}
	return t.Layer(next)
}

// attempted is the layer that records calls that are refused further down, by
// what the configuration calls their tools; nil if that is their name.
func (t trail) attempted(tool func(bindery.ToolID) bindery.ToolID, next bindery.Caller) bindery.Caller {
	if t.Trail == nil {
		return next
	}
	return t.Attempts(tool, next)
}

// ended records how a script ended.
func (t trail) ended(o sandbox.Outcome, calls int, err error) {
	if t.Trail == nil {
		return
	}
	code := audit.CodeOf(err)
	if o.Failure != nil {
		code = o.Failure.Code.String()
	}
	t.End(audit.Outcome{Code: code, Usage: audit.Usage{Calls: calls, CPU: o.Usage.CPU, Bytes: int64(len(o.Value))}})
}

func decided(ctx context.Context, _ bindery.Call, d policy.Decision) {
	audit.Decide(ctx, string(d.Effect), d.Rule)
}
