package policy

import (
	"context"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery/gateway/config"
)

// Decision is what becomes of a call.
type Decision struct {
	// Effect is config.EffectAllow, EffectDeny or EffectAsk.
	Effect config.Effect
	// Rule is the name of the rule that decided: one of the configuration,
	// [FlowRule] or [DefaultRule].
	Rule string
	// Reason says why; it is empty if the rule gives none. It is a sentence or
	// two on one line.
	Reason string
	// Failed tells that the rule did not hold but could not be evaluated.
	Failed bool
}

const flowReason = "Private data and text that anybody may have written have been read, and this tool takes data out."

// Decide says what becomes of a call. The rules are tried from the strictest
// effect to the mildest, those of one effect in their order, and the first that
// holds decides: deny wins over ask, and ask over allow. The built-in rule on
// flows comes after the others of its effect, and is not lifted by milder ones. A rule that cannot be evaluated
// for the call denies it. Without any that holds, the default decides.
func (p *Policy) Decide(ctx context.Context, in Input) Decision {
	if p == nil {
		return Decision{Effect: config.EffectAllow, Rule: DefaultRule}
	}
	v := &vars{Input: in, labels: p.Labels(in.Tool)}
	flows := p.flows(v)
	for i := range p.rules {
		r := &p.rules[i]
		if flows && p.flow == config.EffectDeny && r.effect != config.EffectDeny {
			return flowDecision(p.flow)
		}
		if r.tools != nil && !matches(r.tools, in.Tool) {
			continue
		}
		holds, err := r.holds(ctx, v)
		switch {
		case err != nil:
			return Decision{Effect: config.EffectDeny, Rule: r.name, Reason: "The rule cannot be evaluated for this call: " + explain(err) + ".", Failed: true}
		case holds && flows && r.effect == config.EffectAllow:
			return flowDecision(p.flow)
		case holds:
			return r.decision(flows)
		}
	}
	if flows && strictness(p.flow) >= strictness(p.fallback) {
		return flowDecision(p.flow)
	}
	return Decision{Effect: p.fallback, Rule: DefaultRule}
}

func flowDecision(e config.Effect) Decision {
	return Decision{Effect: e, Rule: FlowRule, Reason: flowReason}
}

func (r *rule) holds(ctx context.Context, v *vars) (bool, error) {
	if r.when == nil {
		return true, nil
	}
	return r.when.holds(ctx, v)
}

// decision is that of a rule that holds. Whoever is asked because of it is told
// of a flow too: there is only one question.
func (r *rule) decision(flows bool) Decision {
	d := Decision{Effect: r.effect, Rule: r.name, Reason: r.reason}
	if flows && r.effect == config.EffectAsk {
		d.Reason = strings.TrimSpace(d.Reason + " " + flowReason)
	}
	return d
}

// flows reports whether the call could take private data where text of
// somebody else's wants it.
func (p *Policy) flows(v *vars) bool {
	return p.flow != config.EffectOff && slices.Contains(v.labels, config.LabelEgress) &&
		v.Execution.hasRead(config.LabelPrivate) && v.Execution.hasRead(config.LabelUntrusted)
}

// Step is one rule about a tool, and whether it holds for a call.
type Step struct {
	Rule   string        `json:"rule"`
	Effect config.Effect `json:"effect"`
	Holds  bool          `json:"holds"`
	// Err is why the rule cannot be evaluated, in words.
	Err string `json:"error,omitempty"`
}

// Explain returns the rules about the tool of the call, in the order in which
// they are tried, all evaluated: those before the one that decides, and those
// that would decide if it were not there.
func (p *Policy) Explain(ctx context.Context, in Input) []Step {
	if p == nil {
		return nil
	}
	v := &vars{Input: in, labels: p.Labels(in.Tool)}
	var steps []Step
	for i := range p.rules {
		r := &p.rules[i]
		if r.tools != nil && !matches(r.tools, in.Tool) {
			continue
		}
		s := Step{Rule: r.name, Effect: r.effect}
		var err error
		if s.Holds, err = r.holds(ctx, v); err != nil {
			s.Err = explain(err)
		}
		steps = append(steps, s)
	}
	return steps
}
