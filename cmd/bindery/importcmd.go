package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
)

type importCmd struct {
	From string `arg:"" help:"codex, claude, cursor, vscode, or a file of one of these formats."`
	Out  string `placeholder:"FILE" help:"Write the configuration to this file, which must not exist. Default: print it."`
}

func (c *importCmd) Run(std streams) error {
	places, err := config.LocalPlaces()
	if err != nil {
		return &exitError{code: exitUsage, err: err}
	}
	found, err := config.Import(c.From, places)
	if err != nil {
		return &exitError{code: exitUsage, err: err}
	}
	text, err := found.Config.Encode()
	if err != nil {
		return err
	}
	for _, f := range found.Files {
		_, _ = fmt.Fprintln(std.err, "bindery: read", f)
	}
	for _, p := range found.Skipped {
		_, _ = fmt.Fprintln(std.err, "bindery: left out:", p)
	}
	if err := c.write(std, text); err != nil {
		return err
	}
	for _, v := range found.Config.Variables() {
		_, _ = fmt.Fprintf(std.err, "bindery: set %s to the value of %s in the old file; it was not copied\n", v.Name, v.Path)
	}
	return nil
}

func (c *importCmd) write(std streams, text []byte) error {
	if c.Out == "" {
		_, err := std.out.Write(text)
		return err
	}
	f, err := os.OpenFile(c.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		hint := ""
		if errors.Is(err, fs.ErrExist) {
			hint = "choose another name, or compare the two: bindery import prints without --out"
		}
		return &exitError{code: exitUsage, err: &bindery.Error{Code: bindery.Invalid, Op: "write the configuration", Err: err, Hint: hint}}
	}
	if _, err := f.Write(text); err != nil {
		return errors.Join(err, f.Close())
	}
	_, _ = fmt.Fprintln(std.err, "bindery: wrote", c.Out)
	return f.Close()
}
