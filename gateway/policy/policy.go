package policy

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
)

// The names of what decides if no rule of the configuration does.
const (
	FlowRule    = "flow"
	DefaultRule = "default"
)

// Policy is compiled rules. It is immutable and safe for concurrent use. The
// nil Policy allows everything.
type Policy struct {
	labels []label
	// rules are in the order in which they are tried: the strictest effect
	// first, and the order of the configuration within one effect.
	rules    []rule
	fallback config.Effect
	flow     config.Effect
}

type label struct {
	name  string
	tools []config.ToolPattern
}

// rule is one rule; without a condition it always holds.
type rule struct {
	name   string
	tools  []config.ToolPattern // nil for all
	when   *condition
	effect config.Effect
	reason string
}

// Compile checks and compiles a policy. The error is a [*config.Error] with
// everything that is wrong, each with the rule's name and where it stands.
func Compile(c config.Policy) (*Policy, error) {
	p := &Policy{fallback: cmp.Or(c.Default, config.EffectAllow), flow: cmp.Or(c.Flow, config.EffectAsk)}
	for name, tools := range c.Labels {
		p.labels = append(p.labels, label{name, tools})
	}
	slices.SortFunc(p.labels, func(a, b label) int { return strings.Compare(a.name, b.name) })
	problems := checkEffects(p, c)
	env, err := newEnvironment()
	if err != nil {
		return nil, &bindery.Error{Code: bindery.Internal, Op: "prepare the language of rules", Err: err}
	}
	for i, r := range c.Rules {
		compiled := rule{name: r.Name, tools: r.Tools, effect: r.Effect, reason: strings.TrimSpace(r.Reason)}
		if r.When != "" {
			when, faults := env.compile(r.When)
			for _, f := range faults {
				problems = append(problems, c.Problem(i, f.where, f.message, f.hint))
			}
			if when != nil && r.Effect == config.EffectAllow && when.usesHints && !namesServers(r.Tools) {
				problems = append(problems, c.Problem(i, "", "allows calls because of hints, which any server can claim",
					"name the servers whose hints you believe, as in tools: [\"github.*\"]"))
			}
			compiled.when = when
		}
		p.rules = append(p.rules, compiled)
	}
	if len(problems) > 0 {
		return nil, &config.Error{Problems: problems}
	}
	slices.SortStableFunc(p.rules, func(a, b rule) int { return cmp.Compare(strictness(b.effect), strictness(a.effect)) })
	return p, nil
}

// checkEffects finds what a configuration that was not read from a file may
// have wrong.
func checkEffects(p *Policy, c config.Policy) []config.Problem {
	var problems []config.Problem
	if strictness(p.fallback) == 0 {
		problems = append(problems, config.Problem{Path: "policy.default", Message: fmt.Sprintf("%q is no effect", p.fallback)})
	}
	if p.flow != config.EffectOff && strictness(p.flow) < strictness(config.EffectAsk) {
		problems = append(problems, config.Problem{Path: "policy.flow", Message: fmt.Sprintf("%q is no effect of it", p.flow)})
	}
	if len(c.Rules) > config.MaxRules {
		problems = append(problems, config.Problem{Path: "policy.rules", Message: fmt.Sprintf("there are more than %d rules", config.MaxRules)})
	}
	for i, r := range c.Rules {
		if strictness(r.Effect) == 0 {
			problems = append(problems, c.Problem(i, "", fmt.Sprintf("%q is no effect", r.Effect), "write allow, deny or ask"))
		}
	}
	return problems
}

// strictness orders effects; it is 0 for what is none.
func strictness(e config.Effect) int {
	return 1 + slices.Index([]config.Effect{config.EffectAllow, config.EffectAsk, config.EffectDeny}, e)
}

// namesServers reports whether each of the patterns is about one server only.
func namesServers(tools []config.ToolPattern) bool {
	for _, t := range tools {
		server, _, ok := strings.Cut(string(t), ".")
		if !ok || strings.ContainsAny(server, "*?") {
			return false
		}
	}
	return len(tools) > 0
}

// Labels returns the labels of a tool, sorted.
func (p *Policy) Labels(id bindery.ToolID) []string {
	if p == nil {
		return nil
	}
	var names []string
	for _, l := range p.labels {
		if matches(l.tools, id) {
			names = append(names, l.name)
		}
	}
	return names
}

// Patterns yields what the labels and rules are about, by what they are called:
// "label private", "rule no-force".
func (p *Policy) Patterns() iter.Seq2[string, []config.ToolPattern] {
	return func(yield func(string, []config.ToolPattern) bool) {
		if p == nil {
			return
		}
		for _, l := range p.labels {
			if !yield("label "+l.name, l.tools) {
				return
			}
		}
		for i := range p.rules {
			if !yield("rule "+p.rules[i].name, p.rules[i].tools) {
				return
			}
		}
	}
}

func matches(patterns []config.ToolPattern, id bindery.ToolID) bool {
	return slices.ContainsFunc(patterns, func(p config.ToolPattern) bool { return p.Match(id.Server, id.Name) })
}
