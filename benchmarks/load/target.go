package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery"
)

// Target is one way to have something done.
type Target struct {
	Name string
	// Do has it done once. It is called by many at once, and its context ends
	// with the run.
	Do func(ctx context.Context) error
}

// Endpoint is a connection to an MCP server over Streamable HTTP, as a client
// without a gateway has one.
type Endpoint struct {
	session   *mcp.ClientSession
	transport *http.Transport
}

// Connect is [ConnectAs] with the newest protocol version that both sides speak.
func Connect(ctx context.Context, url, token string) (*Endpoint, error) {
	return ConnectAs(ctx, url, token, "")
}

// ConnectAs opens a session at url in a protocol version, for comparisons: what
// a client does for a call differs between them. token, if there is one, goes with each
// request. The error is an *[bindery.Error]. Whoever connects closes.
func ConnectAs(ctx context.Context, url, token, version string) (*Endpoint, error) {
	e := &Endpoint{transport: &http.Transport{MaxIdleConnsPerHost: maxCallers}}
	client := mcp.NewClient(&mcp.Implementation{Name: "bindery-bench", Version: "1"}, nil)
	var err error
	e.session, err = client.Connect(ctx, &mcp.StreamableClientTransport{
		Endpoint: url, HTTPClient: &http.Client{Transport: bearer{e.transport, token}}, MaxRetries: -1,
	}, &mcp.ClientSessionOptions{ProtocolVersion: version})
	if err != nil {
		e.transport.CloseIdleConnections()
		return nil, &bindery.Error{
			Code: bindery.Unavailable, Op: "connect to " + url, Err: err,
			Hint: "the URL is that of a running MCP server that speaks Streamable HTTP, such as http://127.0.0.1:8080/mcp",
		}
	}
	return e, nil
}

// Tools returns how many tools the endpoint lists.
func (e *Endpoint) Tools(ctx context.Context) (int, error) {
	n := 0
	for _, err := range e.session.Tools(ctx, nil) {
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// Close ends the session.
func (e *Endpoint) Close() error {
	err := e.session.Close()
	e.transport.CloseIdleConnections()
	return err
}

// bearer adds a token to each request.
type bearer struct {
	next  http.RoundTripper
	token string
}

// RoundTrip implements [http.RoundTripper].
func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	if b.token != "" {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer "+b.token)
	}
	return b.next.RoundTrip(r)
}

// Calling returns the target that calls a tool of the endpoint. A result that
// says it failed is a failure.
func (e *Endpoint) Calling(name, tool string, args json.RawMessage) Target {
	return Target{Name: name, Do: func(ctx context.Context) error {
		r, err := e.session.CallTool(ctx, &mcp.CallToolParams{Name: tool, Arguments: args})
		if err != nil {
			return err
		}
		if r.IsError {
			return errors.New("the tool failed: " + firstText(r))
		}
		return nil
	}}
}

// firstText is the beginning of what a result says.
func firstText(r *mcp.CallToolResult) string {
	const most = 200
	for _, c := range r.Content {
		if t, ok := c.(*mcp.TextContent); ok {
			return strings.ToValidUTF8(t.Text[:min(len(t.Text), most)], "")
		}
	}
	return fmt.Sprintf("%d blocks without text", len(r.Content))
}
