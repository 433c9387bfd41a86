package telemetry

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"
)

// Execution is a script that is about to run.
type Execution struct {
	ID      string
	Client  string
	Session string
	View    string
	// Language is one that exists, and Digest stands for the text.
	Language string
	Digest   string
}

// Running is a script under way; nil is one of a telemetry that is off.
type Running struct {
	t       *Telemetry
	span    trace.Span
	started time.Time
	about   Execution
	attrs   []attribute.KeyValue // of the metrics
}

// Usage is what a script used.
type Usage struct {
	Calls int
	CPU   time.Duration
}

// Execution begins the span of a script. Whoever begins it ends it.
func (t *Telemetry) Execution(ctx context.Context, e Execution) (context.Context, *Running) {
	if t == nil {
		return ctx, nil
	}
	r := &Running{t: t, started: time.Now(), about: e, attrs: []attribute.KeyValue{
		attribute.String(keyLanguage, e.Language), attribute.String(keyClient, e.Client),
	}}
	ctx, r.span = t.tracer.Start(ctx, "execute "+e.Language)
	t.metrics.running.Add(ctx, 1)
	return ctx, r
}

// End ends the span. outcome is as [Answering.End] has it.
func (r *Running) End(ctx context.Context, outcome string, u Usage) {
	if r == nil {
		return
	}
	m := &r.t.metrics
	m.running.Add(ctx, -1)
	all := metric.WithAttributes(failed(r.attrs[:2:2], outcome)...)
	m.executions.Record(ctx, time.Since(r.started).Seconds(), all)
	own := metric.WithAttributes(r.attrs...)
	m.cpu.Record(ctx, u.CPU.Seconds(), own)
	m.made.Record(ctx, int64(u.Calls), own)
	end(r.span, append(r.attrs[:2:2],
		attribute.String(keyExecution, r.about.ID), attribute.String(keyScript, r.about.Digest), attribute.String(keyView, r.about.View),
		attribute.Int(keyCalls, u.Calls), attribute.Float64(keyCPU, u.CPU.Seconds())), outcome)
}
