package policy

import (
	"encoding/json"
	"fmt"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"

	"github.com/bindery-mcp/bindery"
)

// Client is who calls.
type Client struct {
	Name  string
	Roles []string
}

// Script is what calls; the zero Script is a client that calls a tool itself.
type Script struct {
	Digest   string
	Language string
}

// Input is one call and what is known of it.
type Input struct {
	Client Client
	Tool   bindery.ToolID
	// Hints are what the server says of the tool. A hint that is missing counts
	// as what the MCP specification takes it for, which is the worst.
	Hints bindery.Hints
	// Args is a JSON object; nil stands for {}.
	Args json.RawMessage
	// Execution is what the call belongs to; nil for one that stands alone.
	Execution *Execution
}

// vars are the variables of a condition, made when they are asked for and kept
// while one call is decided.
type vars struct {
	Input
	labels []string
	args   any // nil before it is asked for
}

// Parent implements [cel.Activation].
func (*vars) Parent() cel.Activation { return nil }

// ResolveName implements [cel.Activation].
func (v *vars) ResolveName(name string) (any, bool) {
	switch name {
	case "client.name":
		return v.Client.Name, true
	case "client.roles":
		return v.Client.Roles, true
	case "tool.server":
		return v.Tool.Server, true
	case "tool.name":
		return v.Tool.Name, true
	case "tool.labels":
		return v.labels, true
	case "tool.hints.readOnly":
		return claims(v.Hints.ReadOnly, false), true
	case "tool.hints.destructive":
		return claims(v.Hints.Destructive, true), true
	case "tool.hints.idempotent":
		return claims(v.Hints.Idempotent, false), true
	case "tool.hints.openWorld":
		return claims(v.Hints.OpenWorld, true), true
	case "args":
		return v.arguments(), true
	case "script.digest":
		return v.Execution.Script().Digest, true
	case "script.language":
		return v.Execution.Script().Language, true
	case "execution.calls":
		return v.Execution.count(), true
	case "execution.servers":
		return v.Execution.past().servers, true
	case "execution.tools":
		return v.Execution.past().tools, true
	case "execution.labels":
		return v.Execution.past().labels, true
	}
	return nil, false
}

// claims returns a hint, or what its absence means.
func claims(hint *bool, missing bool) bool {
	if hint == nil {
		return missing
	}
	return *hint
}

// arguments returns an error as a value, which CEL makes the outcome of
// whatever looks at it.
func (v *vars) arguments() any {
	if v.args == nil {
		args, err := decodeArgs(v.Args)
		if err != nil {
			v.args = types.WrapErr(fmt.Errorf("the arguments cannot be compared: %w", err))
		} else {
			v.args = args
		}
	}
	return v.args
}
