package telemetry_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/telemetry"
)

const parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

// TestPropagation takes what is well-formed and short, and nothing else.
func TestPropagation(t *testing.T) {
	long := strings.Repeat("x", 9<<10)
	for name, c := range map[string]struct {
		meta                   string
		header                 http.Header
		parent, state, baggage string
	}{
		"nothing":        {},
		"meta":           {meta: `{"traceparent":"` + parent + `","tracestate":"a=1,b=2","baggage":"k=v","x":1}`, parent: parent, state: "a=1,b=2", baggage: "k=v"},
		"headers":        {header: http.Header{"Traceparent": {parent}, "Tracestate": {"a=1", "b=2"}}, parent: parent, state: "a=1,b=2"},
		"meta first":     {meta: `{"traceparent":"` + parent + `"}`, header: http.Header{"Traceparent": {strings.Replace(parent, "4bf9", "0000", 1)}}, parent: parent},
		"two headers":    {header: http.Header{"Traceparent": {parent, parent}}},
		"malformed":      {meta: `{"traceparent":"00-zz-00f067aa0ba902b7-01","tracestate":"a=1"}`},
		"a line feed":    {meta: `{"traceparent":"` + parent + `\n","baggage":"a=b\r\nX: y"}`},
		"not a text":     {meta: `{"traceparent":{"a":1},"tracestate":["x"],"baggage":7}`},
		"too long":       {meta: `{"traceparent":"` + parent + `","tracestate":"a=` + long + `","baggage":"a=` + long + `"}`, parent: parent},
		"baggage alone":  {header: http.Header{"Baggage": {"k=v"}}, baggage: "k=v"},
		"state alone":    {meta: `{"tracestate":"a=1"}`},
		"meta is a list": {meta: `["traceparent"]`},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := telemetry.FromMeta(telemetry.FromHeader(t.Context(), c.header), json.RawMessage(c.meta))
			p, s, b := telemetry.Outgoing(ctx)
			if p != c.parent || s != c.state || b != c.baggage {
				t.Errorf("got %q %q %q", p, s, b)
			}
		})
	}
}

func FuzzFromMeta(f *testing.F) {
	f.Add(`{"traceparent":"`+parent+`","tracestate":"a=1","baggage":"k=v;p=1"}`, "a=1")
	f.Add(`{"traceparent":"cc-`+parent[3:]+`-what"}`, "\r\n")
	f.Fuzz(func(t *testing.T, meta, header string) {
		if !json.Valid([]byte(meta)) {
			return
		}
		ctx := telemetry.FromHeader(t.Context(), http.Header{"Traceparent": {parent}, "Tracestate": {header}, "Baggage": {header}})
		p, s, b := telemetry.Outgoing(telemetry.FromMeta(ctx, json.RawMessage(meta)))
		for _, v := range []string{p, s, b} {
			if strings.ContainsAny(v, "\r\n\x00") || len(v) > 32<<10 {
				t.Errorf("%q goes out", v)
			}
		}
	})
}

// TestEnvironment holds who is asked for telemetry against the variables.
func TestEnvironment(t *testing.T) {
	sink := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer sink.Close()
	for name, c := range map[string]struct {
		env  map[string]string
		o    telemetry.Options
		want bool
	}{
		"nothing":           {},
		"endpoint":          {env: map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": sink.URL}, want: true},
		"one signal":        {env: map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": sink.URL + "/v1/traces"}, want: true},
		"none":              {env: map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": sink.URL, "OTEL_TRACES_EXPORTER": "none", "OTEL_METRICS_EXPORTER": "none"}},
		"configured":        {o: telemetry.Options{Prometheus: true}, want: true},
		"disabled":          {env: map[string]string{"OTEL_SDK_DISABLED": "TRUE"}, o: telemetry.Options{Prometheus: true, Traces: &telemetry.Export{Endpoint: sink.URL}}},
		"unknown exporters": {env: map[string]string{"OTEL_TRACES_EXPORTER": "zipkin", "OTEL_METRICS_EXPORTER": "console"}},
	} {
		t.Run(name, func(t *testing.T) {
			for k, v := range c.env {
				t.Setenv(k, v)
			}
			tel, err := telemetry.Open(t.Context(), c.o)
			if err != nil || (tel != nil) != c.want {
				t.Errorf("got %v, %v", tel, err)
			}
			if err := tel.Close(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestNames are cut at whole characters: one that is no UTF-8 keeps everything
// from being sent.
func TestNames(t *testing.T) {
	sent := make(chan string, 1)
	sink := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		sent <- string(body)
	}))
	defer sink.Close()
	tel, err := telemetry.Open(t.Context(), telemetry.Options{Prometheus: true, Traces: &telemetry.Export{Endpoint: sink.URL}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, request := tel.Request(t.Context(), telemetry.Request{Method: "tools/call", Session: "s\xff"})
	c := tel.Layer(telemetry.Scope{}, bindery.CallerFunc(func(context.Context, bindery.Call) (bindery.Result, error) { return bindery.Result{}, nil }))
	if _, err := c.Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: "s", Name: "x" + strings.Repeat("é", 100)}}); err != nil {
		t.Fatal(err)
	}
	request.End(ctx, "")
	w := httptest.NewRecorder()
	tel.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", http.NoBody))
	if want := `gen_ai_tool_name="x` + strings.Repeat("é", 63) + `"`; w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
		t.Errorf("%d: %.500s", w.Code, w.Body)
	}
	if err := tel.Close(context.Background()); err != nil {
		t.Error(err)
	}
	select {
	case body := <-sent:
		if !strings.Contains(body, "tools/call x"+strings.Repeat("é", 63)) {
			t.Errorf("the spans are %q", body)
		}
	default:
		t.Error("no spans were sent")
	}
}

// TestOff costs no allocation.
func TestOff(t *testing.T) {
	var off *telemetry.Telemetry
	next := bindery.CallerFunc(func(context.Context, bindery.Call) (bindery.Result, error) { return bindery.Result{}, nil })
	ctx, meta := t.Context(), json.RawMessage(`{"progressToken":1}`)
	header := http.Header{"Content-Type": {"application/json"}}
	c := off.Layer(telemetry.Scope{}, next)
	if n := testing.AllocsPerRun(100, func() {
		ctx := telemetry.FromMeta(telemetry.FromHeader(ctx, header), meta)
		_, _, _ = telemetry.Outgoing(ctx)
		ctx, running := off.Execution(ctx, telemetry.Execution{})
		_, _ = c.Call(ctx, bindery.Call{})
		off.Decided(ctx, "allow", "r")
		off.Limited(ctx, "q", "refused")
		off.Shown(ctx, 1)
		running.End(ctx, "", telemetry.Usage{})
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if off.Handler() != nil || off.Close(ctx) != nil {
		t.Error("what is off does something")
	}
}
