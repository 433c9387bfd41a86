package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/gateway"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/sandbox/confine"
	"github.com/bindery-mcp/bindery/sandbox/python/image"
)

type doctorCmd struct {
	configFlag
	pythonFlags
}

// Run looks at everything a gateway needs, and goes on after what is wrong,
// so that one run tells all.
func (c *doctorCmd) Run(ctx context.Context, std streams, v verbosity) error {
	e := &examination{w: std.out}
	e.sandbox(confine.Support())
	cfg, err := c.load(ctx, streams{in: std.in, out: std.out, err: io.Discard})
	if err != nil {
		e.bad("configuration", err)
		return e.verdict()
	}
	e.good("configuration", cfg.Path()+", "+counted(len(cfg.Servers), "server"))
	for _, w := range cfg.Warnings() {
		e.warn("configuration", w.String())
	}
	e.cache(cacheDir(cfg))
	e.audit(cfg.Audit.Dir)
	python := e.python(cfg, c.pythonFlags)
	if err := e.servers(ctx, cfg, c.pythonFlags, python, std, v); err != nil {
		return err
	}
	return e.verdict()
}

// examination prints findings as they are made and counts the bad ones.
type examination struct {
	w        io.Writer
	problems int
}

func (e *examination) line(mark, what, text string) {
	_, _ = fmt.Fprintf(e.w, "%-4s %-14s %s\n", mark, what, text)
}

func (e *examination) good(what, text string) { e.line("ok", what, text) }

func (e *examination) warn(what, text string) { e.line("warn", what, text) }

