package main

import (
	"cmp"
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/secrets"
	"github.com/bindery-mcp/bindery/internal/loopback"
)

// bridgeCmd puts one server on other transports.
type bridgeCmd struct {
	Server  []string `arg:"" optional:"" placeholder:"COMMAND… | URL" help:"The server: a command with its arguments, after --, or a URL (http, https, ws, wss)."`
	Listen  string   `placeholder:"HOST:PORT" help:"Address to listen on; port 0 picks a free one. Default: 127.0.0.1:8080."`
	Stdio   bool     `help:"Speak MCP on standard input and output instead of HTTP, SSE and WebSocket."`
	Header  []string `short:"H" sep:"none" placeholder:"NAME: VALUE" help:"Header of every request to the URL; the value may hold $${env:NAME}, $${file:PATH} and the other references."`
	SSE     bool     `name:"sse" help:"The URL speaks HTTP+SSE of 2024-11-05. Default: found out."`
	Token   string   `placeholder:"REFERENCE" help:"Bearer token that clients need, as $${env:NAME}, $${file:PATH} or another reference. An address that is not loopback needs one."`
	Session bool     `help:"Start the command anew for each session, for servers that keep state which must not mix."`
	Tool    []string `placeholder:"GLOB" help:"Only these tools; * and ? are wildcards."`
}

// Help is shown below the flags.
func (c *bridgeCmd) Help() string {
	return "bindery bridge -- npx -y @modelcontextprotocol/server-everything\n" +
		"bindery bridge https://mcp.example.com/mcp --stdio -H 'Authorization: Bearer ${env:TOKEN}'"
}

// bridged is the name of the server in a bridge's configuration.
const bridged = "server"

func (c *bridgeCmd) Run(ctx context.Context, std streams, v verbosity) error {
	cfg, err := c.configuration(ctx)
	if err != nil {
		return err
	}
	return serve(ctx, std, v, cfg, pythonFlags{}, serving{stdio: c.Stdio})
}

// configuration is what a file with this one server would say.
func (c *bridgeCmd) configuration(ctx context.Context) (*config.Config, error) {
	args := c.Server
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		return nil, usage("name a command after --, or a URL")
	}
	if c.Stdio && (c.Listen != "" || c.Token != "") {
		return nil, usage("--listen and --token go with HTTP, not with --stdio")
	}
	if err := c.checkListen(); err != nil {
		return nil, err
	}
	server, err := c.server(args)
	if err != nil {
		return nil, err
	}
	doc := map[string]any{
		// One server after another is called by the same name here.
		"pin":        string(config.NoPin),
		"mcpServers": map[string]any{bridged: server},
		"views":      map[string]any{config.DefaultView: map[string]any{"mode": string(config.Direct), "servers": []string{bridged}}},
	}
	if c.Listen != "" {
		doc["listen"] = c.Listen
	}
	if c.Token != "" {
		doc["clients"] = map[string]any{"bridge": map[string]any{"token": c.Token}}
	}
	cfg, err := sources().Read(ctx, "bridge.yaml", jsonOf(doc)) // JSON is a client's configuration, YAML bindery's
	return cfg, asFlags(err)
}

// checkListen holds the address against who could reach it.
func (c *bridgeCmd) checkListen() error {
	if c.Listen == "" {
		return nil
	}
	if err := config.CheckAddress(c.Listen); err != nil {
		return usage("--listen: %v", err)
	}
	if host, _, err := net.SplitHostPort(c.Listen); err == nil && c.Token == "" && !loopback.Host(c.Listen) {
		return usage("other machines can reach %s; pass --token '${env:NAME}', which clients then need, or listen on 127.0.0.1", cmp.Or(host, "every address"))
	}
	return nil
}

// server is the entry of the server.
func (c *bridgeCmd) server(args []string) (map[string]any, error) {
	server := map[string]any{"required": true}
	add := c.command
	if len(args) == 1 && isURL(args[0]) {
		add = c.remote
	}
	if err := add(server, args); err != nil {
		return nil, err
	}
	if c.Session {
		server["isolate"] = string(config.PerSession)
	}
	if len(c.Tool) > 0 {
		server["enabledTools"] = c.Tool
	}
	return server, nil
}

// remote adds what is told of a server at a URL.
func (c *bridgeCmd) remote(server map[string]any, args []string) error {
	server["url"] = args[0]
	headers := map[string]any{}
	for _, h := range c.Header {
		name, value, ok := strings.Cut(h, ":")
		if !ok {
			return usage("--header %q is not NAME: VALUE", name)
		}
		headers[strings.TrimSpace(name)] = strings.TrimSpace(value)
	}
	if len(headers) > 0 {
		server["headers"] = headers
	}
	if c.SSE {
		server["type"] = string(config.SSE)
	}
	return nil
}

// command adds what is told of a server to start.
func (c *bridgeCmd) command(server map[string]any, args []string) error {
	if len(c.Header) > 0 || c.SSE {
		return usage("--header and --sse go with a URL")
	}
	if _, err := exec.LookPath(args[0]); err != nil && len(args) == 1 && strings.ContainsAny(args[0], " \t") {
		return usage("there is no command %q; its arguments are words of their own: bindery bridge -- %s", args[0], args[0])
	}
	// Text is text here: nothing in a command line is a reference.
	server["command"], server["args"] = escaped(args[0]), escapedAll(args[1:])
	server["passEnv"] = c.handedOn(os.Environ())
	return nil
}

// asFlags says what is wrong with a bridge's configuration in words of its
// command line, for nobody has written the rest.
func asFlags(err error) error {
	wrong, ok := errors.AsType[*config.Error](err)
	if !ok {
		return err
	}
	list := slices.Clone(wrong.Problems)
	for i, p := range list {
		list[i].File, list[i].Pos = "", config.Pos{}
		for _, part := range []struct{ path, flag string }{
			{"clients.bridge.token", "--token"},
			{"mcpServers.server.headers", "--header"},
			{"mcpServers.server.enabledTools", "--tool"},
			{"mcpServers.server.url", "the URL"},
			{"mcpServers.server.command", "the command"},
			{"mcpServers.server.args", "the command's arguments"},
		} {
			if rest, ok := strings.CutPrefix(p.Path, part.path); ok {
				list[i].Path = strings.TrimSpace(part.flag + strings.Replace(rest, ".", " ", 1))
				break
			}
		}
	}
	return &config.Error{Problems: list}
}

func isURL(s string) bool {
	scheme, rest, ok := strings.Cut(s, "://")
	switch strings.ToLower(scheme) {
	case "http", "https", "ws", "wss":
		return ok && rest != ""
	}
	return false
}

// escaped is a text in which nothing is a reference.
func escaped(s string) string { return strings.ReplaceAll(s, "${", "$${") }

func escapedAll(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = escaped(s)
	}
	return out
}

// handedOn are the names of the variables that the server gets: all but those
// with the token that clients need, and the key to the user's secrets.
func (c *bridgeCmd) handedOn(environ []string) []string {
	var list []string
	for _, v := range environ {
		name, _, ok := strings.Cut(v, "=")
		if !ok || name == "" || name == secrets.PassphraseVariable ||
			strings.Contains(c.Token, "${env:"+name+"}") || strings.Contains(c.Token, "${env:"+name+":-") {
			continue
		}
		list = append(list, name)
	}
	return list
}
