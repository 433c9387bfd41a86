package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/benchmarks/load"
	"github.com/bindery-mcp/bindery/benchmarks/report"
	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/gateway/config"
)

// benchLoadCmd measures how fast a gateway answers.
type benchLoadCmd struct {
	configFlag
	pythonFlags
	reportFlags
	Tool     string        `placeholder:"SERVER.TOOL" help:"Tool to call. Default: one that only reads and needs no arguments."`
	Args     string        `placeholder:"JSON" help:"Its arguments."`
	Callers  []int         `default:"1,16" help:"How many call at once, one measurement each. Default: ${default}."`
	Duration time.Duration `default:"2s" help:"How long each target is called in a round. Default: ${default}."`
	Rounds   int           `default:"3" help:"Rounds, in which the targets take turns. Default: ${default}."`
	Peer     string        `placeholder:"URL" help:"Another MCP endpoint to measure in the same run."`
	PeerTool string        `default:"execute_code" placeholder:"NAME" help:"The tool of the peer to call. Default: ${default}."`
	PeerArgs string        `default:"{}" placeholder:"JSON" help:"Its arguments, such as a script that does nothing."`
}

// Help is shown below the flags.
func (c *benchLoadCmd) Help() string {
	return "Starts a gateway of its own with the configuration (the sample servers without one), and calls the same tool directly, by a script, " +
		"and by a script in Python, in turn. Point --peer at another gateway to have it in the same table."
}

// Run starts the gateway and measures.
func (c *benchLoadCmd) Run(ctx context.Context, std streams, v verbosity) (err error) {
	for _, text := range []string{c.Args, c.PeerArgs} {
		if text != "" && !json.Valid([]byte(text)) {
			return usage("%q is not JSON: quote it for the shell", text)
		}
	}
	cfg, remove, err := c.configuration(ctx, std)
	defer func() { err = errors.Join(err, remove()) }()
	if err != nil {
		return err
	}
	d, err := c.measure(ctx, std, v, cfg)
	if err != nil {
		return err
	}
	d.Notes = append(d.Notes, machine())
	return c.write(std, d)
}

// sampleLoad is what the command says of the sample servers if it is given
// nothing, whatever configuration there is.
func sampleLoad(ctx context.Context, std streams, v verbosity) (_ report.Document, err error) {
	var c benchLoadCmd
	if err := defaults(&c); err != nil {
		return report.Document{}, err
	}
	cfg, remove, err := sampleConfiguration()
	defer func() { err = errors.Join(err, remove()) }()
	if err != nil {
		return report.Document{}, err
	}
	return c.measure(ctx, std, v, cfg)
}

// measure starts a gateway with the configuration, whose file it reads, and
// returns the report.
func (c *benchLoadCmd) measure(ctx context.Context, std streams, v verbosity, cfg *config.Config) (_ report.Document, err error) {
	set, err := openReady(ctx, std, cfg, logger(std, v))
	if err != nil {
		return report.Document{}, err
	}
	defer func() { err = errors.Join(err, closeSet(set)) }()
	tool, args, err := c.tool(set.Catalogue())
	if err != nil {
		return report.Document{}, err
	}
	g, err := startGateway(ctx, cfg.Path(), c.PythonWasm)
	if err != nil {
		return report.Document{}, err
	}
	defer func() { err = errors.Join(err, g.stop()) }()
	targets, closeAll, err := c.targets(ctx, cfg, set, g.url, tool, args)
	if err != nil {
		return report.Document{}, err
	}
	b, stop := begin(std.err, "measuring")
	results, err := load.Run(ctx, targets, load.Options{
		Callers: c.Callers, Warmup: time.Second, Duration: c.Duration, Rounds: c.Rounds,
		Progress: func(what string, done, total int) { b.tell(what, int64(done), int64(total)) },
	})
	stop()
	memory := g.memory()
	if err := errors.Join(err, closeAll()); err != nil {
		return report.Document{}, err
	}
	return load.Report(results, memory), nil
}

// configuration returns the user's, or that of the sample servers. remove takes
// away what was written for it, and is there whatever goes wrong.
func (c *benchLoadCmd) configuration(ctx context.Context, std streams) (cfg *config.Config, remove func() error, err error) {
	if _, err := config.Find(); c.Config == "" && err != nil {
		return sampleConfiguration()
	}
	cfg, err = c.load(ctx, std)
	return cfg, func() error { return nil }, err
}

