package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/stdlib"
)

type codegenCmd struct {
	configFlag
	Out     string   `placeholder:"DIR" help:"Write one .d.ts for each server into this folder. Default: print them."`
	Lang    string   `default:"ts" enum:"ts" help:"Language of the stubs: ts."`
	Server  []string `placeholder:"NAME" help:"Only these servers."`
	Detail  string   `default:"full" enum:"line,full" help:"How much documentation: line or full."`
	Check   bool     `help:"Write nothing; show how the files in --out differ from what would be written, and fail if they do."`
	Refresh bool     `help:"Ask the servers even where their tools are remembered."`
}

func (c *codegenCmd) Run(ctx context.Context, std streams, v verbosity) error {
	if c.Check && c.Out == "" {
		return usage("--check needs --out: the folder to compare with")
	}
	cfg, err := c.load(std)
	if err != nil {
		return err
	}
	for _, name := range c.Server {
		if _, ok := cfg.Servers[name]; !ok {
			return usage("no server is named %q; there are %s", name, strings.Join(cfg.ServerNames(), ", "))
		}
	}
	cat, missing, err := c.catalogue(ctx, std, v, cfg)
	if err != nil {
		return err
	}
	files := c.render(cat)
	switch {
	case c.Check:
		err = checkFiles(std, c.Out, files)
	case c.Out != "":
		err = writeFiles(std, c.Out, files)
	default:
		err = printFiles(std, files)
	}
	if err == nil && missing {
		return &exitError{code: exitFailed}
	}
	return err
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
	set, err := openSet(ctx, cfg, logger(std, v))
	if err != nil {
		return nil, false, err
	}
	defer func() { err = errors.Join(err, closeSet(set)) }()
	if err := ready(ctx, std, set); err != nil {
		return nil, false, err
	}
	return set.Catalogue(), reportDown(std.err, set), nil
}

func (c *codegenCmd) wants(server string) bool {
	return len(c.Server) == 0 || slices.Contains(c.Server, server)
}

// stub is one generated file.
type stub struct {
	name string
	text string
}

// sharedFile declares what all servers' stubs refer to, and what a script
// finds besides the tools.
const sharedFile = "bindery.d.ts"

func (c *codegenCmd) render(cat *backends.Catalogue) []stub {
	detail, _ := codegen.ParseDetail(c.Detail)
	// All servers are compiled together, so that a name means the same here
	// as in a script.
	module := codegen.Compile(toolsOf(cat, ""))
	files := []stub{{name: sharedFile, text: codegen.Prelude(codegen.TypeScript) + "\n" + stdlib.JavaScript().Types}}
	for _, s := range module.Servers() {
		if c.wants(s.Name) {
			files = append(files, stub{name: fileOf(s.Name), text: module.File(s.Name, codegen.TypeScript, detail)})
		}
	}
	return files
}

// fileOf names a server's file, also where case does not count in file names.
func fileOf(server string) string {
	name := server + ".d.ts"
	if strings.EqualFold(name, sharedFile) {
		return "server-" + name
	}
	return name
}

func printFiles(std streams, files []stub) error {
	for _, f := range files {
		if _, err := fmt.Fprintf(std.out, "// ---- %s ----\n%s\n", f.name, f.text); err != nil {
			return err
		}
	}
	return nil
}

// writeFiles writes below dir only, whatever the servers are called.
func writeFiles(std streams, dir string, files []stub) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("write stubs: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("write stubs: %w", err)
	}
	defer func() { _ = root.Close() }()
	for _, f := range files {
		if old, err := root.ReadFile(f.name); err == nil && string(old) == f.text {
			continue
		}
		if err := root.WriteFile(f.name, []byte(f.text), 0o644); err != nil {
			return fmt.Errorf("write stubs: %w", err)
		}
		_, _ = fmt.Fprintf(std.err, "bindery: wrote %s\n", f.name)
	}
	return nil
}

func checkFiles(std streams, dir string, files []stub) error {
	stale := 0
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("check stubs: %w", err)
	}
	defer func() { _ = root.Close() }()
	for _, f := range files {
		old, err := root.ReadFile(f.name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			_, _ = fmt.Fprintf(std.err, "bindery: %s is missing\n", f.name)
		case err != nil:
			return fmt.Errorf("check stubs: %w", err)
		case !bytes.Equal(old, []byte(f.text)):
			_, _ = fmt.Fprintf(std.err, "bindery: %s is out of date\n", f.name)
			if _, err := std.out.Write(diff.Diff(f.name, old, f.name, []byte(f.text))); err != nil {
				return err
			}
		default:
			continue
		}
		stale++
	}
	if stale > 0 {
		return &bindery.Error{
			Code: bindery.Invalid, Op: "check stubs", Err: fmt.Errorf("%d of %d files differ", stale, len(files)),
			Hint: "run the same command without --check",
		}
	}
	return nil
}
