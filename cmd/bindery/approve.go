package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/pin"
)

type approveCmd struct {
	configFlag
	Tools []string `arg:"" optional:"" placeholder:"SERVER[.TOOL]" help:"Tools, or servers with all their tools, to take as they are now. Default: show what changed."`
	All   bool     `help:"Take every tool as it is now."`
}

// pinsPath is where what tools were is kept; empty, for nowhere, if the system
// has no place for caches.
func pinsPath(cfg *config.Config) string {
	dir := cacheDir(cfg)
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, "pins.json")
}

func (c *approveCmd) Run(ctx context.Context, std streams) error {
	cfg, err := c.load(ctx, std)
	if err != nil {
		return err
	}
	path := pinsPath(cfg)
	if path == "" {
		return &bindery.Error{
			Code: bindery.Invalid, Op: "find the pinned tools", Err: errors.New("this system has no folder for caches"),
			Hint: "set cacheDir in the configuration",
		}
	}
	pins, err := pin.Open(path, true)
	if err != nil {
		return err
	}
	tools := toolsOf(backends.ReadCache(cacheDir(cfg), specs(cfg)), "")
	v, err := pins.Judge(tools)
	if err != nil {
		return err
	}
	chosen, err := c.choose(cfg, tools, v.Changed)
	if err != nil {
		return err
	}
	if len(c.Tools) == 0 && !c.All {
		return listChanges(std.out, v, tools)
	}
	var now []bindery.Tool
	for _, change := range chosen {
		now = append(now, find(tools, change.Tool))
		showChange(std.out, change, tools)
	}
	if err := pins.Approve(now); err != nil {
		return err
	}
	for _, t := range now {
		_, _ = fmt.Fprintf(std.out, "approved %s\n", t.ID)
	}
	if len(now) == 0 {
		_, _ = fmt.Fprintln(std.out, "nothing of that has changed")
	}
	return nil
}

// choose returns the changes that the command line names.
func (c *approveCmd) choose(cfg *config.Config, tools []bindery.Tool, changes []pin.Change) ([]pin.Change, error) {
	if c.All {
		return changes, nil
	}
	var chosen []pin.Change
	for _, name := range c.Tools {
		id, isTool := splitTool(cfg.ServerNames(), name)
		_, isServer := cfg.Servers[name]
		if !isTool && !isServer {
			return nil, usage("%q is no server and no tool of one; there are %s", name, strings.Join(cfg.ServerNames(), ", "))
		}
		if isTool && find(tools, id).Raw == nil {
			return nil, usage("the server %s had no tool %q when it was last seen; bindery approve shows what waits", id.Server, id.Name)
		}
		for _, change := range changes {
			named := isServer && change.Tool.Server == name || isTool && change.Tool == id
			taken := slices.ContainsFunc(chosen, func(c pin.Change) bool { return c.Tool == change.Tool })
			if named && !taken {
				chosen = append(chosen, change)
			}
		}
	}
	return chosen, nil
}

// listChanges shows what waits to be looked at.
func listChanges(w io.Writer, v pin.Verdict, tools []bindery.Tool) error {
	if len(v.Changed) == 0 {
		_, err := fmt.Fprintf(w, "%d tools are what they were when they were first seen or approved\n", len(v.Kept))
		return err
	}
	for _, change := range v.Changed {
		showChange(w, change, tools)
	}
	_, _ = fmt.Fprintf(w, "%d of %d tools changed; take them as they are with: bindery approve SERVER.TOOL, or --all\n",
		len(v.Changed), len(tools))
	return &exitError{code: exitFailed}
}

func showChange(w io.Writer, c pin.Change, tools []bindery.Tool) {
	_, _ = fmt.Fprint(w, c)
	_, found := pin.Strip(find(tools, c.Tool).Raw)
	for _, f := range found {
		_, _ = fmt.Fprintf(w, "  hidden text in %s\n", f)
	}
}

func find(tools []bindery.Tool, id bindery.ToolID) bindery.Tool {
	i := slices.IndexFunc(tools, func(t bindery.Tool) bool { return t.ID == id })
	if i < 0 {
		return bindery.Tool{ID: id}
	}
	return tools[i]
}
