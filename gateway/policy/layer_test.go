package policy_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/policy"
)

const asking = `
policy:
  labels: {private: ["notes.*"], untrusted: ["web.*"], egress: ["mail.*"]}
  rules:
    - {name: push, tools: ["git.push"], effect: ask, reason: Pushing is public.}
    - {name: gone, tools: ["git.rm"], effect: deny}
`

// answers is an Asker with one answer, which keeps the questions.
type answers struct {
	yes bool
	err error

	mu    sync.Mutex
	asked []policy.Question
}

func (a *answers) Ask(_ context.Context, q policy.Question) (bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked = append(a.asked, q)
	return a.yes, a.err
}

// made counts the calls that arrive.
func made(n *int) bindery.Caller {
	return bindery.CallerFunc(func(context.Context, bindery.Call) (bindery.Result, error) {
		*n++
		return bindery.Result{}, nil
	})
}

func TestLayer(t *testing.T) {
	t.Parallel()
	p := compile(t, asking)
	for _, tt := range []struct {
		name, tool string
		ask        policy.Asker
		made       int
		want       string
	}{
		{name: "allowed", tool: "git.log", made: 1},
		{name: "denied", tool: "git.rm", want: `call git.rm: the rule "gone" forbids it: no reason is given`},
		{name: "nobody to ask", tool: "git.push", want: `call git.push: the rule "push" forbids it: Pushing is public. It needs a yes from the person at the client, and this client cannot be asked.`},
		{name: "yes", tool: "git.push", ask: &answers{yes: true}, made: 1},
		{name: "no", tool: "git.push", ask: &answers{}, want: `call git.push: the rule "push" forbids it: Pushing is public. The person at the client was asked and said no.`},
		{name: "cannot", tool: "git.push", ask: &answers{yes: true, err: errors.New("the client does not support elicitation")},
			want: `call git.push: the rule "push" forbids it: Pushing is public. It needs a yes from the person at the client, who could not be asked: the client does not support elicitation.`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := 0
			var effects []config.Effect
			c := p.Layer(policy.Scope{Ask: tt.ask, Decided: func(_ context.Context, _ bindery.Call, d policy.Decision) { effects = append(effects, d.Effect) }}, made(&n))
			_, err := c.Call(t.Context(), bindery.Call{Tool: id(tt.tool)})
			got := ""
			if err != nil {
				got = err.Error()
				if bindery.CodeOf(err) != bindery.Denied || !bindery.IsUnsent(err) || bindery.HintOf(err) == "" {
					t.Errorf("%#v", err)
				}
			}
			if got != tt.want || n != tt.made {
				t.Errorf("%d calls made, want %d; error\n%s\nwant\n%s", n, tt.made, got, tt.want)
			}
			want := config.EffectAllow
			if tt.made == 0 {
				want = config.EffectDeny
			}
			if len(effects) == 0 || effects[len(effects)-1] != want {
				t.Errorf("told of %v, want %s at last", effects, want)
			}
		})
	}
	var none *policy.Policy
	n := 0
	if _, err := none.Layer(policy.Scope{}, made(&n)).Call(t.Context(), bindery.Call{}); err != nil || n != 1 {
		t.Error("no policy:", n, err)
	}
}

// A view calls a tool otherwise; the configuration's name is what counts.
func TestLayerTakesConfiguredNames(t *testing.T) {
	t.Parallel()
	p, n := compile(t, asking), 0
	c := p.Layer(policy.Scope{Tool: func(bindery.ToolID) (bindery.ToolID, bindery.Hints) { return id("git.rm"), bindery.Hints{} }}, made(&n))
	_, err := c.Call(t.Context(), bindery.Call{Tool: id("git.tidy")})
	if n != 0 || err == nil || !strings.HasPrefix(err.Error(), "call git.tidy: ") {
		t.Error(n, err)
	}
}

