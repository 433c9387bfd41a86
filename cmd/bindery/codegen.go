package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/codegen/shape"
	"github.com/bindery-mcp/bindery/codegen/stubs"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/learned"
)

type codegenCmd struct {
	configFlag
	Out     string   `placeholder:"DIR" help:"Write the stubs into this folder, with an index, settings for editors and a lock file. Default: print the stubs."`
	Lang    []string `default:"ts" enum:"ts,py" help:"Languages of the stubs: ts, py or both with a comma between."`
	Server  []string `placeholder:"NAME" help:"Only these servers."`
	Detail  string   `default:"full" enum:"line,full" help:"How much documentation: line or full."`
	Check   bool     `xor:"mode" help:"Write nothing; show what the servers changed since --out was written, and fail if they did."`
	Watch   bool     `xor:"mode" help:"Stay, and write the stubs again whenever a server changes its tools."`
	Refresh bool     `help:"Ask the servers even where their tools are remembered."`
}

func (c *codegenCmd) Run(ctx context.Context, std streams, v verbosity) error {
	if (c.Check || c.Watch) && c.Out == "" {
		return usage("--check and --watch need --out: the folder of the stubs")
	}
	cfg, err := c.load(ctx, std)
	if err != nil {
		return err
	}
	if err := knownServers(cfg, c.Server); err != nil {
		return err
	}
	if c.Watch {
		return c.watch(ctx, std, v, cfg)
	}
	cat, missing, err := c.catalogue(ctx, std, v, cfg)
	if err != nil {
		return err
	}
	store := openLearned(cfg, logger(std, v))
	err = trackLearned(ctx, store, cat)
	if err == nil {
		err = c.once(std, cat, store)
	}
	if err = errors.Join(err, closeLearned(store)); err == nil && missing {
		return &exitError{code: exitFailed}
	}
	return err
}

// once makes the stubs of a catalogue and does with them what was asked for.
func (c *codegenCmd) once(std streams, cat *backends.Catalogue, store *learned.Store) error {
	if c.Out == "" {
		folder, err := stubs.Make(toolsOf(cat, ""), c.options(cat, nil, store))
		if err != nil {
			return err
		}
		return printStubs(std.out, folder)
	}
	dir, err := openStubs(c.Out, !c.Check)
	if err != nil {
		return err
	}
	defer dir.close()
	if c.Check {
		return c.check(std, cat, dir)
	}
	_, err = c.write(std, cat, store, dir)
	return err
}

// write brings the folder up to date and returns what its lock holds then.
func (c *codegenCmd) write(std streams, cat *backends.Catalogue, store *learned.Store, dir *stubDir) (*stubs.Folder, error) {
	o := c.options(cat, dir, store)
	if store == nil { // learning is off
		o.Observed = nil
	}
	folder, err := stubs.Make(toolsOf(cat, ""), o)
	if err != nil {
		return nil, err
	}
	return folder, dir.write(std.err, folder)
}

// check compares the folder with what would be written into it now. What was
// learned of results since then is no change of a server, and left out.
func (c *codegenCmd) check(std streams, cat *backends.Catalogue, dir *stubDir) error {
	if dir.lock == nil {
		return &bindery.Error{
			Code: bindery.NotFound, Op: "check stubs", Err: fmt.Errorf("%s has no %s", c.Out, stubs.LockFile),
			Hint: "run the same command without --check, and keep what it writes",
		}
	}
	folder, err := stubs.Make(toolsOf(cat, ""), c.options(cat, dir, nil))
	if err != nil {
		return err
	}
	return dir.check(std, folder)
}

// options are those for a folder, nil for none, and for what a store knows, nil
// for nothing.
func (c *codegenCmd) options(cat *backends.Catalogue, dir *stubDir, store *learned.Store) stubs.Options {
	detail, _ := codegen.ParseDetail(c.Detail)
	o := stubs.Options{Detail: detail, Servers: c.Server}
	for _, name := range c.Lang {
		l, _ := codegen.ParseLanguage(name)
		if !slices.Contains(o.Languages, l) {
			o.Languages = append(o.Languages, l)
		}
	}
	if dir != nil {
		o.Before, o.Observed = dir.lock, dir.observed
	}
	if store != nil {
		o.Learned = func(id bindery.ToolID) *shape.Shape { return store.Shapes().Of(id) }
	}
	for _, s := range cat.Servers {
		if len(s.Tools) == 0 && s.State != backends.Ready && !s.FromCache {
			o.Unknown = append(o.Unknown, s.Name)
		}
	}
	return o
}

// catalogue comes from the cache where it holds every server; only otherwise
// are the servers asked.
func (c *codegenCmd) catalogue(ctx context.Context, std streams, v verbosity, cfg *config.Config) (_ *backends.Catalogue, missing bool, err error) {
	if dir := cacheDir(cfg); dir != "" && !c.Refresh {
		cat := backends.ReadCache(dir, specs(cfg))
		if !slices.ContainsFunc(cat.Servers, func(s backends.Server) bool { return !s.FromCache && c.wants(s.Name) }) {
			return cat, false, nil
		}
	}
	set, err := openReady(ctx, std, cfg, logger(std, v))
	if err != nil {
		return nil, false, err
	}
	defer func() { err = errors.Join(err, closeSet(set)) }()
	return set.Catalogue(), reportDown(std.err, set), nil
}

func (c *codegenCmd) wants(server string) bool {
	return len(c.Server) == 0 || slices.Contains(c.Server, server)
}
