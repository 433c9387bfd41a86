package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/identity"
	"github.com/bindery-mcp/bindery/gateway/policy"
)

type policyCmd struct {
	Test    policyTestCmd    `cmd:"" help:"Try a table of cases: which calls are made, refused or asked about."`
	Explain policyExplainCmd `cmd:"" help:"Say what becomes of a call, and which rule decides."`
}

// parse reads the configuration without what it refers to: rules need no
// credentials.
func (f configFlag) parse() (*config.Config, error) {
	path := f.Config
	if path == "" {
		found, err := config.Find()
		if err != nil {
			return nil, &exitError{code: exitUsage, err: err}
		}
		path = found
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, &exitError{code: exitUsage, err: fmt.Errorf("read configuration: %w", err)}
	}
	if !info.Mode().IsRegular() || info.Size() > config.MaxFile {
		return nil, usage("read configuration %s: it is no file, or a very long one", path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, &exitError{code: exitUsage, err: fmt.Errorf("read configuration: %w", err)}
	}
	return config.Parse(path, data)
}

// policy returns the configuration and its rules.
func (f configFlag) policy() (*config.Config, *policy.Policy, error) {
	cfg, err := f.parse()
	if err != nil {
		return nil, nil, err
	}
	p, err := policy.Compile(cfg.Policy)
	return cfg, p, err
}

// splitAny is splitTool for tools whose server need not be configured.
func splitAny(cfg *config.Config) func(string) bindery.ToolID {
	servers := cfg.ServerNames()
	return func(name string) bindery.ToolID {
		if id, ok := splitTool(servers, name); ok {
			return id
		}
		server, tool, _ := strings.Cut(name, ".")
		return bindery.ToolID{Server: server, Name: tool}
	}
}

type policyTestCmd struct {
	configFlag
	File    string `arg:"" placeholder:"FILE" help:"YAML with cases: a list of client, tool, args, touched and want. See docs/policy.md."`
	Verbose bool   `name:"all" help:"Show the cases that pass, too."`
}

func (c *policyTestCmd) Run(ctx context.Context, std streams) error {
	cases, err := config.ReadCases(c.File)
	if err != nil {
		return &exitError{code: exitUsage, err: err}
	}
	if c.Config == "" && cases.Config != "" {
		c.Config = cases.Config
		if !filepath.IsAbs(c.Config) {
			c.Config = filepath.Join(filepath.Dir(c.File), c.Config)
		}
	}
	cfg, p, err := c.policy()
	if err != nil {
		return err
	}
	failed, split := 0, splitAny(cfg)
	for _, one := range cases.Cases {
		one.Roles = rolesOf(cfg, one.Client, one.Roles)
		d, ok := p.Try(ctx, one, split)
		name := cmp.Or(one.Name, one.Tool)
		switch {
		case !ok:
			failed++
			_, _ = fmt.Fprintf(std.out, "FAIL %s:%d: %s: want %s, got %s\n", c.File, one.Pos.Line, name, wanted(one), decided(d))
		case c.Verbose:
			_, _ = fmt.Fprintf(std.out, "ok   %s:%d: %s: %s\n", c.File, one.Pos.Line, name, decided(d))
		}
	}
	if failed > 0 {
		_, _ = fmt.Fprintf(std.out, "%d of %d cases failed\n", failed, len(cases.Cases))
		return &exitError{code: exitFailed}
	}
	_, err = fmt.Fprintf(std.out, "%s passed\n", counted(len(cases.Cases), "case"))
	return err
}

func wanted(c config.Case) string {
	if c.Rule == "" {
		return string(c.Want)
	}
	return string(c.Want) + " by " + c.Rule
}

func decided(d policy.Decision) string {
	text := string(d.Effect) + " by " + d.Rule
	if d.Reason != "" {
		text += " (" + d.Reason + ")"
	}
	return text
}

type policyExplainCmd struct {
	configFlag
	Client  string   `arg:"" placeholder:"CLIENT" help:"Name of the client, or ISSUER/VALUE; anonymous if there are none."`
	Tool    string   `arg:"" placeholder:"TOOL" help:"The tool, as server.tool."`
	Args    string   `arg:"" optional:"" placeholder:"ARGS" help:"Its arguments as JSON, or @FILE."`
	Role    []string `placeholder:"ROLE" help:"Roles of the client."`
	Touched []string `placeholder:"TOOL" help:"Tools that the execution has called before."`
	Read    []string `placeholder:"LABEL" help:"Labels of what the execution has read besides."`
	Lang    string   `placeholder:"LANGUAGE" help:"Language of the script. Default: none, as for a direct call."`
	JSON    bool     `name:"json" help:"Print JSON."`
}

// explanation is what becomes of one call.
type explanation struct {
	Client string   `json:"client"`
	Tool   string   `json:"tool"`
	Labels []string `json:"labels,omitempty"`
	// Exists tells whether the tool exists for the client at all, and Access
	// why or why not.
	Exists bool          `json:"exists"`
	Access string        `json:"access"`
	Effect config.Effect `json:"effect"`
	Rule   string        `json:"rule"`
	Reason string        `json:"reason,omitempty"`
	Rules  []policy.Step `json:"rules,omitempty"`
}

func (c *policyExplainCmd) Run(ctx context.Context, std streams) error {
	args, err := readData("<args>", c.Args)
	if err != nil {
		return err
	}
	cfg, p, err := c.policy()
	if err != nil {
		return err
	}
	split := splitAny(cfg)
	id := split(c.Tool)
	if id.Name == "" {
		return usage("%q names no tool; write it as server.tool", c.Tool)
	}
	x := policy.NewExecution(policy.Script{Language: c.Lang})
	for _, t := range c.Touched {
		p.Touch(x, split(t))
	}
	x.Inherit(c.Read...)
	in := policy.Input{Client: policy.Client{Name: c.Client, Roles: rolesOf(cfg, c.Client, c.Role)}, Tool: id, Args: args, Execution: x}
	d := p.Decide(ctx, in)
	e := explanation{
		Client: c.Client, Tool: id.String(), Labels: p.Labels(id),
		Effect: d.Effect, Rule: d.Rule, Reason: d.Reason, Rules: p.Explain(ctx, in),
	}
	if e.Exists, e.Access, err = access(cfg, c.Client, c.Role, id); err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(std.out).Encode(e)
	}
	return e.print(std.out)
}