func (e *examination) bad(what string, err error) {
	e.problems++
	text := err.Error()
	if hint := bindery.HintOf(err); hint != "" {
		text += "\nhint: " + hint
	}
	e.line("FAIL", what, strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", 20)))
}

func (e *examination) verdict() error {
	if e.problems == 0 {
		_, _ = fmt.Fprintln(e.w, "\neverything is in order")
		return nil
	}
	_, _ = fmt.Fprintf(e.w, "\n%d to mend\n", e.problems)
	return &exitError{code: exitFailed}
}

// sandbox tells how well scripts are confined on this system. A missing
// protection is no reason not to run: it is a reason to know.
func (e *examination) sandbox(r confine.Report) {
	if len(r.Missing) == 0 {
		e.good("sandbox", fmt.Sprintf("%s: separate process, memory and CPU limits, seccomp, Landlock ABI %d", r.System, r.Landlock))
		return
	}
	e.good("sandbox", r.System+": separate process, wall clock limit")
	for _, m := range r.Missing {
		e.warn("sandbox", fmt.Sprintf("no %s: %s; %s", m.Feature, m.Meaning, m.Remedy))
	}
}

func (e *examination) cache(dir string) {
	if dir == "" {
		e.warn("cache", "no folder for caches on this system; a start waits for the servers (set cacheDir)")
		return
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		e.bad("cache", err)
		return
	}
	if err := probe(dir); err != nil {
		e.bad("cache", &bindery.Error{Code: bindery.Unavailable, Op: "write to the cache", Err: err, Hint: "set cacheDir to a folder that can be written"})
		return
	}
	e.good("cache", filepath.Clean(dir))
}

// audit looks at the folder of the log, without which serve does not start. The
// log itself may be a running gateway's.
func (e *examination) audit(dir string) {
	if dir == "" {
		return
	}
	if err := probe(dir); err != nil && !errors.Is(err, fs.ErrNotExist) { // serve makes it
		e.bad("audit", &bindery.Error{Code: bindery.Unavailable, Op: "write to the folder of the audit log", Err: err, Hint: "set audit.dir to a folder that can be written"})
		return
	}
	e.good("audit", filepath.Clean(dir))
}

// probe writes to a folder, and leaves nothing there.
func probe(dir string) error {
	f, err := os.CreateTemp(dir, "probe-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// python looks for the interpreter, and tells whether it can be tried.
func (e *examination) python(cfg *config.Config, f pythonFlags) bool {
	if !cfg.RunsPython() {
		e.good("python", "turned off (sandbox.python)")
		return false
	}
	p, ok, err := f.interpreter(cfg)
	switch {
	case err != nil:
		e.bad("python", err)
		return false
	case !ok:
		e.warn("python", `not there; to have it, run "bindery python install"`)
		return false
	}
	dir, ready := image.Find(p, pythonRoot(cfg))
	if !ready {
		e.warn("python", "CPython "+p.Version+` is not prepared yet, so that the first script waits some seconds for it; "bindery python install" does it ahead`)
		return false
	}
	e.good("python", fmt.Sprintf("CPython %s, prepared in %s", p.Version, dir))
	return true
}

// script runs one script in the language.
func (e *examination) script(ctx context.Context, st *stack, language, code string) {
	what := "script"
	if language != "" {
		what = language
	}
	answer, err := st.gateway.Execute(ctx, gateway.Anonymous(), gateway.Request{Code: code, Language: language})
	switch {
	case err != nil:
		e.bad(what, err)
	case answer.Text() != "42":
		e.bad(what, fmt.Errorf("6 * 7 gave %s", answer.Text()))
	default:
		e.good(what, "a script ran in a worker process")
	}
}

// servers starts the whole stack and looks at what came up.
func (e *examination) servers(ctx context.Context, cfg *config.Config, f pythonFlags, python bool, std streams, v verbosity) (err error) {
	own := *cfg
	own.Audit = config.Audit{} // a gateway that runs has its log open
	st, err := open(ctx, &own, f, logger(std, v), nil)
	if err != nil {
		e.bad("configuration", err)
		return nil
	}
	defer func() { err = errors.Join(err, st.close()) }()
	if st.engines.js != nil {
		e.script(ctx, st, "", "const ok: number = 6 * 7; ok")
	}
	if python && st.engines.python != nil {
		e.script(ctx, st, "python", "6 * 7")
	}
	if err := ready(ctx, std, st.set); err != nil {
		return err
	}
	for _, s := range st.set.Status() {
		e.server(s)
	}
	changed := st.changedTools()
	for _, key := range slices.Sorted(maps.Keys(changed)) {
		e.warn("pins", strings.TrimPrefix(changed[key], "warning: "))
	}
	e.names(st.gateway.View(gateway.Anonymous()))
	for _, mistake := range st.gateway.AccessMistakes() {
		e.warn("access", mistake)
	}
	e.tokens(cfg)
	wrong := st.identities.Discover(ctx)
	for _, name := range slices.Sorted(maps.Keys(wrong)) {
		e.bad("auth", wrong[name])
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Views)) {
		for _, mistake := range st.gateway.Mistakes(name) {
			e.warn("view "+name, mistake)
		}
	}
	return nil
}

func (e *examination) server(s backends.Status) {
	switch {
	case s.State == backends.Ready:
		e.good(s.Name, fmt.Sprintf("%s, protocol %s", counted(s.Tools, "tool"), s.Protocol))
	case s.Cause != nil:
		e.bad(s.Name, s.Cause)
		return
	default:
		e.good(s.Name, fmt.Sprintf("%s, %s until it is called", counted(s.Tools, "tool"), s.State))
	}
	if s.Skipped > 0 {
		e.warn(s.Name, fmt.Sprintf("%d lines on its standard output were no JSON-RPC and were skipped, the first: %s",
			s.Skipped, strings.Join(s.FirstSkipped, " | ")))
	}
	for _, why := range s.Refused {
		e.warn(s.Name, "a tool was left out: "+why)
	}
}

// names reports what scripts cannot spell, and schemas that lost detail.
func (e *examination) names(v *gateway.View) {
	for _, s := range v.Module.Servers() {
		if name := s.In(codegen.TypeScript); name.Refused != "" {
			e.warn(s.Name, name.Refused)
		}
		for _, f := range s.Tools {
			if name := f.In(codegen.TypeScript); name.Refused != "" {
				e.warn(f.ID.String(), name.Refused)
			}
			for _, n := range f.Notes {
				e.warn(f.ID.String(), n)
			}
		}
	}
}
