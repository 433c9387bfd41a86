package telemetry

import (
	"context"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.41.0"
	"go.opentelemetry.io/otel/semconv/v1.41.0/mcpconv"
	"go.opentelemetry.io/otel/trace"
)

// maxName bounds a name in a span.
const maxName = 128

// Request is one request of a client.
type Request struct {
	Method   string
	Client   string
	Session  string
	View     string
	Protocol string
	// Pipe says that it came by standard input.
	Pipe bool
}

// Answering is a request under way.
type Answering struct {
	t       *Telemetry
	span    trace.Span
	started time.Time
	method  string
	client  string
	attrs   []attribute.KeyValue // the span gets them at its end, all at once
}

type answeringKey struct{}

// Request begins the span of a request. Whoever begins it ends it.
func (t *Telemetry) Request(ctx context.Context, r Request) (context.Context, *Answering) {
	a := &Answering{t: t, started: time.Now(), method: known(r.Method), client: r.Client}
	ctx, a.span = t.tracer.Start(ctx, a.method, trace.WithSpanKind(trace.SpanKindServer))
	if a.span.IsRecording() {
		a.attrs = attributesOf(r, a.method)
		ctx = context.WithValue(ctx, answeringKey{}, a)
	}
	t.metrics.answering.Add(ctx, 1)
	return ctx, a
}

func attributesOf(r Request, method string) []attribute.KeyValue {
	attrs := append(make([]attribute.KeyValue, 0, 9),
		semconv.McpMethodNameKey.String(method), attribute.String(keyClient, r.Client), attribute.String(keyView, r.View))
	if r.Protocol != "" {
		attrs = append(attrs, semconv.McpProtocolVersionKey.String(r.Protocol))
	}
	if r.Session != "" {
		attrs = append(attrs, semconv.McpSessionIDKey.String(clip(r.Session)))
	}
	if r.Pipe {
		return append(attrs, semconv.NetworkTransportPipe)
	}
	return append(attrs, semconv.NetworkTransportTCP)
}

// About names the tool or the prompt that the request in ctx is for. The name is
// one that exists. It is for the goroutine that answers the request.
func About(ctx context.Context, method, name string) {
	a, ok := ctx.Value(answeringKey{}).(*Answering)
	if !ok {
		return
	}
	name = clip(name)
	a.span.SetName(method + " " + name)
	switch method {
	case "tools/call":
		a.attrs = append(a.attrs, semconv.GenAIToolName(name), semconv.GenAIOperationNameExecuteTool)
	case "prompts/get":
		a.attrs = append(a.attrs, semconv.GenAIPromptName(name))
	}
}

// End ends the span of the request. outcome is "" if all is well, or a word
// such as "timeout" or the number of an error of JSON-RPC.
func (a *Answering) End(ctx context.Context, outcome string) {
	a.t.metrics.answering.Add(ctx, -1)
	attrs := append(make([]attribute.KeyValue, 0, 2), attribute.String(keyClient, a.client))
	a.t.metrics.requests.Record(ctx, time.Since(a.started).Seconds(), mcpconv.MethodNameAttr(a.method), failed(attrs, outcome)...)
	end(a.span, a.attrs, outcome)
}

// end ends a span with what is said of it. The SDK copies attributes each time
// that it gets some, and no sampler here looks at them.
func end(span trace.Span, attrs []attribute.KeyValue, outcome string) {
	if outcome != "" {
		span.SetStatus(codes.Error, outcome)
	}
	span.SetAttributes(failed(attrs, outcome)...)
	span.End()
}

// failed adds an outcome to attrs.
func failed(attrs []attribute.KeyValue, outcome string) []attribute.KeyValue {
	if outcome == "" {
		return attrs
	}
	return append(attrs, semconv.ErrorTypeKey.String(outcome))
}

// known returns the method, or "_OTHER" for one that somebody made up.
func known(method string) string {
	switch method {
	case "initialize", "ping", "server/discover", "tools/list", "tools/call", "resources/list", "resources/templates/list",
		"resources/read", "resources/subscribe", "resources/unsubscribe", "prompts/list", "prompts/get", "completion/complete",
		"logging/setLevel", "subscriptions/listen", "tasks/get", "tasks/update", "tasks/cancel":
		return method
	}
	return "_OTHER"
}

// clip returns at most maxName bytes of s, whole characters only: one name that
// is no UTF-8 keeps all others from being sent, and read.
func clip(s string) string {
	return strings.ToValidUTF8(s[:min(len(s), maxName)], "")
}

// Decided counts a decision of the policy.
func (t *Telemetry) Decided(ctx context.Context, effect, rule string) {
	if t != nil {
		t.metrics.decided.Add(ctx, 1, metric.WithAttributes(attribute.String(keyEffect, effect), attribute.String(keyRule, rule)))
	}
}

// Limited counts what a quota did: "refused" or "waited".
func (t *Telemetry) Limited(ctx context.Context, quota, outcome string) {
	if t != nil {
		t.metrics.limited.Add(ctx, 1, metric.WithAttributes(attribute.String(keyQuota, quota), attribute.String(keyOutcome, outcome)))
	}
}

// Shown counts the bytes of an answer that a model reads.
func (t *Telemetry) Shown(ctx context.Context, bytes int) {
	if t != nil {
		t.metrics.shown.Add(ctx, int64(bytes))
	}
}
