package policy

import (
	"context"
	"encoding/json"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
)

// Try decides on a case, and reports whether the decision is the one it wants.
// Names of tools are taken apart by split.
func (p *Policy) Try(ctx context.Context, c config.Case, split func(string) bindery.ToolID) (Decision, bool) {
	x := NewExecution(Script{Digest: c.Digest, Language: c.Language})
	for _, t := range c.Touched {
		p.Touch(x, split(t))
	}
	x.Inherit(c.Read...)
	d := p.Decide(ctx, Input{
		Client: Client{Name: c.Client, Roles: c.Roles}, Tool: split(c.Tool), Args: json.RawMessage(c.Args), Execution: x,
		Hints: bindery.Hints{
			ReadOnly: c.Hints.ReadOnly, Destructive: c.Hints.Destructive, Idempotent: c.Hints.Idempotent, OpenWorld: c.Hints.OpenWorld,
		},
	})
	return d, d.Effect == c.Want && (c.Rule == "" || d.Rule == c.Rule)
}
