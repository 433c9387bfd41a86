package main

import (
	"context"
	"log/slog"
	"path/filepath"

	"go.opentelemetry.io/otel"

	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/quota"
	"github.com/bindery-mcp/bindery/gateway/telemetry"
	"github.com/bindery-mcp/bindery/sandbox"
	"github.com/bindery-mcp/bindery/sandbox/worker"
)

// openTelemetry opens what the configuration or the environment asks for; nil if
// they ask for nothing.
func openTelemetry(ctx context.Context, cfg *config.Config, state func() telemetry.State, log *slog.Logger) (*telemetry.Telemetry, error) {
	o := exports(cfg)
	o.State, o.Logger = state, log
	t, err := telemetry.Open(ctx, o)
	if t != nil {
		// What cannot be sent is nothing that a caller learns of.
		otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Error("telemetry", "error", err) }))
	}
	return t, err
}

// observed is how the gateway is doing, for the metrics.
func (s *stack) observed() telemetry.State {
	var st telemetry.State
	for _, b := range s.set.Status() {
		st.Servers = append(st.Servers, telemetry.Server{
			Name: b.Name, State: string(b.State), Ready: b.State == backends.Ready, Restarts: b.Restarts, Tools: b.Tools,
			InFlight: b.InFlight, Waiting: b.Waiting,
		})
	}
	if s.engines.js != nil {
		st.Workers = append(st.Workers, workersOf(sandbox.TypeScript, s.engines.js.Stats()))
	}
	if s.engines.python != nil {
		st.Workers = append(st.Workers, workersOf(sandbox.Python, s.engines.python.Stats()))
	}
	if s.audit != nil {
		h := s.audit.Health()
		st.Audit = &telemetry.Audit{OK: h.State == "ok", Open: h.Open, Missed: h.Missed, Refused: h.Refused}
	}
	return st
}

func workersOf(l sandbox.Language, s worker.Stats) telemetry.Workers {
	return telemetry.Workers{
		Language: string(l), Idle: s.Idle, Kept: s.Kept, Running: s.Running, Queued: s.Queued, Spawned: s.Spawned, Killed: s.Killed,
	}
}

// openQuotas opens the book of the quotas, beside the cached tool lists.
func openQuotas(cfg *config.Config, log *slog.Logger) *quota.Book {
	path := ""
	if dir := cacheDir(cfg); dir != "" {
		path = filepath.Join(dir, "quotas.json")
	}
	return quota.Open(path, cfg.Quotas, log)
}

// exports is the part of the configuration of telemetry that is read only when
// the gateway starts.
func exports(cfg *config.Config) telemetry.Options {
	c := cfg.Telemetry
	o := telemetry.Options{Prometheus: c.Prometheus, Version: version()}
	if t := c.Traces; t != nil {
		o.Traces = &telemetry.Export{Endpoint: t.Endpoint.Reveal(), Headers: reveal(t.Headers), Sample: (*float64)(t.Sample)}
	}
	if m := c.Metrics; m != nil {
		o.Metrics = &telemetry.Export{Endpoint: m.Endpoint.Reveal(), Headers: reveal(m.Headers), Interval: m.Interval}
	}
	return o
}
