package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/gateway"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/learned"
)

type toolsCmd struct {
	configFlag
	Query  string `arg:"" optional:"" help:"Words to search for; without any, every tool is listed."`
	Server string `placeholder:"NAME" help:"Only this server's tools."`
	Limit  int    `default:"20" help:"With words: how many tools at most."`
	Detail string `default:"name" enum:"name,line,full" help:"How much of each tool: name, line or full."`
	JSON   bool   `name:"json" help:"Print JSON: tools with their schemas, as the servers advertise them."`
}

func (c *toolsCmd) Run(ctx context.Context, std streams, v verbosity) error {
	cfg, err := c.load(ctx, std)
	if err != nil {
		return err
	}
	return look(ctx, std, v, cfg, func(cat *backends.Catalogue, store *learned.Store) error {
		tools := toolsOf(cat, c.Server)
		if c.Server != "" && len(tools) == 0 {
			return &bindery.Error{
				Code: bindery.NotFound, Op: "list tools", Err: fmt.Errorf("no tools of a server named %q", c.Server),
				Hint: "servers: " + strings.Join(cfg.ServerNames(), ", "),
			}
		}
		return c.print(std.out, gateway.Observing(codegen.Compile(tools), store))
	})
}

// look starts the servers, has what is known of their tools looked at, and ends
// them. That one of them is down is told, and is a failure after everything
// else went well.
func look(ctx context.Context, std streams, v verbosity, cfg *config.Config, at func(*backends.Catalogue, *learned.Store) error) (err error) {
	set, err := openReady(ctx, std, cfg, logger(std, v))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeSet(set)) }()
	down := reportDown(std.err, set)
	store := openLearned(cfg, logger(std, v))
	defer func() { err = errors.Join(err, closeLearned(store)) }()
	if err := trackLearned(ctx, store, set.Catalogue()); err != nil {
		return err
	}
	if err := at(set.Catalogue(), store); err != nil {
		return err
	}
	if down {
		return &exitError{code: exitFailed}
	}
	return nil
}

func (c *toolsCmd) print(w io.Writer, m *codegen.Module) error {
	if c.JSON {
		return encode(w, toolsJSON(m))
	}
	detail, _ := codegen.ParseDetail(c.Detail)
	if c.Query != "" {
		_, err := fmt.Fprintln(w, m.Search(codegen.Query{Text: c.Query, Server: c.Server, Limit: c.Limit, Detail: detail}))
		return err
	}
	for _, s := range m.Servers() {
		if _, err := io.WriteString(w, m.Declarations(s.Name, codegen.TypeScript, detail)); err != nil {
			return err
		}
	}
	return nil
}

type toolJSON struct {
	Server      string          `json:"server"`
	Name        string          `json:"name"`
	Title       string          `json:"title,omitempty"`
	Description string          `json:"description,omitempty"`
	Input       json.RawMessage `json:"inputSchema,omitempty"`
	Output      json.RawMessage `json:"outputSchema,omitempty"`
	Hints       bindery.Hints   `json:"annotations,omitzero"`
	Notes       []string        `json:"notes,omitempty"`
}

func toolsJSON(m *codegen.Module) []toolJSON {
	list := []toolJSON{}
	for _, s := range m.Servers() {
		for _, f := range s.Tools {
			list = append(list, toolJSON{
				Server: f.ID.Server, Name: f.ID.Name, Title: f.Tool.Title, Description: f.Tool.Description,
				Input: f.Tool.Input, Output: f.Tool.Output, Hints: f.Tool.Hints, Notes: f.Notes,
			})
		}
	}
	return list
}

// toolsOf returns the tools of all servers, or of the one named.
func toolsOf(cat *backends.Catalogue, server string) []bindery.Tool {
	var tools []bindery.Tool
	for _, s := range cat.Servers {
		if server == "" || s.Name == server {
			tools = append(tools, s.Tools...)
		}
	}
	return tools
}

// reportDown names the servers that did not come up, and why.
func reportDown(w io.Writer, set *backends.Set) bool {
	down := false
	for _, s := range set.Status() {
		if isDown(s) {
			down = true
			if s.State == backends.Connecting {
				s.State = backends.Failed // and is tried again
			}
			_, _ = fmt.Fprintln(w, "bindery:", statusLine(s))
		}
	}
	return down
}

func closeSet(set *backends.Set) error {
	ctx, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	return set.Close(ctx)
}

type callCmd struct {
	configFlag
	Tool string `arg:"" help:"The tool, as SERVER.TOOL."`
	Args string `arg:"" optional:"" help:"Its arguments, a JSON object; @FILE reads them from a file."`
	Raw  bool   `help:"Print the whole result as the server sent it."`
}

func (c *callCmd) Run(ctx context.Context, std streams, v verbosity) (err error) {
	args, err := readData("<args>", c.Args)
	if err != nil {
		return err
	}
	cfg, err := c.load(ctx, std)
	if err != nil {
		return err
	}
	id, ok := splitTool(cfg.ServerNames(), c.Tool)
	if !ok {
		return &exitError{code: exitUsage, err: &bindery.Error{
			Code: bindery.NotFound, Op: "call " + c.Tool, Err: errors.New("it names no configured server"),
			Hint: "write SERVER.TOOL; servers: " + strings.Join(cfg.ServerNames(), ", "),
		}}
	}
	only := *cfg
	only.Servers = map[string]config.Server{id.Server: cfg.Servers[id.Server]}
	set, err := openReady(ctx, std, &only, logger(std, v))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeSet(set)) }()
	// A server that never came up is not one without the tool.
	if s := set.Status()[0]; isDown(s) && s.Tools == 0 {
		return s.Cause
	}
	module := codegen.Compile(toolsOf(set.Catalogue(), ""))
	if err := module.Check(id, codegen.TypeScript, args); err != nil {
		return err
	}
	result, err := set.Call(ctx, bindery.Call{Tool: id, Args: args})
	if err != nil {
		return err
	}
	return printResult(std, result, c.Raw)
}

// splitTool finds the server in "server.tool"; both may hold dots, and the
// longest server name wins.
func splitTool(servers []string, name string) (bindery.ToolID, bool) {
	best := bindery.ToolID{}
	for _, s := range servers {
		tool, ok := strings.CutPrefix(name, s+".")
		if ok && tool != "" && len(s) > len(best.Server) {
			best = bindery.ToolID{Server: s, Name: tool}
		}
	}
	return best, best.Server != ""
}

func printResult(std streams, r bindery.Result, raw bool) error {
	text := string(r.Raw)
	if !raw {
		text = resultText(r)
	}
	w := io.Writer(std.out)
	if r.IsError && !raw {
		w = std.err
	}
	if _, err := fmt.Fprintln(w, text); err != nil {
		return err
	}
	if r.IsError {
		return &exitError{code: exitFailed}
	}
	return nil
}

func resultText(r bindery.Result) string {
	if r.Structured != nil {
		return string(r.Structured)
	}
	var parts []string
	for _, c := range r.Content {
		if c.Type == "text" {
			parts = append(parts, c.Text)
		} else {
			parts = append(parts, string(c.Raw))
		}
	}
	return strings.Join(parts, "\n")
}
