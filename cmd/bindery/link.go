package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/link"
)

type linkCmd struct {
	Client      string `arg:"" enum:"codex" help:"The client: codex."`
	Name        string `default:"bindery" help:"Name of the gateway in the client."`
	URL         string `default:"http://127.0.0.1:8080/mcp" help:"Endpoint of the gateway."`
	TokenEnv    string `placeholder:"VAR" help:"Environment variable with this client's token, if the gateway asks for one."`
	ToolTimeout int    `default:"120" placeholder:"SECONDS" help:"How long the client waits for one script."`
	File        string `placeholder:"FILE" help:"The client's configuration. Default: $CODEX_HOME/config.toml, or ~/.codex/config.toml."`
	DryRun      bool   `help:"Show the change and write nothing."`
	Undo        bool   `help:"Take the gateway out again."`
}

func (c *linkCmd) Run(std streams) error {
	path, err := c.path()
	if err != nil {
		return err
	}
	if c.Undo {
		how, err := link.Undo(path, c.Name)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(std.err, "bindery: %s: %s\n", path, how)
		return nil
	}
	existing, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read the client's configuration: %w", err)
	}
	edit, err := link.Codex(existing, link.Options{
		Name: c.Name, URL: c.URL, TokenEnvVar: c.TokenEnv, ToolTimeout: c.ToolTimeout,
		// Without required, Codex starts its first turn without servers that
		// take more than a second. Without approve, codex exec refuses every
		// tool that is not read-only, which execute_code honestly is not.
		Required: true, Approval: "approve", DirectNamespaces: true,
	})
	if err != nil {
		return err
	}
	if !edit.Changed {
		_, _ = fmt.Fprintf(std.err, "bindery: %s already has it; nothing to change\n", path)
		return nil
	}
	if _, err := std.out.Write(edit.Diff(path)); err != nil {
		return err
	}
	if c.DryRun {
		return nil
	}
	backup, err := link.Apply(path, edit)
	if err != nil {
		return err
	}
	if backup != "" {
		_, _ = fmt.Fprintf(std.err, "bindery: the file as it was is kept in %s\n", backup)
	}
	_, _ = fmt.Fprintf(std.err, "bindery: wrote %s; take it out again with: bindery link codex --undo\n", path)
	return nil
}

func (c *linkCmd) path() (string, error) {
	if c.File != "" {
		return c.File, nil
	}
	if home := os.Getenv("CODEX_HOME"); home != "" {
		return filepath.Join(home, "config.toml"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", &exitError{code: exitUsage, err: &bindery.Error{
			Code: bindery.Invalid, Op: "find Codex's configuration", Err: err, Hint: "name the file with --file",
		}}
	}
	return filepath.Join(home, ".codex", "config.toml"), nil
}