// Within one script, by calls that are under way, done, and never sent.
func TestLayerFollowsFlows(t *testing.T) {
	t.Parallel()
	p, ask := compile(t, asking), &answers{}
	x := policy.NewExecution(policy.Script{Digest: "d"})
	began, finish := make(chan struct{}), make(chan struct{})
	c := p.Layer(policy.Scope{Execution: x, Ask: ask}, bindery.CallerFunc(func(_ context.Context, c bindery.Call) (bindery.Result, error) {
		switch c.Tool.Name {
		case "slow":
			close(began)
			<-finish
		case "down":
			return bindery.Result{}, &bindery.Error{Code: bindery.Unavailable, Unsent: true}
		case "broken":
			return bindery.Result{}, &bindery.Error{Code: bindery.Upstream}
		}
		return bindery.Result{}, nil
	}))
	call := func(tool string) error {
		_, err := c.Call(t.Context(), bindery.Call{Tool: id(tool), Args: json.RawMessage(`{"to":"x"}`)})
		return err
	}
	for _, tool := range []string{"mail.send", "notes.read", "mail.send", "web.down", "mail.send"} {
		if err := call(tool); err != nil && tool == "mail.send" {
			t.Fatalf("%s: %v", tool, err)
		}
	}
	var wg sync.WaitGroup
	wg.Go(func() { _ = call("web.slow") })
	<-began
	if err := call("mail.send"); bindery.CodeOf(err) != bindery.Denied || !strings.Contains(err.Error(), `"flow"`) {
		t.Error("a call under way does not count:", err)
	}
	close(finish)
	wg.Wait()
	if err := call("mail.send"); bindery.CodeOf(err) != bindery.Denied {
		t.Error("a call that is done does not count:", err)
	}
	if len(ask.asked) != 2 || ask.asked[0].Rule != policy.FlowRule {
		t.Errorf("asked %+v", ask.asked)
	}
	if diff := cmp.Diff([]string{"egress", "private", "untrusted"}, x.Labels()); diff != "" {
		t.Error(diff)
	}
	other := policy.NewExecution(policy.Script{})
	_, _ = p.Layer(policy.Scope{Execution: other}, bindery.CallerFunc(func(context.Context, bindery.Call) (bindery.Result, error) {
		return bindery.Result{}, &bindery.Error{Code: bindery.Upstream}
	})).Call(t.Context(), bindery.Call{Tool: id("web.broken")})
	if diff := cmp.Diff([]string{"untrusted"}, other.Labels()); diff != "" {
		t.Error("a call that failed may have told something:", diff)
	}
}

func TestLayerConcurrently(t *testing.T) {
	t.Parallel()
	p := compile(t, `
policy:
  labels: {private: ["a.*"]}
  rules: [{name: many, when: "execution.calls > 100000 || size(execution.tools) > 9 || args.x == 1", effect: deny}]
`)
	x := policy.NewExecution(policy.Script{})
	c := p.Layer(policy.Scope{Execution: x}, bindery.CallerFunc(func(context.Context, bindery.Call) (bindery.Result, error) {
		return bindery.Result{}, nil
	}))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				if _, err := c.Call(t.Context(), bindery.Call{Tool: id("a.b"), Args: json.RawMessage(`{"x":2}`)}); err != nil {
					t.Error(err)
				}
				_ = x.Labels()
			}
		})
	}
	wg.Wait()
}

