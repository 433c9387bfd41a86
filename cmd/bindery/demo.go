package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/backends/sample"
	"github.com/bindery-mcp/bindery/benchmarks"
	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/gateway"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/sandbox"
	"github.com/bindery-mcp/bindery/sandbox/worker"
)

//go:embed demo.ts
var demoScript string

type demoCmd struct {
	Serve  bool   `help:"Keep the gateway with the sample servers running for a real client."`
	Listen string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"With --serve: address to listen on."`
}

// sampleCmd is how the demo's configuration starts its servers.
type sampleCmd struct {
	Name string `arg:""`
}

func (c *sampleCmd) Run(ctx context.Context) error {
	err := sample.Serve(ctx, c.Name)
	if errors.Is(err, context.Canceled) || errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func (c *demoCmd) Run(ctx context.Context, std streams, v verbosity) error {
	cfg, err := demoConfig()
	if err != nil {
		return err
	}
	if c.Serve {
		cfg.Listen = c.Listen
		return serve(ctx, std, v, cfg, pythonFlags{}, serving{})
	}
	return demo(ctx, std, v, cfg)
}

// demoConfig is the configuration a user would write for the sample servers.
func demoConfig() (*config.Config, error) {
	text, err := demoYAML()
	if err != nil {
		return nil, err
	}
	cfg, err := config.Parse("demo.yaml", []byte(text))
	if err != nil {
		return nil, err
	}
	if err := cfg.Resolve(os.LookupEnv); err != nil {
		return nil, err
	}
	return cfg, nil
}

func demoYAML() (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find the running binary: %w", err)
	}
	var b strings.Builder
	b.WriteString("mcpServers:\n")
	for _, name := range sample.Names() {
		fmt.Fprintf(&b, "  %s: {command: %q, args: [sample, %s]}\n", name, self, name)
	}
	return b.String(), nil
}

// recorded is a set of backends whose calls are kept for the comparison.
type recorded struct {
	*backends.Set
	*benchmarks.Recorder
}

// Call goes through the recorder.
func (r recorded) Call(ctx context.Context, c bindery.Call) (bindery.Result, error) {
	return r.Recorder.Call(ctx, c)
}

func demo(ctx context.Context, std streams, v verbosity, cfg *config.Config) (err error) {
	set, err := openReady(ctx, std, cfg, logger(std, v))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeSet(set)) }()
	if reportDown(std.err, set) {
		return &exitError{code: exitFailed}
	}
	pool, err := worker.NewPool(worker.Options{Logger: logger(std, v)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close(context.WithoutCancel(ctx))) }()
	tools := recorded{Set: set, Recorder: benchmarks.NewRecorder(set)}
	gw := gateway.New(gateway.Options{Tools: tools, Engine: sandbox.Languages{sandbox.TypeScript: pool}, Version: version()})
	defer gw.Close(ctx)

	view := gw.View(gateway.Anonymous())
	p := printer{w: std.out}
	p.title("Two MCP servers, compiled into one module")
	for _, s := range view.Module.Servers() {
		p.text(view.Module.Declarations(s.Name, codegen.TypeScript, codegen.Line))
	}
	p.title("A script, as a model would write it")
	p.text(demoScript)
	answer, err := gw.Execute(ctx, gateway.Anonymous(), gateway.Request{Code: demoScript})
	if err != nil {
		return err
	}
	p.title("The one result")
	p.text(answer.Text())
	if answer.Outcome.Failure != nil {
		return errors.Join(p.err, &exitError{code: exitFailed})
	}
	p.time(answer)
	if err := p.tokens(gw, view, tools.Calls(), answer); err != nil {
		return err
	}
	p.title("Next")
	p.text("bindery demo --serve     keeps this gateway up; then: bindery link codex\n" +
		"bindery import codex     turns the servers you have into a bindery.yaml")
	return p.err
}

// printer writes the demo's sections and keeps the first error.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

func (p *printer) title(s string) { p.printf("\n── %s ──\n\n", s) }

func (p *printer) text(s string) { p.printf("%s\n", strings.TrimRight(s, "\n")) }

// time compares the run with the calls one after another.
func (p *printer) time(a gateway.Answer) {
	var sum time.Duration
	for _, r := range a.Calls {
		sum += r.Took
	}
	p.title("Time")
	p.printf("%d calls; one after another they take %s, in the script %s (%.1f times faster)\n",
		len(a.Calls), sum.Round(time.Millisecond), a.Took.Round(time.Millisecond), float64(sum)/float64(a.Took))
	p.printf("every sample tool waits %s, as a remote API would\n", sample.Latency)
}

// tokens compares what a model reads and writes either way.
func (p *printer) tokens(gw *gateway.Gateway, v *gateway.View, calls []benchmarks.Recorded, a gateway.Answer) error {
	counter, err := benchmarks.NewCounter()
	if err != nil {
		return err
	}
	var tools []bindery.Tool
	for _, s := range v.Servers {
		tools = append(tools, s.Tools...)
	}
	plain, err := counter.Plain(tools, calls)
	if err != nil {
		return err
	}
	stubs := v.Module.Search(codegen.Query{Text: "issues faults services", Limit: 5}).String()
	code, err := counter.Code(surface(gw.Definition(gateway.Anonymous())), stubs, demoScript, a.Text())
	if err != nil {
		return err
	}
	p.title("Tokens (o200k), each part counted once")
	p.printf("%-22s %12s %12s %12s %12s\n", "", "definitions", "written", "read", "sum")
	for _, row := range []struct {
		name string
		cost benchmarks.Cost
	}{{fmt.Sprintf("%d plain tool calls", len(calls)), plain}, {"search and one script", code}} {
		p.printf("%-22s %12d %12d %12d %12d\n", row.name, row.cost.Definitions, row.cost.Written, row.cost.Read, row.cost.Total())
	}
	p.text("\nPlain calls repeat definitions and results on every turn, most of it at a cache's price; neither is\n" +
		"counted here. With two small servers and one small call, plain calls are the cheaper way.")
	return nil
}

func surface(d gateway.Definition) benchmarks.Surface {
	return benchmarks.Surface{Name: d.Name, Description: d.Description, Schema: d.InputSchema, Instructions: d.Instructions}
}
