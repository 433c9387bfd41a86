package gateway

import (
	"compress/gzip"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	collectormetrics "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	collectortrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	metrics "go.opentelemetry.io/proto/otlp/metrics/v1"
	trace "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/bindery-mcp/bindery/gateway/telemetry"
)

// collector takes what is sent by OTLP over HTTP.
type collector struct {
	url string

	mu      sync.Mutex
	spans   []*trace.Span
	metrics map[string]*metrics.Metric
	headers []http.Header
	raw     []byte
}

func startCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{metrics: make(map[string]*metrics.Metric)}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/traces", func(w http.ResponseWriter, r *http.Request) {
		var m collectortrace.ExportTraceServiceRequest
		if !c.take(w, r, &m) {
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		for _, rs := range m.ResourceSpans {
			for _, ss := range rs.ScopeSpans {
				c.spans = append(c.spans, ss.Spans...)
			}
		}
	})
	mux.HandleFunc("POST /v1/metrics", func(w http.ResponseWriter, r *http.Request) {
		var m collectormetrics.ExportMetricsServiceRequest
		if !c.take(w, r, &m) {
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		for _, rm := range m.ResourceMetrics {
			for _, sm := range rm.ScopeMetrics {
				for _, one := range sm.Metrics {
					c.metrics[one.Name] = one
				}
			}
		}
	})
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	c.url = srv.URL
	return c
}

func (c *collector) take(w http.ResponseWriter, r *http.Request, m proto.Message) bool {
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return false
		}
		body = z
	}
	raw, err := io.ReadAll(body)
	if err == nil {
		err = proto.Unmarshal(raw, m)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.raw, c.headers = append(c.raw, raw...), append(c.headers, r.Header)
	return true
}

// open returns a telemetry that sends here, and what sends all of it.
func (c *collector) open(t *testing.T, state func() telemetry.State) (*telemetry.Telemetry, func()) {
	t.Helper()
	tel, err := telemetry.Open(t.Context(), telemetry.Options{
		Traces:  &telemetry.Export{Endpoint: c.url + "/v1/traces", Headers: map[string]string{"X-Key": "k"}},
		Metrics: &telemetry.Export{Endpoint: c.url + "/v1/metrics"}, Prometheus: true, Version: "1", State: state,
	})
	if err != nil {
		t.Fatal(err)
	}
	send := func() {
		if err := tel.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(send)
	return tel, send
}

// tree returns the spans, each under its parent, in the order of their names;
// with those of attributes that are asked for.
func (c *collector) tree(keys ...string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	children := make(map[string][]*trace.Span)
	known := make(map[string]bool)
	for _, s := range c.spans {
		known[string(s.SpanId)] = true
	}
	for _, s := range c.spans {
		parent := string(s.ParentSpanId)
		if !known[parent] {
			parent = ""
		}
		children[parent] = append(children[parent], s)
	}
	var b strings.Builder
	var write func(parent, indent string)
	write = func(parent, indent string) {
		var lines []string
		byLine := make(map[string][]string)
		for _, s := range children[parent] {
			line := indent + strings.ToLower(strings.TrimPrefix(s.Kind.String(), "SPAN_KIND_")) + " " + s.Name
			for _, key := range keys {
				if v := attributeOf(s.Attributes, key); v != "" {
					line += " " + key[strings.LastIndexByte(key, '.')+1:] + "=" + v
				}
			}
			if byLine[line] == nil {
				lines = append(lines, line)
			}
			byLine[line] = append(byLine[line], string(s.SpanId))
		}
		slices.Sort(lines)
		for _, line := range lines {
			for _, id := range byLine[line] {
				b.WriteString(line + "\n")
				write(id, indent+"  ")
			}
		}
	}
	write("", "")
	return b.String()
}

func (c *collector) span(t *testing.T, name string) *trace.Span {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.spans {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("no span is called %q", name)
	return nil
}

func traceparent(s *trace.Span) string {
	return "00-" + hex.EncodeToString(s.TraceId) + "-" + hex.EncodeToString(s.SpanId) + "-01"
}

func attributeOf(attrs []*common.KeyValue, key string) string {
	for _, a := range attrs {
		if a.Key != key {
			continue
		}
		switch v := a.Value.Value.(type) {
		case *common.AnyValue_StringValue:
			return v.StringValue
		case *common.AnyValue_IntValue:
			return fmt.Sprint(v.IntValue)
		case *common.AnyValue_DoubleValue:
			return fmt.Sprint(v.DoubleValue)
		}
	}
	return ""
}
