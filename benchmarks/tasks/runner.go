package tasks

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"

	"github.com/bindery-mcp/bindery/benchmarks"
	"github.com/bindery-mcp/bindery/benchmarks/catalogue"
	"github.com/bindery-mcp/bindery/benchmarks/exposure"
	"github.com/bindery-mcp/bindery/gateway/learned"
	"github.com/bindery-mcp/bindery/sandbox"
)

// Options are what a run of tasks needs.
type Options struct {
	// Packages is where the servers are installed. Chromium is the browser of
	// T4; "" stands for where Debian puts it.
	Packages Folder
	Chromium string
	// Engine runs the scripts.
	Engine  sandbox.Engine
	Counter *benchmarks.Counter
	// Seed makes the fixtures; 0 stands for [Seed].
	Seed uint64
	// Settings are the numbers of servers that a user has in all, besides the
	// servers of the task alone.
	Settings []int
	// Prompt is how many tokens stand before the definitions in each request:
	// a system prompt and the user's words.
	Prompt int
	// Rounds is how often plain calls and scripts are run; the quickest counts,
	// in time alone. 0 stands for once.
	Rounds int
	Logger *slog.Logger // nil for none
	// Progress is told what is being done, as the share of the whole.
	Progress func(what string, done, total int)
}

// DefaultChromium is where Debian's package puts the browser.
const DefaultChromium = "/usr/bin/chromium"

// Result is what was found of one task.
type Result struct {
	Task Task `json:"-"`
	// Different is what the two ways made that is not the same; "" is what it
	// has to be.
	Different string `json:"different,omitempty"`
	// Skipped says why the task was not done; then nothing else is set.
	Skipped string `json:"skipped,omitempty"`

	// Plain and Script are the two ways, alone with the servers of the task.
	// Script is of a gateway that has not seen the tools before, and a model
	// that has not either: it searches, and looks at results without a type.
	Plain, Script Side
	// Slip is Script with a mistake in the first script, and Learned is Script
	// where the gateway knows the results from before; nil where that makes
	// no difference.
	Slip    Side
	Learned *Side
	// Cells are all ways: first alone with the servers of the task, then in
	// each of the settings.
	Cells [][]Cell
}

// Side is one way of doing a task.
type Side struct {
	Transcript Transcript `json:"transcript"`
	Tokens     Tokens     `json:"tokens"`
	Wire       Traffic    `json:"wire"`
	// Kept are the bytes of results that never left the gateway.
	Kept int64 `json:"kept"`
	// Script and Answer are tokens of the last script and of what it returned.
	Script int `json:"script,omitempty"`
	Answer int `json:"answer,omitempty"`

	steps []step
}

