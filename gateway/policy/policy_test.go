package policy_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/policy"
)

// compile reads a policy as it is written.
func compile(t testing.TB, yaml string) *policy.Policy {
	t.Helper()
	c, err := config.Parse("bindery.yaml", []byte(yaml))
	if err != nil {
		t.Fatal(err)
	}
	p, err := policy.Compile(c.Policy)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func id(s string) bindery.ToolID {
	server, name, _ := strings.Cut(s, ".")
	return bindery.ToolID{Server: server, Name: name}
}

const rules = `
policy:
  labels: {private: ["notes.*"], untrusted: ["web.*"], egress: ["web.post", "mail.send"], team: ["*.get_*"]}
  rules:
    - {name: always-ask, tools: ["git.push"], effect: ask, reason: "Pushing is public."}
    - {name: no-force, tools: ["git.push"], when: "has(args.force) && args.force == true", effect: deny, reason: "A forced push cannot be undone."}
    - {name: home, tools: ["fs.*"], when: '!args.path.startsWith("/home/")', effect: deny}
    - {name: optional, tools: ["fs2.*"], when: 'args.?path.orValue("/").startsWith("/etc")', effect: deny}
    - {name: big, tools: ["bank.pay"], when: "args.amount > 9007199254740992", effect: deny}
    - {name: roles, tools: ["admin.*"], when: '!("admin" in client.roles)', effect: deny}
    - {name: guests, when: 'client.name.startsWith("guest-") && !tool.hints.readOnly', effect: deny}
    - {name: often, tools: ["slow.*"], when: "execution.calls >= 2", effect: deny}
    - {name: after, when: '"secrets" in execution.servers && tool.server == "chat"', effect: ask}
    - {name: python, tools: ["py.*"], when: 'script.language != "python"', effect: deny}
    - {name: labelled, when: '"team" in tool.labels && script.digest == ""', effect: ask}
    - {name: flag, tools: ["raw.*"], when: 'args.list.exists(x, x == 3) || args.text.matches("^a+$")', effect: deny}
`

func TestDecide(t *testing.T) {
	t.Parallel()
	p := compile(t, rules)
	yes := true
	for _, tt := range []struct {
		name, tool, args string
		client           policy.Client
		hints            bindery.Hints
		script           policy.Script
		touched          string
		want             string
	}{
		{name: "no rule", tool: "x.y", want: "allow default"},
		{name: "ask", tool: "git.push", want: "ask always-ask"},
		{name: "deny wins over ask", tool: "git.push", args: `{"force":true}`, want: "deny no-force"},
		{name: "deny does not hold", tool: "git.push", args: `{"force":false}`, want: "ask always-ask"},
		{name: "argument", tool: "fs.read", args: `{"path":"/home/x"}`, want: "allow default"},
		{name: "argument denied", tool: "fs.read", args: `{"path":"/etc/passwd"}`, want: "deny home"},
		{name: "no such argument", tool: "fs.read", args: `{}`, want: "deny home: The rule cannot be evaluated for this call: there is no path in the arguments."},
		{name: "wrong type", tool: "fs.read", args: `{"path":3}`, want: "deny home: The rule cannot be evaluated for this call: a value is of another type than the rule expects."},
		{name: "case", tool: "fs.read", args: `{"path":"/home/x","Path":"/etc"}`, want: "deny home: The rule cannot be evaluated for this call: the arguments cannot be compared: the member \"Path\" comes twice, in different case."},
		{name: "twice", tool: "fs.read", args: `{"path":"/home/x","p\u0061th":"/etc"}`, want: "deny home: The rule cannot be evaluated for this call: the arguments cannot be compared: the member \"path\" comes twice."},
		{name: "not JSON", tool: "fs.read", args: `{"path":`, want: "deny home: The rule cannot be evaluated for this call: the arguments cannot be compared: they are not JSON."},
		{name: "no object", tool: "fs.read", args: `[]`, want: "deny home: The rule cannot be evaluated for this call: the arguments cannot be compared: they are not an object."},
		{name: "not looked at", tool: "x.y", args: `{"path":`, want: "allow default"},
		{name: "optional", tool: "fs2.read", args: `{}`, want: "allow default"},
		{name: "optional denied", tool: "fs2.read", args: `{"path":"/etc/x"}`, want: "deny optional"},
		{name: "2^53", tool: "bank.pay", args: `{"amount":9007199254740992}`, want: "allow default"},
		{name: "2^53+1", tool: "bank.pay", args: `{"amount":9007199254740993}`, want: "deny big"},
		{name: "2^64-1", tool: "bank.pay", args: `{"amount":18446744073709551615}`, want: "deny big"},
		{name: "2^64", tool: "bank.pay", args: `{"amount":18446744073709551616}`, want: "deny big: The rule cannot be evaluated for this call: the arguments cannot be compared: the whole number 18446744073709551616 has more digits than can be compared exactly."},
		{name: "float", tool: "bank.pay", args: `{"amount":1e30}`, want: "deny big"},
		{name: "small float", tool: "bank.pay", args: `{"amount":0.5}`, want: "allow default"},
		{name: "too large", tool: "bank.pay", args: `{"amount":1e999}`, want: "deny big: The rule cannot be evaluated for this call: the arguments cannot be compared: the number 1e999 is too large to be compared."},
		{name: "null", tool: "bank.pay", args: `{"amount":null}`, want: "deny big: The rule cannot be evaluated for this call: a value is of another type than the rule expects."},
		{name: "role", tool: "admin.x", client: policy.Client{Roles: []string{"admin"}}, want: "allow default"},
		{name: "no role", tool: "admin.x", want: "deny roles"},
		{name: "guest", tool: "x.y", client: policy.Client{Name: "guest-1"}, want: "deny guests"},
		{name: "guest reads", tool: "x.y", client: policy.Client{Name: "guest-1"}, hints: bindery.Hints{ReadOnly: &yes}, want: "allow default"},
		{name: "few", tool: "slow.x", touched: "a.b", want: "allow default"},
		{name: "often", tool: "slow.x", touched: "a.b a.b", want: "deny often"},
		{name: "after", tool: "chat.say", touched: "secrets.read", want: "ask after"},
		{name: "before", tool: "chat.say", touched: "other.read", want: "allow default"},
		{name: "language", tool: "py.x", script: policy.Script{Language: "python"}, want: "allow default"},
		{name: "no language", tool: "py.x", want: "deny python"},
		{name: "label", tool: "a.get_b", want: "ask labelled"},
		{name: "label in a script", tool: "a.get_b", script: policy.Script{Digest: "d"}, want: "allow default"},
		{name: "list", tool: "raw.x", args: `{"list":[1,2,3.0],"text":""}`, want: "deny flag"},
		{name: "pattern", tool: "raw.x", args: `{"list":[],"text":"aaa"}`, want: "deny flag"},
		{name: "neither", tool: "raw.x", args: `{"list":["3"],"text":"b"}`, want: "allow default"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x := touched(p, tt.script, tt.touched)
			d := p.Decide(t.Context(), policy.Input{Client: tt.client, Tool: id(tt.tool), Hints: tt.hints, Args: json.RawMessage(tt.args), Execution: x})
			got := string(d.Effect) + " " + d.Rule
			if d.Failed {
				got += ": " + d.Reason
			}
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// touched returns an execution that has called tools.
func touched(p *policy.Policy, s policy.Script, tools string) *policy.Execution {
	x := policy.NewExecution(s)
	for name := range strings.FieldsSeq(tools) {
		p.Touch(x, id(name))
	}
	return x
}

func TestDefault(t *testing.T) {
	t.Parallel()
	p := compile(t, `
policy:
  default: deny
  rules:
    - {name: reads, tools: ["git.*"], when: tool.hints.readOnly, effect: allow}
    - {name: talk, tools: ["chat.*"], effect: ask}
`)
	yes := true
	for tool, want := range map[string]string{"git.log": "allow reads", "other.log": "deny default", "chat.say": "ask talk"} {
		d := p.Decide(t.Context(), policy.Input{Tool: id(tool), Hints: bindery.Hints{ReadOnly: &yes}})
		if got := string(d.Effect) + " " + d.Rule; got != want {
			t.Errorf("%s: %s, want %s", tool, got, want)
		}
	}
	if d := p.Decide(t.Context(), policy.Input{Tool: id("git.push")}); d.Effect != config.EffectDeny {
		t.Error("a tool without hints was taken for one that reads:", d)
	}
	var none *policy.Policy
	if d := none.Decide(t.Context(), policy.Input{}); d.Effect != config.EffectAllow {
		t.Error("no policy:", d)
	}
}

func TestFlow(t *testing.T) {
	t.Parallel()
	const labels = `labels: {private: ["notes.*", "both.*"], untrusted: ["web.*", "both.*"], egress: ["mail.*", "both.send"]}`
	for _, tt := range []struct{ name, policy, touched, tool, want string }{
		{"nothing read", "", "", "mail.send", "allow default"},
		{"private only", "", "notes.a notes.b", "mail.send", "allow default"},
		{"untrusted only", "", "web.a", "mail.send", "allow default"},
		{"both", "", "notes.a web.a", "mail.send", "ask flow"},
		{"other order", "", "web.a notes.a", "mail.send", "ask flow"},
		{"not egress", "", "web.a notes.a", "notes.b", "allow default"},
		{"one tool", "", "", "both.send", "allow default"},
		{"one tool, again", "", "both.get", "both.send", "ask flow"},
		{"deny", "flow: deny", "notes.a web.a", "mail.send", "deny flow"},
		{"off", `flow: "off"`, "notes.a web.a", "mail.send", "allow default"},
		{"an allow does not lift it", `rules: [{name: a, effect: allow}]`, "notes.a web.a", "mail.send", "ask flow"},
		{"an ask does not lift a denial", `flow: deny, rules: [{name: a, effect: ask}]`, "notes.a web.a", "mail.send", "deny flow"},
		{"a denial wins", `rules: [{name: a, effect: deny}]`, "notes.a web.a", "mail.send", "deny a"},
		{"the default does not lift it", "default: ask", "notes.a web.a", "mail.send", "ask flow"},
		{"nor does a stricter one get lost", "default: deny", "notes.a web.a", "mail.send", "deny default"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := compile(t, "policy: {"+strings.TrimSuffix(labels+", "+tt.policy, ", ")+"}")
			d := p.Decide(t.Context(), policy.Input{Tool: id(tt.tool), Execution: touched(p, policy.Script{}, tt.touched)})
			if got := string(d.Effect) + " " + d.Rule; got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
	p := compile(t, "policy: {"+labels+", rules: [{name: mails, effect: ask, reason: Mail is mail.}]}")
	d := p.Decide(t.Context(), policy.Input{Tool: id("mail.send"), Execution: touched(p, policy.Script{}, "both.get")})
	if d.Rule != "mails" || !strings.Contains(d.Reason, "Mail is mail. Private data and text") {
		t.Errorf("who is asked is not told of the flow: %+v", d)
	}
	x := policy.NewExecution(policy.Script{})
	x.Inherit(config.LabelPrivate, config.LabelUntrusted)
	if d := p.Decide(t.Context(), policy.Input{Tool: id("mail.send"), Execution: x}); !strings.Contains(d.Reason, "Private data") {
		t.Error("what was inherited does not count:", d)
	}
	if diff := cmp.Diff([]string{"private", "untrusted"}, x.Labels()); diff != "" {
		t.Error(diff)
	}
}

func TestCompileFindsEverything(t *testing.T) {
	t.Parallel()
	c, err := config.Parse("bindery.yaml", []byte(`policy:
  rules:
    - {name: misspelled, when: client.nmae == "x", effect: deny}
    - name: block
      when: |
        args.a == 1 &&
          tol.name == 2
      effect: deny
    - {name: types, when: client.name == 3, effect: deny}
    - {name: text, when: client.name, effect: deny}
    - {name: dynamic, when: args.force, effect: deny}
    - {name: syntax, when: "args.x ==", effect: deny}
    - {name: regex, when: 'args.x.matches("(")', effect: deny}
    - {name: loops, when: "args.a.all(x, x.all(y, y.all(z, z == 1)))", effect: deny}
    - {name: hints, when: tool.hints.readOnly, effect: allow}
    - {name: more-hints, tools: ["*.get_*"], when: tool.hints.readOnly || tool.server == "x", effect: allow}
    - {name: fine, tools: ["x.*"], when: tool.hints.readOnly, effect: allow}
    - {name: deep, when: "`+strings.Repeat("(", 100)+"true"+strings.Repeat(")", 100)+`", effect: deny}
`))
	if err != nil {
		t.Fatal(err)
	}
	_, err = policy.Compile(c.Policy)
	e, ok := errors.AsType[*config.Error](err)
	if !ok {
		t.Fatalf("%T: %v", err, err)
	}
	const want = `bindery.yaml:3:32: policy.rules[0] (misspelled).when: 1:7: undeclared reference to 'client.nmae' (did you mean 'client.name'?)
bindery.yaml:5:13: policy.rules[1] (block).when: 2:6: undeclared reference to 'tol.name' (did you mean 'tool.name'?)
bindery.yaml:9:27: policy.rules[2] (types).when: 1:13: found no matching overload for '_==_' applied to '(string, int)'
bindery.yaml:10:26: policy.rules[3] (text).when: it is a string, and a condition must be true or false; compare it with something, as in args.force == true
bindery.yaml:11:29: policy.rules[4] (dynamic).when: it is a dyn, and a condition must be true or false; compare it with something, as in args.force == true
bindery.yaml:12:28: policy.rules[5] (syntax).when: 1:10: Syntax error: mismatched input '<EOF>' expecting`
	var got strings.Builder
	for _, p := range e.Problems {
		got.WriteString(p.String() + "\n")
	}
	if !strings.HasPrefix(got.String(), want) {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
	for _, want := range []string{"(regex).when: 1:16: ", "(loops).when: 1:", "(hints).when: allows calls because of hints", "(more-hints).when: allows", "(deep).when: "} {
		if !strings.Contains(got.String(), want) {
			t.Errorf("%q is missing in\n%s", want, got.String())
		}
	}
	if strings.Contains(got.String(), "(fine)") {
		t.Error("hints of a server that is named are refused")
	}
	for _, c := range []config.Policy{
		{Default: "x"},
		{Flow: config.EffectAllow},
		{Rules: []config.Rule{{Name: "a", Effect: config.EffectOff}}},
		{Rules: make([]config.Rule, config.MaxRules+1)},
	} {
		if _, err := policy.Compile(c); err == nil {
			t.Errorf("%+v was compiled", c)
		}
	}
}

// A condition that would take long for the arguments at hand denies the call.
func TestCostIsBounded(t *testing.T) {
	t.Parallel()
	p := compile(t, `
policy:
  rules:
    - {name: square, when: "args.a.all(x, args.a.all(y, x != y + 1))", effect: deny}
`)
	args := `{"a":[1` + strings.Repeat(",1", 3000) + `]}`
	d := p.Decide(t.Context(), policy.Input{Args: json.RawMessage(args)})
	if d.Effect != config.EffectDeny || !strings.Contains(d.Reason, "longer than a rule may") {
		t.Errorf("%+v", d)
	}
	if d := p.Decide(t.Context(), policy.Input{Args: json.RawMessage(`{"a":[1,2]}`)}); d.Failed || d.Effect != config.EffectAllow {
		t.Errorf("%+v", d)
	}
	deep := strings.Repeat("[", 100) + strings.Repeat("]", 100)
	if d := p.Decide(t.Context(), policy.Input{Args: json.RawMessage(`{"a":` + deep + `}`)}); !strings.Contains(d.Reason, "nested more than 64 deep") {
		t.Errorf("%+v", d)
	}
}

// The policy in the documentation is one.
func TestDocumentation(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/policy.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "```yaml\n")
	block, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("docs/policy.md has no policy")
	}
	p := compile(t, block)
	d := p.Decide(t.Context(), policy.Input{Tool: id("git.push"), Args: json.RawMessage(`{"force":true}`)})
	if d.Rule != "no-force" || d.Effect != config.EffectDeny {
		t.Errorf("%+v", d)
	}
	if d := p.Decide(t.Context(), policy.Input{Tool: id("git.push")}); d.Failed {
		t.Errorf("%+v", d)
	}
}
