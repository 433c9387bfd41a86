package config

import (
	"fmt"
	"strings"

	"github.com/bindery-mcp/bindery/internal/spelling"
)

// Policy is what calls must pass before they are made. Its conditions are
// compiled, and checked, by package policy.
type Policy struct {
	Labels  map[string][]ToolPattern `json:"labels,omitempty" jsonschema:"What tools are labelled, as server.tool with wildcards: private (reads what is not for everybody), untrusted (returns what anybody may have written), egress (takes data out), and labels of your own."`
	Rules   []Rule                   `json:"rules,omitempty" jsonschema:"Rules on calls. Of those that hold for a call the strictest decides: deny before ask before allow."`
	Default Effect                   `json:"default,omitempty" jsonschema:"What becomes of a call for which no rule holds: allow (the default), deny or ask."`
	Flow    Effect                   `json:"flow,omitempty" jsonschema:"What becomes of a call of a tool labelled egress after the same execution has read from tools labelled private and untrusted: ask (the default), deny or off."`

	file string
}

// Rule is one rule on calls.
type Rule struct {
	Name   string        `json:"name" jsonschema:"Name of the rule, which errors and records show."`
	Tools  []ToolPattern `json:"tools,omitempty" jsonschema:"The tools that the rule is about, as server.tool; * and ? are wildcards. Default: all."`
	When   string        `json:"when,omitempty" jsonschema:"Condition in CEL over client, tool, args, script and execution, such as args.force == true. Default: always."`
	Effect Effect        `json:"effect" jsonschema:"What becomes of a call for which the rule holds: allow, deny or ask."`
	Reason string        `json:"reason,omitempty" jsonschema:"Why, in words for the model and, if the effect is ask, for the person who is asked."`

	when Pos
}

// Effect is what becomes of a call.
type Effect string

// The effects of rules. EffectOff is one of the rule on flows only.
const (
	EffectAllow Effect = "allow"
	EffectDeny  Effect = "deny"
	EffectAsk   Effect = "ask"
	EffectOff   Effect = "off"
)

// Labels that the rule on flows looks at.
const (
	LabelPrivate   = "private"
	LabelUntrusted = "untrusted"
	LabelEgress    = "egress"
)

// Pin is what becomes of a tool that is not what it was when it was approved.
type Pin string

// What becomes of a changed tool; "" stands for [Warn].
const (
	Quarantine Pin = "quarantine"
	Warn       Pin = "warn"
	NoPin      Pin = "off"
)

// Bounds of a policy.
const (
	MaxRules    = 256
	MaxWhen     = 4 << 10
	MaxReason   = 500
	MaxLabels   = 32
	MaxPatterns = 512 // of one label or rule
)

// Problem says what is wrong with a rule's condition: where names a place in
// it, such as "1:15", or is empty. An error of a [Policy] is an [*Error] of
// such problems.
func (p Policy) Problem(rule int, where, message, hint string) Problem {
	r := p.Rules[rule]
	path := fmt.Sprintf("policy.rules[%d] (%s).when", rule, clip(r.Name, 64))
	if where != "" {
		message = where + ": " + message
	}
	return Problem{File: p.file, Pos: r.when, Path: path, Message: message, Hint: hint}
}

func (p *Policy) check(r *report, n *node, path string) {
	p.file = r.file
	effect(r, n, path, "default", &p.Default, EffectAllow, EffectDeny, EffectAsk)
	effect(r, n, path, "flow", &p.Flow, EffectAsk, EffectDeny, EffectOff)
	if labels := n.get("labels"); labels != nil {
		if len(labels.entries) > MaxLabels {
			r.add(labels.pos, join(path, "labels"), fmt.Sprintf("has more than %d labels", MaxLabels), "")
		}
		for _, e := range labels.entries {
			checkName(r, e, join(path, "labels"))
			checkPatterns(r, labels, join(path, "labels"), e.key, p.Labels[e.key])
			bounded(r, labels, join(path, "labels"), e.key)
		}
	}
	rules := n.get("rules")
	if rules == nil {
		return
	}
	if len(rules.items) > MaxRules {
		r.add(rules.pos, join(path, "rules"), fmt.Sprintf("has more than %d rules", MaxRules), "")
	}
	seen := map[string]Pos{}
	for i, item := range rules.items {
		if i >= len(p.Rules) || p.Rules[i].Name == "" {
			continue
		}
		name := p.Rules[i].Name
		if first, ok := seen[name]; ok {
			r.add(item.get("name").pos, join(path, fmt.Sprintf("rules[%d].name", i)), quote(name)+" is there twice",
				fmt.Sprintf("the first one is in line %d", first.Line))
			continue
		}
		seen[name] = item.pos
	}
}

