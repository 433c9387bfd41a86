package policy_test

import (
	"encoding/json"
	"testing"

	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/policy"
)

// FuzzCondition wants every condition to be refused or to decide, and one that
// fails to deny, whatever the arguments.
func FuzzCondition(f *testing.F) {
	for _, when := range []string{
		`args.force == true`, `has(args.a) && args.a.startsWith("x")`, `args.l.exists(x, x > 3)`, `args.?a.orValue(1) == 2u`,
		`args.s.matches("(a+)+$")`, `client.name in ["a"] || "x" in client.roles`, `size(execution.tools) > execution.calls`,
		`timestamp(args.t) < timestamp("2026-01-01T00:00:00Z")`, `args.a.b[0].c != null`, `args.n / 0 == 1`, `tool.hints.readOnly`, `args == args`,
		`args.a.all(x, args.a.all(y, x == y))`, "`a` == 1", `[1,2].map(x, x * 2).filter(x, x > 1).size() == 1`,
	} {
		f.Add(when, []byte(`{"a":{"b":[{"c":1}]},"l":[1,5],"s":"aaaaaaaaaaaaaaaaaaaaaaaab","n":1,"force":true}`))
	}
	f.Add(`args.a == 1`, []byte(`{"a":1,"A":2}`))
	f.Add(`args.a == 1`, []byte(`{"a":99999999999999999999}`))
	f.Fuzz(func(t *testing.T, when string, args []byte) {
		if len(when) > config.MaxWhen {
			return
		}
		c := config.Policy{Default: config.EffectAsk, Rules: []config.Rule{{Name: "r", When: when, Effect: config.EffectDeny}}}
		p, err := policy.Compile(c)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without words")
			}
			return
		}
		in := policy.Input{Args: json.RawMessage(args), Execution: policy.NewExecution(policy.Script{})}
		d := p.Decide(t.Context(), in)
		if d.Failed && (d.Effect != config.EffectDeny || d.Reason == "") {
			t.Errorf("%+v", d)
		}
		if again := p.Decide(t.Context(), in); again != d && when != "" {
			t.Errorf("%+v, then %+v", d, again)
		}
	})
}

// FuzzArguments wants what a condition sees to be what encoding/json sees, or
// an error.
func FuzzArguments(f *testing.F) {
	f.Add([]byte(`{"a":1}`))
	f.Add([]byte(`{"a":[1,{"b":null}],"c":"\u00e9"}`))
	f.Add([]byte(`{"a":1,"A":1}`))
	f.Add([]byte(` { "a" : -0.0 } `))
	p, err := policy.Compile(config.Policy{Rules: []config.Rule{{Name: "r", When: `size(args) >= 0`, Effect: config.EffectAsk}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d := p.Decide(t.Context(), policy.Input{Args: data})
		var members map[string]any
		if err := json.Unmarshal(data, &members); err != nil && len(data) > 0 && !d.Failed {
			t.Errorf("%q is not an object of JSON, and was decided on: %+v", data, d)
		}
	})
}
