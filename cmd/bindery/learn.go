package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/gateway"
	"github.com/bindery-mcp/bindery/gateway/learned"
)

type learnCmd struct {
	configFlag
	Server []string `placeholder:"NAME" help:"Only these servers."`
	DryRun bool     `help:"Only say which tools would be called."`
}

// Help is shown below the flags.
func (c *learnCmd) Help() string {
	return "Calls, once and without arguments, each tool that says it only reads (readOnlyHint), needs no arguments and " +
		"declares no result type. What is kept is the structure of the answers, never a value in them."
}

func (c *learnCmd) Run(ctx context.Context, std streams, v verbosity) (err error) {
	cfg, err := c.load(ctx, std)
	if err != nil {
		return err
	}
	if !cfg.Learns() {
		return usage("the configuration has learn: false")
	}
	if err := knownServers(cfg, c.Server); err != nil {
		return err
	}
	log := logger(std, v)
	set, err := openReady(ctx, std, cfg, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeSet(set)) }()
	down := reportDown(std.err, set)
	module := codegen.Compile(toolsOf(set.Catalogue(), ""))
	plan, others := c.plan(module)
	if c.DryRun {
		for _, f := range slices.Concat(plan...) {
			if _, err := fmt.Fprintln(std.out, f.ID); err != nil {
				return err
			}
		}
		_, _ = fmt.Fprintf(std.err, "bindery: %d more tools take arguments, declare their results or do not say that they only read\n", others)
		return nil
	}
	store := openLearned(cfg, log)
	defer func() { err = errors.Join(err, closeLearned(store)) }()
	if err := store.Track(ctx, gateway.Tracked(set.Catalogue())); err != nil {
		return err
	}
	failed, err := call(ctx, std, set, store, plan)
	if err != nil {
		return err
	}
	if err := store.Flush(ctx); err != nil {
		return err
	}
	if err := printLearned(std.out, gateway.Observing(module, store), store, plan); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(std.err, "bindery: called %s, %d of which failed; %d more take arguments, declare their results or do not say that they only read\n",
		counted(len(slices.Concat(plan...)), "tool"), failed, others)
	if down || failed > 0 {
		return &exitError{code: exitFailed}
	}
	return nil
}

// plan lists the tools to be called, those of each server together, and counts
// the others.
func (c *learnCmd) plan(m *codegen.Module) (plan [][]*codegen.Function, others int) {
	for _, s := range m.Servers() {
		if len(c.Server) > 0 && !slices.Contains(c.Server, s.Name) {
			continue
		}
		var tools []*codegen.Function
		for _, f := range s.Tools {
			only := f.Tool.Hints.ReadOnly
			if only != nil && *only && f.Output == nil && m.Check(f.ID, codegen.TypeScript, nil) == nil {
				tools = append(tools, f)
			} else {
				others++
			}
		}
		plan = append(plan, tools)
	}
	return plan, others
}

// call calls the tools, one at a time of each server. A tool that fails is
// reported and no reason to stop.
func call(ctx context.Context, std streams, set *backends.Set, store *learned.Store, plan [][]*codegen.Function) (failed int, err error) {
	p := &calls{store: store, set: set, report: std.err, busy: map[string]bool{}}
	since := time.Now()
	defer showLine(std.err, patience, func(now time.Time) string { return waitingFor(p.names(), now.Sub(since)) })()
	var wg sync.WaitGroup
	for _, tools := range plan {
		wg.Go(func() {
			for _, f := range tools {
				if ctx.Err() != nil {
					return
				}
				p.call(ctx, f)
			}
		})
	}
	wg.Wait()
	return p.failed, ctx.Err()
}

// calls are the calls under way.
type calls struct {
	set   *backends.Set
	store *learned.Store

	mu     sync.Mutex
	report io.Writer
	busy   map[string]bool
	failed int
}

func (p *calls) call(ctx context.Context, f *codegen.Function) {
	p.mu.Lock()
	p.busy[f.ID.String()] = true
	p.mu.Unlock()
	request := bindery.Call{Tool: f.ID}
	result, err := p.set.Call(ctx, request)
	if err == nil && result.IsError {
		err = errors.New(brief(resultText(result)))
	}
	if err == nil {
		p.store.Observe(request, result)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.busy, f.ID.String())
	if err != nil {
		p.failed++
		_, _ = fmt.Fprintf(p.report, "bindery: %s failed: %v\n", f.ID, err)
	}
}

func (p *calls) names() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var names []string
	for name := range p.busy {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// brief returns the beginning of a server's text on one line.
func brief(text string) string { return strings.Join(strings.Fields(codegen.Clean(text, 200)), " ") }

func printLearned(w io.Writer, m *codegen.Module, store *learned.Store, plan [][]*codegen.Function) error {
	for _, f := range slices.Concat(plan...) {
		if store.Shapes().Of(f.ID) == nil {
			continue
		}
		if _, err := fmt.Fprintln(w, m.Line(f.ID, codegen.TypeScript)); err != nil {
			return err
		}
	}
	return nil
}