// Run does the tasks one after another. What it starts and writes is gone when
// it returns.
func Run(ctx context.Context, list []Task, o Options) (_ []Result, err error) {
	o.Chromium, o.Seed = cmp.Or(o.Chromium, DefaultChromium), cmp.Or(o.Seed, Seed)
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	// Servers start in folders of their own.
	packages, err := filepath.Abs(string(o.Packages))
	if err != nil {
		return nil, fmt.Errorf("find the servers: %w", err)
	}
	o.Packages = Folder(packages)
	base, err := os.MkdirTemp("", "bindery-tasks-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the tasks: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(base)) }()
	// Servers report the paths of their files as the system resolves them.
	resolved, err := filepath.EvalSymlinks(base)
	if err != nil {
		return nil, fmt.Errorf("make a folder for the tasks: %w", err)
	}
	all, err := exposure.Popular()
	if err != nil {
		return nil, err
	}
	b := bench{Options: o, base: resolved, popular: all, total: len(list) * len(stages())}
	var results []Result
	for _, t := range list {
		r, err := b.task(ctx, t)
		if err != nil {
			return nil, err
		}
		results = append(results, r)
	}
	return results, nil
}

// bench is one run of tasks.
type bench struct {
	Options
	base        string
	popular     []catalogue.Server
	done, total int
}

func stages() []string {
	return []string{"plain calls", "script", "script with a mistake", "script, types known", "counting"}
}

// next tells that a stage of a task begins.
func (b *bench) next(t Task, stage int) {
	if b.Progress != nil {
		b.Progress(t.ID+", "+stages()[stage], b.done, b.total)
	}
	b.done++
}

// reason is why a task cannot be done here; "" if it can.
func (b *bench) reason(t Task) string {
	if err := b.Packages.Missing(t.Servers...); err != nil {
		return err.Error()
	}
	if !slices.Contains(t.Servers, "playwright") {
		return ""
	}
	if _, err := os.Stat(b.Chromium); err != nil {
		return fmt.Sprintf("no browser: %v", err)
	}
	return ""
}

func (b *bench) task(ctx context.Context, t Task) (Result, error) {
	result := Result{Task: t, Skipped: b.reason(t)}
	if result.Skipped != "" {
		b.done += len(stages())
		return result, nil
	}
	b.next(t, 0)
	plain, err := b.quickest(func() (run, error) { return b.runPlain(ctx, b.base, t) })
	if err != nil {
		return result, err
	}
	runs := make([]run, 3)
	for i, m := range []manner{{}, {slips: true}, {knows: true}} {
		b.next(t, i+1)
		if m.knows && t.probe == "" {
			continue
		}
		once := func() (run, error) { return b.withStore(ctx, t, m) }
		if m == (manner{}) {
			runs[i], err = b.quickest(once)
		} else {
			runs[i], err = once()
		}
		if err != nil {
			return result, err
		}
		if result.Different == "" {
			result.Different = t.differences(plain, runs[i])
		}
	}
	b.next(t, 4)
	err = b.count(ctx, &result, plain, runs)
	return result, err
}

// quickest returns the run that took the least time on the wire; all else of
// them is equal.
func (b *bench) quickest(once func() (run, error)) (best run, err error) {
	for i := range max(1, b.Rounds) {
		r, err := once()
		if err != nil {
			return run{}, err
		}
		if i == 0 || r.wire.Work < best.wire.Work {
			best = r
		}
	}
	return best, nil
}

// withStore runs the script side with a store of types: one that knows nothing,
// or what the first run of the task has left.
func (b *bench) withStore(ctx context.Context, t Task, m manner) (r run, err error) {
	dir := filepath.Join(b.base, "learned", t.ID)
	if m.slips {
		dir += "-slip"
	}
	if !m.knows {
		if err := os.RemoveAll(dir); err != nil {
			return run{}, fmt.Errorf("forget what was learned: %w", err)
		}
	}
	m.store = learned.Open(dir, b.Logger)
	defer func() {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), closing)
		defer cancel()
		err = errors.Join(err, m.store.Close(last))
	}()
	return b.runCode(ctx, b.base, t, m)
}

// count turns what was said into figures.
func (b *bench) count(ctx context.Context, r *Result, plain run, runs []run) error {
	alone, err := furnish(ctx, b.Counter, b.popular, r.Task, plain.servers, 0)
	if err != nil {
		return err
	}
	if r.Plain, err = b.side(plain, alone.before[exposure.Inline]); err != nil {
		return err
	}
	before := alone.before[exposure.Code]
	if r.Script, err = b.side(runs[0], before); err != nil {
		return err
	}
	if r.Slip, err = b.side(runs[1], before); err != nil {
		return err
	}
	if runs[2].outputs != nil {
		side, err := b.side(runs[2], before)
		if err != nil {
			return err
		}
		r.Learned = &side
	}
	tools := toolsOf(plain.servers)
	for _, n := range append([]int{0}, b.Settings...) {
		s := alone
		if n > 0 {
			if s, err = furnish(ctx, b.Counter, b.popular, r.Task, plain.servers, n); err != nil {
				return err
			}
		}
		found, err := cells(b.Counter, r.Task, s, b.Prompt, r.Plain.steps, r.Script.steps, tools)
		if err != nil {
			return err
		}
		r.Cells = append(r.Cells, found)
	}
	return nil
}

func (b *bench) side(r run, before int) (Side, error) {
	s := Side{Wire: r.wire, Kept: r.kept}
	var err error
	if s.Transcript, s.steps, err = count(b.Counter, r.said); err != nil {
		return s, err
	}
	s.Tokens = tokens(b.Prompt+before, s.steps)
	last := r.said.turns[len(r.said.turns)-1].exchanges[0]
	if s.Script, err = b.Counter.Count(last.args); err != nil {
		return s, err
	}
	s.Answer, err = b.Counter.Count(last.result)
	return s, err
}