// Of calls that are made side by side, each counts for the next.
func TestLayerDecidesOneAfterTheOther(t *testing.T) {
	t.Parallel()
	const once = `
policy:
  rules:
    - {name: once, when: '"bank.pay" in execution.tools', effect: deny}
`
	for name, tc := range map[string]struct {
		policy string
		calls  int
		ask    *together
	}{
		"allowed": {once, 50, nil},
		"asked about together": {
			once + "    - {name: sure, tools: [bank.pay], effect: ask}\n", 2, &together{asked: make(chan struct{}, 2), answer: make(chan struct{})},
		},
	} {
		p, scope := compile(t, tc.policy), policy.Scope{Execution: policy.NewExecution(policy.Script{})}
		if tc.ask != nil {
			scope.Ask = tc.ask
		}
		var made, denied atomic.Int32
		c := p.Layer(scope, bindery.CallerFunc(func(context.Context, bindery.Call) (bindery.Result, error) {
			made.Add(1)
			return bindery.Result{}, nil
		}))
		var wg sync.WaitGroup
		for range tc.calls {
			wg.Go(func() {
				if _, err := c.Call(t.Context(), bindery.Call{Tool: id("bank.pay")}); err != nil && strings.Contains(err.Error(), `"once"`) {
					denied.Add(1)
				}
			})
		}
		if tc.ask != nil {
			<-tc.ask.asked
			<-tc.ask.asked
			close(tc.ask.answer)
		}
		wg.Wait()
		if made.Load() != 1 || int(denied.Load()) != tc.calls-1 {
			t.Errorf("%s: %d made, %d denied by the rule", name, made.Load(), denied.Load())
		}
	}
}

// together says yes to all questions once they have been put.
type together struct{ asked, answer chan struct{} }

func (a *together) Ask(context.Context, policy.Question) (bool, error) {
	a.asked <- struct{}{}
	<-a.answer
	return true, nil
}

// What is long, or cannot be seen, does not keep the person from seeing the rest.
func TestQuestionShowsAllArguments(t *testing.T) {
	t.Parallel()
	for _, filler := range []string{strings.Repeat("x", 5_000), strings.Repeat("\u200b", 2_000), strings.Repeat(`\u0061`, 1_000)} {
		q := policy.Question{Tool: id("bank.pay"), Args: json.RawMessage(`{"memo":"` + filler + `","amount":9000,"to":"mallory"}`)}
		if text := q.String(); len(text) > 1_000 || !strings.Contains(text, `"amount":9000,"to":"mallory"`) || !strings.Contains(text, "more characters") {
			t.Error(text)
		}
	}
}

func TestElicit(t *testing.T) {
	t.Parallel()
	if policy.Elicit(nil) != nil {
		t.Error("nobody can be asked through nothing")
	}
	q := policy.Question{Tool: id("git.push"), Rule: "push", Reason: "Pushing is public.", Args: json.RawMessage("{\"a\":\n \"x\u202ey\\n\", \"b\": 2}")}
	for result, want := range map[string]bool{
		`{"action":"accept","content":{"allow":true}}`:   true,
		`{"action":"accept","content":{"allow":false}}`:  false,
		`{"action":"accept","content":{"allow":"true"}}`: false,
		`{"action":"accept","content":{}}`:               false,
		`{"action":"accept"}`:                            false,
		`{"action":"decline","content":{"allow":true}}`:  false,
		`{"action":"cancel"}`:                            false,
		`{}`:                                             false,
	} {
		var method, params string
		yes, err := policy.Elicit(func(_ context.Context, m string, p json.RawMessage) (json.RawMessage, error) {
			method, params = m, string(p)
			return json.RawMessage(result), nil
		}).Ask(t.Context(), q)
		if yes != want || err != nil {
			t.Errorf("%s: %t, %v", result, yes, err)
		}
		const asked = `{"message":"May git.push be called? Pushing is public. (rule push)\nArguments: {\"a\":\"xy\\n\",\"b\":2}",` +
			`"requestedSchema":{"properties":{"allow":{"default":false,"description":"Yes allows this one call only.","title":"Allow this call","type":"boolean"}},"required":["allow"],"type":"object"}}`
		if method != "elicitation/create" || params != asked {
			t.Errorf("%s %s", method, params)
		}
	}
	for _, send := range []func(context.Context, string, json.RawMessage) (json.RawMessage, error){
		func(context.Context, string, json.RawMessage) (json.RawMessage, error) {
			return json.RawMessage(`[]`), nil
		},
		func(context.Context, string, json.RawMessage) (json.RawMessage, error) { return nil, errors.New("no") },
	} {
		if yes, err := policy.Elicit(send).Ask(t.Context(), policy.Question{}); yes || err == nil {
			t.Error(yes, err)
		}
	}
}
