package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery"
)

// servers holds one MCP server for each client: the SDK ties a session to a
// server, and what a client is told depends on what it may see.
type servers struct {
	g      *Gateway
	mu     sync.Mutex
	byName map[string]*clientServer
}

type clientServer struct {
	client Client
	server *mcp.Server
	// described is what the server's tool says now; replacing the tool
	// notifies every session, which must not happen for nothing.
	described string
}

func newServers(g *Gateway) *servers { return &servers{g: g, byName: make(map[string]*clientServer)} }

// of returns the client's server, its tool described as the catalogue is now.
func (s *servers) of(c Client) *mcp.Server {
	s.mu.Lock()
	defer s.mu.Unlock()
	cs, ok := s.byName[c.Name]
	if !ok {
		cs = &clientServer{client: c, server: s.g.newServer(s.g.views.of(c))}
		s.g.offerResults(cs.server, c)
		s.byName[c.Name] = cs
	}
	s.describe(cs)
	return cs.server
}

// refresh tells the sessions that are open about a changed catalogue.
func (s *servers) refresh() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, cs := range s.byName {
		s.describe(cs)
	}
}

func (s *servers) describe(cs *clientServer) {
	d := s.g.views.of(cs.client).description(s.g.opts)
	if d == cs.described {
		return
	}
	cs.described = d
	cs.server.AddTool(&mcp.Tool{Name: toolName, Description: d, InputSchema: s.g.opts.schema()}, s.g.handler(cs.client))
}

func (g *Gateway) newServer(v *View) *mcp.Server {
	return mcp.NewServer(&mcp.Implementation{Name: "bindery", Title: "bindery", Version: g.opts.Version}, &mcp.ServerOptions{
		Instructions: v.instructions(),
		Logger:       slog.New(slog.DiscardHandler),
		// The SDK's default would announce logging, which nothing here sends.
		Capabilities: &mcp.ServerCapabilities{
			Tools: &mcp.ToolCapabilities{ListChanged: true}, Resources: &mcp.ResourceCapabilities{},
		},
		// What a client sees depends on who it is: nobody else may be served
		// a copy of it.
		SetCacheable: func(_ context.Context, _ mcp.Request, c *mcp.Cacheable) { c.CacheScope = "private" },
	})
}

// handler runs execute_code for the client. Its context is cancelled when the
// client cancels the request or, in the modern era, hangs up; the script and
// its calls go with it, as they do when the client ends the session.
func (g *Gateway) handler(c Client) mcp.ToolHandler {
	return func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		var args struct {
			Code     string          `json:"code"`
			Language string          `json:"language"`
			Data     json.RawMessage `json:"data"`
			Resume   string          `json:"resume"`
			Wait     string          `json:"wait"`
		}
		if err := json.Unmarshal(req.Params.Arguments, &args); err != nil {
			return failed(&bindery.Error{
				Code: bindery.Invalid, Op: "run script", Err: fmt.Errorf("arguments: %w", err),
				Hint: `pass {"code": "…"}`,
			}), nil
		}
		x, err := g.runFor(ctx, c, req.Session.ID(), Request{
			Code: args.Code, Language: args.Language, Data: args.Data, Resume: strings.TrimSpace(args.Resume),
		}, strings.TrimSpace(args.Wait))
		if err != nil {
			return failed(err), nil
		}
		answer, err := g.attend(ctx, x, notifierOf(req))
		if err != nil {
			return failed(err), nil
		}
		g.opts.Logger.Info("execute_code", "client", c.Name, "took", answer.Took, "calls", len(answer.Calls),
			"failed", answer.Outcome.Failure != nil)
		return result(answer), nil
	}
}

// runFor starts the script of a request, or finds the one that it waits for.
func (g *Gateway) runFor(ctx context.Context, c Client, session string, r Request, wait string) (*run, error) {
	if wait == "" {
		return g.launch(ctx, c, session, r)
	}
	if strings.TrimSpace(r.Code) != "" || r.Resume != "" {
		return nil, &bindery.Error{
			Code: bindery.Invalid, Op: "wait for " + clip(wait, 40), Err: errors.New("there is a script beside wait"),
			Hint: "pass wait alone to get the rest of a running script, or code to run another",
		}
	}
	return g.runs.find(c.Name, wait)
}

// result has no structuredContent: some clients show the model nothing else
// once it is there.
func result(a Answer) *mcp.CallToolResult {
	r := &mcp.CallToolResult{
		Content: []mcp.Content{&mcp.TextContent{Text: a.Text()}},
		IsError: a.Outcome.Failure != nil,
	}
	for _, img := range a.Images() {
		r.Content = append(r.Content, &mcp.ImageContent{Data: img.Data, MIMEType: img.MIMEType})
	}
	return r
}

func failed(err error) *mcp.CallToolResult {
	text := err.Error()
	if hint := bindery.HintOf(err); hint != "" {
		text += "\nhint: " + hint
	}
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}, IsError: true}
}

// ServeStdio speaks MCP on the two streams until the client closes its end or
// ctx is done, as the anonymous client: whoever started the process owns it.
func (g *Gateway) ServeStdio(ctx context.Context, in io.ReadCloser, out io.WriteCloser) error {
	server := g.servers.of(Anonymous())
	err := server.Run(ctx, &mcp.IOTransport{Reader: in, Writer: out})
	if err != nil && ctx.Err() == nil && !errors.Is(err, io.EOF) {
		return &bindery.Error{Code: bindery.Unavailable, Op: "serve on stdio", Err: err}
	}
	return nil // the client hung up, or was told to
}
