package policy

import (
	"context"
	"fmt"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
)

// Scope is whose calls a layer decides on.
type Scope struct {
	Client    Client
	Execution *Execution
	// Ask puts a question to the person at the client; nil if nobody can.
	Ask Asker
	// Tool returns what the configuration calls a tool, whatever a view does,
	// and its hints. nil takes the tool's own name, and no hints.
	Tool func(bindery.ToolID) (bindery.ToolID, bindery.Hints)
	// Decided is told of each decision before it takes effect, and again with
	// the answer of whoever was asked; nil for nobody. It must not block.
	Decided func(ctx context.Context, c bindery.Call, d Decision)
}

// Layer returns next with the policy in front of it. A call that is denied is
// an error with the code Denied that says by which rule and why, and nothing
// has happened then.
func (p *Policy) Layer(s Scope, next bindery.Caller) bindery.Caller {
	if p == nil {
		return next
	}
	return bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
		in := Input{Client: s.Client, Tool: c.Tool, Args: c.Args, Execution: s.Execution}
		if s.Tool != nil {
			in.Tool, in.Hints = s.Tool(c.Tool)
		}
		labels := p.Labels(in.Tool)
		d := p.admit(ctx, in, labels, false)
		s.decided(ctx, c, d)
		if d.Effect == config.EffectAsk {
			answer := s.answer(ctx, c, d)
			if answer.Effect == config.EffectAllow {
				// What was made meanwhile may forbid it now.
				if now := p.admit(ctx, in, labels, true); now.Effect == config.EffectDeny {
					answer = now
				}
			}
			s.decided(ctx, c, answer)
			d = answer
		}
		if d.Effect != config.EffectAllow {
			return bindery.Result{}, denial(c, d)
		}
		r, err := next.Call(ctx, c)
		if bindery.IsUnsent(err) {
			s.Execution.undo(in.Tool, labels)
		}
		return r, err
	})
}

// admit decides on a call and counts it if it may be made, for which a yes is
// enough if it has one already. Calls of one execution that are made side by side
// are decided on one after the other, so that each counts for the next.
func (p *Policy) admit(ctx context.Context, in Input, labels []string, yes bool) Decision {
	if x := in.Execution; x != nil {
		x.deciding.Lock()
		defer x.deciding.Unlock()
	}
	d := p.Decide(ctx, in)
	if d.Effect == config.EffectAllow || yes && d.Effect == config.EffectAsk {
		in.Execution.begin(in.Tool, labels)
	}
	return d
}

func (s Scope) decided(ctx context.Context, c bindery.Call, d Decision) {
	if s.Decided != nil {
		s.Decided(ctx, c, d)
	}
}

// answer puts the question and returns what the answer makes of the call.
func (s Scope) answer(ctx context.Context, c bindery.Call, d Decision) Decision {
	d.Effect = config.EffectDeny
	why := d.Reason
	if why != "" {
		why += " "
	}
	if s.Ask == nil {
		d.Reason = why + "It needs a yes from the person at the client, and this client cannot be asked."
		return d
	}
	yes, err := s.Ask.Ask(ctx, Question{Tool: c.Tool, Args: c.Args, Rule: d.Rule, Reason: d.Reason})
	switch {
	case err != nil:
		d.Reason = why + "It needs a yes from the person at the client, who could not be asked: " + clip(err.Error()) + "."
	case !yes:
		d.Reason = why + "The person at the client was asked and said no."
	default:
		d.Effect = config.EffectAllow
	}
	return d
}

func denial(c bindery.Call, d Decision) error {
	reason := d.Reason
	if reason == "" {
		reason = "no rule allows it"
		if d.Rule != DefaultRule {
			reason = "no reason is given"
		}
	}
	hint := "do without this call; trying again changes nothing unless the reason says so"
	if d.Failed {
		hint = "change the arguments if they are the cause; otherwise whoever runs the gateway has to mend the rule"
	}
	return &bindery.Error{
		Code: bindery.Denied, Op: "call " + c.Tool.String(), Unsent: true, Hint: hint,
		Err: fmt.Errorf("the rule %q forbids it: %s", d.Rule, reason),
	}
}

// Touch counts a call that was made elsewhere as one of the execution: one
// whose result is taken from an earlier execution instead of being made.
func (p *Policy) Touch(x *Execution, id bindery.ToolID) { x.begin(id, p.Labels(id)) }
