package policy_test

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/policy"
)

// BenchmarkDecide is one decision of a policy as a team has it: 20 rules about
// some tools each, and labels with 30 patterns.
func BenchmarkDecide(b *testing.B) {
	var yaml strings.Builder
	yaml.WriteString("policy:\n  labels:\n")
	for _, label := range []string{"private", "untrusted", "egress"} {
		fmt.Fprintf(&yaml, "    %s: [", label)
		for i := range 10 {
			fmt.Fprintf(&yaml, "%q, ", fmt.Sprintf("server%d.*_%s", i, label))
		}
		yaml.WriteString("]\n")
	}
	yaml.WriteString("  rules:\n")
	for i := range 16 {
		fmt.Fprintf(&yaml, "    - {name: r%d, tools: [\"server%d.*\"], when: 'has(args.path) && args.path.startsWith(\"/etc\")', effect: deny}\n", i, i%8)
	}
	yaml.WriteString(`
    - {name: roles, when: '!("dev" in client.roles) && !tool.hints.readOnly', effect: deny}
    - {name: regex, when: 'has(args.text) && args.text.matches("(?i)password")', effect: ask}
    - {name: past, when: 'execution.calls > 500 && "server3" in execution.servers', effect: ask}
    - {name: loop, when: 'has(args.items) && args.items.exists(x, x.amount > 1000)', effect: ask}
`)
	p := compile(b, yaml.String())
	x := policy.NewExecution(policy.Script{Digest: strings.Repeat("d", 64), Language: "typescript"})
	for i := range 50 {
		p.Touch(x, bindery.ToolID{Server: fmt.Sprintf("server%d", i%8), Name: fmt.Sprintf("get_%d", i)})
	}
	in := policy.Input{
		Client: policy.Client{Name: "ci", Roles: []string{"dev"}}, Tool: bindery.ToolID{Server: "server3", Name: "write_file"}, Execution: x,
		Args: json.RawMessage(`{"path":"/home/ann/project/main.go","text":"package main","items":[{"amount":1},{"amount":2},{"amount":3}]}`),
	}
	if d := p.Decide(b.Context(), in); d.Effect != config.EffectAllow || d.Failed {
		b.Fatal(d)
	}
	b.ReportAllocs()
	for b.Loop() {
		_ = p.Decide(b.Context(), in)
	}
}

// BenchmarkDecideSimple is one rule that looks at one argument.
func BenchmarkDecideSimple(b *testing.B) {
	p := compile(b, `policy: {rules: [{name: force, when: 'has(args.force) && args.force == true', effect: deny}]}`)
	in := policy.Input{Tool: bindery.ToolID{Server: "git", Name: "push"}, Args: json.RawMessage(`{"branch":"main","force":false}`)}
	b.ReportAllocs()
	for b.Loop() {
		_ = p.Decide(b.Context(), in)
	}
}

// TestMemory holds a policy with 256 rules, and an execution for each of 1,000
// clients that has touched 30 of 3,000 tools, to 10 MiB of the 50 MiB that
// clients and tools in such numbers may cost.
func TestMemory(t *testing.T) {
	c := config.Policy{Labels: map[string][]config.ToolPattern{"private": {"a.*"}, "untrusted": {"b.*"}, "egress": {"c.*"}}}
	for i := range config.MaxRules {
		c.Rules = append(c.Rules, config.Rule{Name: fmt.Sprintf("r%d", i), When: fmt.Sprintf("has(args.a) && args.a == %d", i), Effect: config.EffectDeny})
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	p, err := policy.Compile(c)
	if err != nil {
		t.Fatal(err)
	}
	executions := make([]*policy.Execution, 1000)
	for i := range executions {
		executions[i] = policy.NewExecution(policy.Script{})
		for j := range 30 {
			p.Touch(executions[i], bindery.ToolID{Server: "a", Name: fmt.Sprint("tool", (i*30+j)%3000)})
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	grown := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	t.Logf("%.1f MiB", float64(grown)/(1<<20))
	if grown > 10<<20 {
		t.Errorf("%d bytes are kept", grown)
	}
	runtime.KeepAlive(p)
	runtime.KeepAlive(executions)
}
