package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/audit"
	"github.com/bindery-mcp/bindery/gateway/quota"
)

// limited holds the client's calls against the quotas. tool returns what the
// configuration calls a tool; nil takes its own name.
func (g *Gateway) limited(c Client, tool func(bindery.ToolID) bindery.ToolID, next bindery.Caller) bindery.Caller {
	q := g.opts().Quotas
	if q == nil {
		return next
	}
	return q.Layer(quota.Scope{Client: c.Name, Tool: tool, Limited: g.held}, next)
}

// held tells of a call that a quota refused or made wait.
func (g *Gateway) held(ctx context.Context, name string, o quota.Outcome) {
	if rule := "quota " + name; o == quota.Refused {
		audit.Decide(ctx, "limit", rule)
	} else {
		audit.Waited(ctx, rule)
	}
	g.opts().Telemetry.Limited(ctx, name, string(o))
}

// retryKey is where in _meta, or in the data of an error, it is said when to try
// again.
const retryKey = "io.github.bindery-mcp/retry"

// retryOf is when what failed with err can be tried again, as a JSON object; nil
// if nobody knows.
func retryOf(err error) json.RawMessage {
	e, ok := errors.AsType[*quota.ExceededError](err)
	if !ok {
		return nil
	}
	raw, _ := json.Marshal(struct {
		After float64 `json:"afterSeconds"`
		At    string  `json:"at"`
	}{math.Ceil(e.After.Seconds()*10) / 10, e.At.Format(time.RFC3339)})
	return raw
}