func (u *Rule) check(r *report, n *node, path string) {
	u.when = n.pos
	if name := n.get("name"); u.Name == "" {
		if name == nil || name.kind == stringNode || name.kind == nullNode {
			r.add(n.pos, join(path, "name"), "is missing", "give the rule a name, which errors and records show")
		}
	} else {
		checkName(r, entry{key: u.Name, pos: name.pos}, join(path, "name"))
		if u.Name == "flow" || u.Name == "default" {
			r.add(name.pos, join(path, "name"), quote(u.Name)+" is what the built-in rule is called", "choose another name")
		}
	}
	if e := n.get("effect"); e == nil {
		if !almost(n, "effect") {
			r.add(n.pos, join(path, "effect"), "is missing", "write allow, deny or ask")
		}
	} else {
		effect(r, n, path, "effect", &u.Effect, EffectAllow, EffectDeny, EffectAsk)
	}
	if w := n.get("when"); w != nil {
		u.when = w.pos
		if w.kind == stringNode && strings.TrimSpace(u.When) == "" {
			r.add(w.pos, join(path, "when"), "is empty", "remove it if the rule always holds")
		}
		if len(u.When) > MaxWhen {
			r.add(w.pos, join(path, "when"), fmt.Sprintf("has more than %d bytes", MaxWhen), "make it several rules")
		}
	}
	if len(u.Reason) > MaxReason {
		r.add(n.get("reason").pos, join(path, "reason"), fmt.Sprintf("has more than %d bytes", MaxReason), "")
	}
	checkPatterns(r, n, path, "tools", u.Tools)
	bounded(r, n, path, "tools")
	if list := n.get("tools"); list != nil && list.kind == listNode && len(list.items) == 0 {
		r.add(list.pos, join(path, "tools"), "is empty, which is not clear", "remove it if the rule is about every tool")
	}
}

// effect checks a word of a few, whose spelling may differ in case.
func effect(r *report, n *node, path, key string, e *Effect, known ...Effect) {
	if *e == "" {
		if v := n.get(key); v != nil && v.kind == stringNode {
			r.add(v.pos, join(path, key), "is empty", "")
		}
		return
	}
	var words []string
	for _, k := range known {
		if spelling.Fold(string(*e)) == string(k) {
			*e = k
			return
		}
		words = append(words, string(k))
	}
	r.add(n.get(key).pos, join(path, key), quote(string(*e))+" is no effect", "known are "+strings.Join(words, ", "))
}

func bounded(r *report, n *node, path, key string) {
	if list := n.get(key); list != nil && len(list.items) > MaxPatterns {
		r.add(list.pos, join(path, key), fmt.Sprintf("has more than %d patterns", MaxPatterns), "use wildcards")
	}
}

func (p *Pin) decodeNode(d *decoder, n *node, path string) {
	// off is a truth value to YAML 1.1, and to whoever writes it so.
	if n.kind == boolNode && n.text == "false" {
		*p = NoPin
		return
	}
	if !d.expect(n, stringNode, path) {
		return
	}
	switch *p = Pin(spelling.Fold(n.text)); *p {
	case Quarantine, Warn, NoPin:
	default:
		d.r.add(n.pos, path, quote(n.text)+" is not known", "known are quarantine, warn, off")
	}
}
