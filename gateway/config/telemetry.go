package config

import (
	"net/url"
	"strconv"
	"time"
)

// Telemetry is where traces and metrics go. Without it, and without variables
// that say so (OTEL_*), they go nowhere.
type Telemetry struct {
	Traces     *Traces  `json:"traces,omitempty" jsonschema:"Traces, sent by OTLP over HTTP. {} takes everything from the environment (OTEL_EXPORTER_OTLP_ENDPOINT and so on)."`
	Metrics    *Metrics `json:"metrics,omitempty" jsonschema:"Metrics, sent by OTLP over HTTP. {} takes everything from the environment."`
	Prometheus bool     `json:"prometheus,omitempty" jsonschema:"Whether /metrics answers with the metrics in Prometheus' format, to clients that see every tool and to scrapers. Default false."`
	Scrapers   []string `json:"scrapers,omitempty" jsonschema:"Clients that may read /metrics though they do not see every tool. Default: none; clients that see every tool always may."`
	Baggage    bool     `json:"baggage,omitempty" jsonschema:"Whether the baggage of a client's trace, which may hold anything, is passed on to every server that is called for it. Default false."`
}

// Traces are where spans go.
type Traces struct {
	Endpoint Value             `json:"endpoint,omitzero" jsonschema:"URL that takes spans, such as http://localhost:4318/v1/traces."`
	Headers  map[string]Secret `json:"headers,omitempty" jsonschema:"HTTP headers of what is sent. Write secrets as ${env:NAME} or ${file:PATH}."`
	Sample   *Share            `json:"sample,omitempty" jsonschema:"Share of the traces that begin here which are sent, from 0 to 1. Others follow the client's. Default: what OTEL_TRACES_SAMPLER says, or all."`
}

// Metrics are where metrics go.
type Metrics struct {
	Endpoint Value             `json:"endpoint,omitzero" jsonschema:"URL that takes metrics, such as http://localhost:4318/v1/metrics."`
	Headers  map[string]Secret `json:"headers,omitempty" jsonschema:"HTTP headers of what is sent. Write secrets as ${env:NAME} or ${file:PATH}."`
	Interval time.Duration     `json:"interval,omitempty" jsonschema:"How often metrics are sent. Default: what OTEL_METRIC_EXPORT_INTERVAL says, or 60s."`
}

// Share is a number from 0 to 1.
type Share float64

func (s *Share) decodeNode(d *decoder, n *node, path string) {
	f, err := strconv.ParseFloat(n.text, 64)
	if n.kind != intNode && n.kind != floatNode || err != nil || !(f >= 0 && f <= 1) {
		d.r.add(n.pos, path, quote(n.text)+" is not a number from 0 to 1", "write 0.1 for one in ten")
		return
	}
	*s = Share(f)
}

func (t *Traces) check(r *report, _ *node, path string) { checkHeaders(r, path, t.Headers) }

// checkHeaders finds credentials that are written out.
func checkHeaders(r *report, path string, headers map[string]Secret) {
	for name, value := range headers {
		if value.IsLiteral() && (namesSecret(name) || looksSecret(value.source())) {
			r.add(value.pos, join(join(path, "headers"), name), "looks like a credential that is written out", "write ${env:NAME} or ${file:PATH}")
		}
	}
}

func (m *Metrics) check(r *report, n *node, path string) {
	checkHeaders(r, path, m.Headers)
	if m.Interval > 0 && m.Interval < time.Second {
		r.add(n.get("interval").pos, join(path, "interval"), "is less than a second", "")
	}
}

// telemetry resolves where traces and metrics go.
func (v resolver) telemetry(t *Telemetry) {
	if t.Traces != nil {
		t.Traces.Headers = v.export(&t.Traces.Endpoint, t.Traces.Headers, "telemetry.traces")
	}
	if t.Metrics != nil {
		t.Metrics.Headers = v.export(&t.Metrics.Endpoint, t.Metrics.Headers, "telemetry.metrics")
	}
}

func (v resolver) export(endpoint *Value, headers map[string]Secret, path string) map[string]Secret {
	v.value(endpoint, join(path, "endpoint"))
	if endpoint.resolved {
		if u, err := url.Parse(endpoint.text); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			v.r.add(endpoint.pos, join(path, "endpoint"), "is no http or https URL", "write one like http://localhost:4318/v1/traces")
		}
	}
	return v.secrets(headers, join(path, "headers"))
}
