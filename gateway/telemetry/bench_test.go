package telemetry_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/telemetry"
)

// BenchmarkCall makes the two spans of a direct call.
func BenchmarkCall(b *testing.B) {
	sink := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	defer sink.Close()
	for name, o := range map[string]telemetry.Options{
		"traces":  {Traces: &telemetry.Export{Endpoint: sink.URL + "/v1/traces"}},
		"metrics": {Prometheus: true},
	} {
		b.Run(name, func(b *testing.B) {
			tel, err := telemetry.Open(b.Context(), o)
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = tel.Close(context.Background()) }()
			c := tel.Layer(telemetry.Scope{}, bindery.CallerFunc(func(ctx context.Context, _ bindery.Call) (bindery.Result, error) {
				_, _, _ = telemetry.Outgoing(ctx)
				return bindery.Result{}, nil
			}))
			b.ReportAllocs()
			for b.Loop() {
				ctx, request := tel.Request(b.Context(), telemetry.Request{Method: "tools/call", Client: "ci", Session: "s", View: "default", Protocol: "2025-11-25"})
				telemetry.About(ctx, "tools/call", "s__look")
				_, _ = c.Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: "s", Name: "look"}})
				request.End(ctx, "")
			}
		})
	}
}