// sampleConfiguration writes that of the demo to a file of its own, under the
// terms of configuration.
func sampleConfiguration() (cfg *config.Config, remove func() error, err error) {
	remove = func() error { return nil }
	text, err := demoYAML()
	if err != nil {
		return nil, remove, err
	}
	dir, err := os.MkdirTemp("", "bindery-bench-*")
	if err != nil {
		return nil, remove, fmt.Errorf("write the configuration of the sample servers: %w", err)
	}
	remove = func() error { return os.RemoveAll(dir) }
	path := filepath.Join(dir, "bindery.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return nil, remove, fmt.Errorf("write the configuration of the sample servers: %w", err)
	}
	cfg, err = config.Load(path)
	return cfg, remove, err
}

// tool returns the tool to call and its arguments.
func (c *benchLoadCmd) tool(cat *backends.Catalogue) (bindery.ToolID, json.RawMessage, error) {
	args := json.RawMessage("{}")
	if c.Args != "" {
		args = json.RawMessage(c.Args)
	}
	var tools []bindery.Tool
	for _, s := range cat.Servers {
		tools = append(tools, s.Tools...)
	}
	m := codegen.Compile(tools)
	if c.Tool != "" {
		server, name, _ := strings.Cut(c.Tool, ".")
		id := bindery.ToolID{Server: server, Name: name}
		if _, ok := m.Lookup(id); !ok {
			return id, nil, usage("there is no tool %q; bindery tools lists them", c.Tool)
		}
		return id, args, m.Check(id, codegen.TypeScript, args)
	}
	for _, t := range tools {
		if t.Hints.ReadOnly != nil && *t.Hints.ReadOnly && m.Check(t.ID, codegen.TypeScript, args) == nil {
			return t.ID, args, nil
		}
	}
	return bindery.ToolID{}, nil, usage("no tool says that it only reads and needs no arguments: name one with --tool, and give it --args")
}

// targets are the ways to the tool; closeAll ends their connections.
func (c *benchLoadCmd) targets(ctx context.Context, cfg *config.Config, set *backends.Set, url string, tool bindery.ToolID, args json.RawMessage) (list []load.Target, closeAll func() error, err error) {
	var open []io.Closer
	closeAll = func() error {
		var errs []error
		for _, o := range open {
			errs = append(errs, o.Close())
		}
		return errors.Join(errs...)
	}
	own, err := load.Connect(ctx, url, token(cfg))
	if err != nil {
		return nil, nil, err
	}
	open = append(open, own)
	spelled := fmt.Sprintf("tools[%s][%s]", jsonText(tool.Server), jsonText(tool.Name))
	script := func(name, language, code string) load.Target {
		return own.Calling(name, "execute_code", jsonOf(map[string]string{"code": code, "language": language}))
	}
	list = []load.Target{
		{Name: tool.String() + ", directly", Do: func(ctx context.Context) error {
			r, err := set.Call(ctx, bindery.Call{Tool: tool, Args: args})
			if err == nil && r.IsError {
				err = errors.New("the tool failed")
			}
			return err
		}},
		script("a script that calls it", "typescript", fmt.Sprintf("await %s(%s); 1", spelled, args)),
		script("an empty script", "typescript", "1"),
	}
	if _, ok, err := c.interpreter(cfg); err == nil && ok && cfg.RunsPython() {
		list = append(list,
			script("a Python script that calls it", "python", fmt.Sprintf("import json\n%s(json.loads(%s))\n1", spelled, jsonText(string(args)))),
			script("an empty Python script", "python", "1"))
	}
	if c.Peer != "" {
		peer, err := load.Connect(ctx, c.Peer, "")
		if err != nil {
			return nil, nil, errors.Join(err, closeAll())
		}
		open = append(open, peer)
		list = append(list, peer.Calling("peer", c.PeerTool, json.RawMessage(c.PeerArgs)))
	}
	return list, closeAll, nil
}

// token is that of the first client that the configuration has one for, or what
// BINDERY_TOKEN holds.
func token(cfg *config.Config) string {
	for _, name := range slices.Sorted(maps.Keys(cfg.Clients)) {
		if text := cfg.Clients[name].Token.Reveal(); text != "" {
			return text
		}
	}
	return os.Getenv("BINDERY_TOKEN")
}

// jsonText quotes a text in a way that JavaScript and Python read alike.
func jsonText(s string) string { return string(jsonOf(s)) }

func jsonOf(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // texts always can be
	}
	return b
}