// rolesOf are the roles that the client has in the configuration, and more.
func rolesOf(cfg *config.Config, client string, more []string) []string {
	return config.Client{Roles: cfg.Clients[client].Roles}.With(nil, more...).Roles
}

// access says whether the tool exists for the client: rules are not asked about
// one that does not.
func access(cfg *config.Config, name string, roles []string, id bindery.ToolID) (bool, string, error) {
	client, known := cfg.Clients[name]
	if (identity.Identity{Client: name}).Foreign() {
		client, known = config.Client{Allow: []config.ToolPattern{}}, true
	}
	if !known && len(cfg.Clients) > 0 {
		var names []string
		for n := range cfg.Clients {
			names = append(names, n)
		}
		slices.Sort(names)
		return false, "", usage("no client is named %q; there are %s", name, strings.Join(names, ", "))
	}
	server, configured := cfg.Servers[id.Server]
	own := client
	client = client.With(cfg.Roles, roles...)
	pattern := func(list []config.ToolPattern) (string, bool) {
		i := slices.IndexFunc(list, func(p config.ToolPattern) bool { return p.Match(id.Server, id.Name) })
		if i < 0 {
			return "", false
		}
		return string(list[i]), true
	}
	isRequest := slices.Contains(policy.Requests(), id.Name)
	denied, isDenied := pattern(client.Deny)
	allowed, isAllowed := pattern(client.Allow)
	switch {
	case !configured:
		return false, "there is no server " + id.Server, nil
	case !server.IsEnabled():
		return false, "the server is not enabled", nil
	case isRequest && client.Reaches(id.Server): // who may use one tool may make them all
		return true, "the client may use tools of the server", nil
	case isRequest:
		return false, "the client may use no tool of the server", nil
	case !server.Offers(id.Name):
		return false, "the server's enabledTools and disabledTools leave it out", nil
	case isDenied:
		return false, fmt.Sprintf("deny %q of the client%s", denied, orRole(own.Deny, denied)), nil
	case isAllowed:
		return true, fmt.Sprintf("allow %q of the client%s", allowed, orRole(own.Allow, allowed)), nil
	case client.Allow != nil:
		return false, "no allow of the client names it", nil
	case !known:
		return true, "there are no clients, and every caller may see every tool", nil
	default:
		return true, "the client may see every tool", nil
	}
}

// orRole says that a pattern is not one of the client's own.
func orRole(own []config.ToolPattern, pattern string) string {
	if slices.Contains(own, config.ToolPattern(pattern)) {
		return ""
	}
	return "'s roles"
}

func (e explanation) print(w io.Writer) error {
	exists := "it exists for the client"
	if !e.Exists {
		exists = "it does not exist for the client"
	}
	_, _ = fmt.Fprintf(w, "%s calls %s\n", e.Client, e.Tool)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintf(t, "access\t%s: %s\n", exists, e.Access)
	if !e.Exists {
		_, _ = fmt.Fprintln(t, "decision\tnone: no rule is asked about what does not exist")
		return t.Flush()
	}
	if len(e.Labels) > 0 {
		_, _ = fmt.Fprintf(t, "labels\t%s\n", strings.Join(e.Labels, ", "))
	}
	for _, s := range e.Rules {
		state := "does not hold"
		switch {
		case s.Err != "":
			state = "fails: " + s.Err
		case s.Holds:
			state = "holds"
		}
		_, _ = fmt.Fprintf(t, "rule\t%s (%s) %s\n", s.Rule, s.Effect, state)
	}
	_, _ = fmt.Fprintf(t, "decision\t%s by %s\n", e.Effect, e.Rule)
	if e.Reason != "" {
		_, _ = fmt.Fprintf(t, "reason\t%s\n", e.Reason)
	}
	return t.Flush()
}
