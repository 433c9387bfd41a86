package backends_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
)

// sdkVar makes the test binary a stdio server of the SDK.
const sdkVar = "BACKENDS_TEST_SDK_SERVER"

func sdkMain() {
	if _, ok := os.LookupEnv(sdkVar); !ok {
		return
	}
	_ = newSDKServer().Run(context.Background(), &mcp.StdioTransport{})
	os.Exit(0)
}

// newSDKServer returns a server with the tools "where", whose argument travels
// as a header too, and "grow", which adds the tool "grown".
func newSDKServer() *mcp.Server {
	s := mcp.NewServer(&mcp.Implementation{Name: "sdk", Title: "SDK", Version: "1"}, nil)
	s.AddTool(&mcp.Tool{
		Name:        "where",
		InputSchema: json.RawMessage(`{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},"n":{"type":"integer"}}}`),
	}, func(_ context.Context, r *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return &mcp.CallToolResult{
			Content:           []mcp.Content{&mcp.TextContent{Text: "here"}},
			StructuredContent: r.Params.Arguments,
		}, nil
	})
	s.AddTool(&mcp.Tool{Name: "grow", InputSchema: json.RawMessage(`{"type":"object"}`)},
		func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			s.AddTool(&mcp.Tool{Name: "grown", InputSchema: json.RawMessage(`{"type":"object"}`)}, nil)
			return &mcp.CallToolResult{}, nil
		})
	s.AddTool(&mcp.Tool{Name: "hang", InputSchema: json.RawMessage(`{"type":"object"}`)},
		func(ctx context.Context, _ *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		})
	return s
}

// TestSDK runs against servers of the SDK, over both eras of the protocol.
func TestSDK(t *testing.T) {
	t.Parallel()
	handler := func(o mcp.StreamableHTTPOptions) func(testing.TB) backends.Spec {
		return func(t testing.TB) backends.Spec {
			s := newSDKServer()
			h := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return s }, &o)
			srv := httptest.NewServer(h)
			t.Cleanup(func() {
				srv.CloseClientConnections()
				srv.Close()
			})
			return backends.Spec{Name: "srv", URL: srv.URL}
		}
	}
	tests := []struct {
		name, protocol string
		spec           func(testing.TB) backends.Spec
	}{
		{"stateful", "2025-11-25", handler(mcp.StreamableHTTPOptions{})},
		{"stateful with JSON", "2025-11-25", handler(mcp.StreamableHTTPOptions{JSONResponse: true})},
		{"stateless", "2026-07-28", handler(mcp.StreamableHTTPOptions{Stateless: true, PropagateRequestCancellation: true})},
		{"stateless with JSON", "2026-07-28", handler(mcp.StreamableHTTPOptions{Stateless: true, JSONResponse: true, PropagateRequestCancellation: true})},
		{"stdio", "2025-11-25", func(t testing.TB) backends.Spec {
			spec := stdioSpec(t)
			spec.Env = map[string]string{sdkVar: "1", "GORACE": spec.Env["GORACE"]}
			return spec
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, backends.Options{}, tt.spec(t))
			if st := s.Status()[0]; st.Protocol != tt.protocol || st.State != backends.Ready || st.Tools != 3 {
				t.Fatalf("got %+v", st)
			}
			for _, region := range []string{"eu", "Zürich", ""} {
				args, _ := json.Marshal(map[string]any{"region": region, "n": 1})
				r, err := call(t, s, "where", string(args))
				if err != nil {
					t.Fatal(err)
				}
				if string(r.Structured) != string(args) || len(r.Content) != 1 || r.Content[0].Text != "here" {
					t.Errorf("got %s", r.Raw)
				}
			}
			_, err := call(t, s, "hang-not", "")
			if bindery.CodeOf(err) != bindery.NotFound {
				t.Errorf("got %v", err)
			}
			ctx, cancel := context.WithCancel(within(t))
			cancel()
			if _, err := s.Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "hang"}}); bindery.CodeOf(err) != bindery.Cancelled {
				t.Errorf("got %v", err)
			}
			if _, err := call(t, s, "grow", ""); err != nil {
				t.Fatal(err)
			}
			waitFor(t, s, "new tool", func(c *backends.Catalogue) bool {
				return slices.ContainsFunc(c.Servers[0].Tools, func(t bindery.Tool) bool { return t.ID.Name == "grown" })
			})
		})
	}
}

// TestParamHeaders looks at the headers themselves, and at a tool whose
// headers the protocol forbids.
func TestParamHeaders(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var calls []http.Header
	s := newSDKServer()
	h := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return s }, &mcp.StreamableHTTPOptions{Stateless: true})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Mcp-Method") == "tools/call" {
			mu.Lock()
			calls = append(calls, r.Header.Clone())
			mu.Unlock()
		}
		if r.Header.Get("Mcp-Method") == "tools/list" {
			// The SDK's server cannot be made to offer such tools.
			var request struct{ ID json.RawMessage }
			_ = json.NewDecoder(r.Body).Decode(&request)
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"jsonrpc":"2.0","id":` + string(request.ID) + `,"result":{"tools":[` +
				`{"name":"where","inputSchema":{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"}}}},` +
				`{"name":"bad","inputSchema":{"type":"object","properties":{"region":{"type":"object","x-mcp-header":"Region"}}}}]}}`))
			return
		}
		h.ServeHTTP(w, r)
	}))
	defer srv.Close()
	set := open(t, backends.Options{}, backends.Spec{Name: "srv", URL: srv.URL})
	if st := set.Status()[0]; st.Tools != 1 || len(st.Refused) != 1 || !strings.Contains(st.Refused[0], "x-mcp-header") {
		t.Errorf("got %+v", st)
	}
	if _, err := call(t, set, "where", `{"region":"eu"}`); err != nil {
		t.Error(err)
	}
	if len(calls) != 1 || calls[0].Get("Mcp-Param-Region") != "eu" || calls[0].Get("Mcp-Name") != "where" {
		t.Errorf("got %v", calls)
	}
	_ = set.Close(context.Background())
}
