package telemetry

import (
	"context"
	"log/slog"

	"go.opentelemetry.io/otel/trace"
)

// Logs is a [slog.Handler] that adds what the context of a record knows: the
// ids of its trace and span, and what others have to tell.
type Logs struct {
	next slog.Handler
	of   func(context.Context) []slog.Attr
}

// NewLogs returns a handler in front of next. of returns more attributes; nil
// for none.
func NewLogs(next slog.Handler, of func(context.Context) []slog.Attr) *Logs {
	return &Logs{next, of}
}

// Enabled implements [slog.Handler].
func (l *Logs) Enabled(ctx context.Context, level slog.Level) bool { return l.next.Enabled(ctx, level) }

// Handle implements [slog.Handler].
func (l *Logs) Handle(ctx context.Context, r slog.Record) error {
	var attrs []slog.Attr
	if s := trace.SpanContextFromContext(ctx); s.IsValid() {
		attrs = append(attrs, slog.String("trace_id", s.TraceID().String()), slog.String("span_id", s.SpanID().String()))
	}
	if l.of != nil {
		attrs = append(attrs, l.of(ctx)...)
	}
	if len(attrs) > 0 {
		r = r.Clone()
		r.AddAttrs(attrs...)
	}
	return l.next.Handle(ctx, r)
}

// WithAttrs implements [slog.Handler].
func (l *Logs) WithAttrs(attrs []slog.Attr) slog.Handler { return &Logs{l.next.WithAttrs(attrs), l.of} }

// WithGroup implements [slog.Handler].
func (l *Logs) WithGroup(name string) slog.Handler { return &Logs{l.next.WithGroup(name), l.of} }
