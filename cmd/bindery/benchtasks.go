package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/bindery-mcp/bindery/benchmarks/report"
	"github.com/bindery-mcp/bindery/benchmarks/tasks"
	"github.com/bindery-mcp/bindery/sandbox"
	"github.com/bindery-mcp/bindery/sandbox/worker"
)

type benchTasksCmd struct {
	encodingFlag
	reportFlags
	NPM      string    `name:"npm" default:"testdata/npm" placeholder:"DIR" help:"Folder with a node_modules that has the servers; --packages says how to make one. Default: ${default}, which make test fills."`
	Packages bool      `help:"Only print a package.json of the servers, for npm install."`
	Chromium string    `default:"/usr/bin/chromium" placeholder:"FILE" help:"Browser for T4. Default: ${default}."`
	Task     []string  `placeholder:"T1" help:"Only these tasks: T1 to T6, or one variant as T1a."`
	Servers  []int     `default:"10,30" help:"Also count among so many servers in all. Default: ${default}."`
	Prompt   int       `default:"0" placeholder:"TOKENS" help:"Prompt before the definitions in each request; Codex has about 8000."`
	Cached   []float64 `default:"0.1,0.25,0.5" help:"Price of input from a cache, as shares of other input. Default: ${default}."`
	PriceIn  float64   `default:"1.25" placeholder:"DOLLARS" help:"Price of a million tokens of input. Default: ${default}."`
	PriceOut float64   `default:"10" placeholder:"DOLLARS" help:"Price of a million tokens of output. Default: ${default}."`
	Seed     uint64    `default:"6" help:"Makes the fixtures. Default: ${default}, of which the published figures are."`
	Rounds   int       `default:"1" help:"Run plain calls and scripts so often; the quickest time counts."`
}

// Help is shown below the flags.
func (c *benchTasksCmd) Help() string {
	return "Does each task twice, with the real servers: by plain tool calls, and by scripts through a gateway; compares what was made, and counts what " +
		"either way costs a model. Needs Node.js, npm packages, git and, for T4, Chromium; installs nothing. About a minute for all."
}

func (c *benchTasksCmd) Run(ctx context.Context, std streams, v verbosity) error {
	if c.Packages {
		_, err := std.out.Write(tasks.Manifest())
		return err
	}
	if err := c.sensible(); err != nil {
		return err
	}
	d, err := c.document(ctx, std, v)
	if err != nil {
		return err
	}
	d.Notes = append(d.Notes, machine())
	return c.write(std, d)
}

// document does the tasks and returns their report.
func (c *benchTasksCmd) document(ctx context.Context, std streams, v verbosity) (_ report.Document, err error) {
	list := tasks.All()
	if len(c.Task) > 0 {
		if list, err = tasks.Named(c.Task...); err != nil {
			return report.Document{}, usage("%w; there are T1a, T1b, T2a, T2b, T3, T4a, T4b, T5 and T6", err)
		}
	}
	if err := c.installed(); err != nil {
		return report.Document{}, err
	}
	counter, err := c.counter()
	if err != nil {
		return report.Document{}, err
	}
	pool, err := worker.NewPool(worker.Options{Logger: logger(std, v)})
	if err != nil {
		return report.Document{}, err
	}
	defer func() { err = errors.Join(err, pool.Close(context.WithoutCancel(ctx))) }()
	b, stop := begin(std.err, "tasks")
	defer stop()
	o := tasks.Options{
		Packages: tasks.Folder(c.NPM), Chromium: c.Chromium, Engine: sandbox.Languages{sandbox.TypeScript: pool}, Counter: counter, Seed: c.Seed,
		Settings: c.Servers, Prompt: c.Prompt, Rounds: c.Rounds, Logger: logger(std, v),
		Progress: func(what string, done, total int) { b.tell(what, int64(done), int64(total)) },
	}
	results, err := tasks.Run(ctx, list, o)
	if err != nil {
		return report.Document{}, err
	}
	d := tasks.Document(results, o, tasks.Price{In: c.PriceIn, Out: c.PriceOut, Cached: c.Cached})
	d.Sections = append(d.Sections, tasks.Wire(results))
	return d, nil
}

// sensible refuses numbers that stand for nothing.
func (c *benchTasksCmd) sensible() error {
	for _, share := range c.Cached {
		if share < 0 || share > 1 {
			return usage("--cached %g: the price of cached input is a share of that of other input, from 0 to 1", share)
		}
	}
	for _, n := range c.Servers {
		if n < 1 || n > 65 {
			return usage("--servers %d: the catalogue has 65", n)
		}
	}
	if c.PriceIn < 0 || c.PriceOut < 0 || c.Prompt < 0 || c.Rounds < 1 {
		return usage("prices and --prompt cannot be below 0, nor --rounds below 1")
	}
	return nil
}

// installed says how to get the packages where there are none.
func (c *benchTasksCmd) installed() error {
	if _, err := os.Stat(filepath.Join(c.NPM, "node_modules")); err != nil {
		return usage("%w\nthe servers are npm packages, and nothing here installs any. To make a folder with them (200 MB):\n"+
			"  mkdir -p servers && bindery bench tasks --packages > servers/package.json\n"+
			"  npm install --prefix servers --ignore-scripts\n  bindery bench tasks --npm servers", fmt.Errorf("look for the servers: %w", err))
	}
	return nil
}
