package e2e

import (
	"context"
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// connect opens a session of the MCP SDK; version is the protocol version to
// ask for, or "" for the newest.
func connect(t *testing.T, transport mcp.Transport, version string) *mcp.ClientSession {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	client := mcp.NewClient(&mcp.Implementation{Name: "e2e", Version: "1"}, nil)
	session, err := client.Connect(ctx, transport, &mcp.ClientSessionOptions{ProtocolVersion: version})
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	t.Cleanup(func() {
		if err := session.Close(); err != nil {
			t.Errorf("close the session: %v", err)
		}
	})
	return session
}

// overHTTP is a client's side of Streamable HTTP, with connections of its own.
func overHTTP(t *testing.T, url string) mcp.Transport {
	t.Helper()
	own := &http.Transport{}
	t.Cleanup(own.CloseIdleConnections)
	return &mcp.StreamableClientTransport{Endpoint: url, HTTPClient: &http.Client{Transport: own}}
}

// stdioServer is `bindery serve --stdio` as a client starts it.
func (w *world) stdioServer(t *testing.T) mcp.Transport {
	t.Helper()
	cmd := exec.Command(binary, "serve", "--config", w.Config(t), "--stdio")
	cmd.Dir = w.Home
	cmd.Env = environment(w.Home)
	return &mcp.CommandTransport{Command: cmd}
}

// execute calls execute_code and returns its text and whether it failed.
func execute(t *testing.T, session *mcp.ClientSession, code string) (text string, failed bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	res, err := session.CallTool(ctx, &mcp.CallToolParams{Name: "execute_code", Arguments: map[string]any{"code": code}})
	if err != nil {
		t.Fatalf("execute_code: %v", err)
	}
	if res.StructuredContent != nil {
		t.Errorf("the result has structuredContent, which hides the text from some models: %v", res.StructuredContent)
	}
	var parts []string
	for _, c := range res.Content {
		if c, ok := c.(*mcp.TextContent); ok {
			parts = append(parts, c.Text)
		}
	}
	return strings.Join(parts, "\n"), res.IsError
}
