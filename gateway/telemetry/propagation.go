package telemetry

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

// Keys of _meta (SEP-414 in the 2026-07-28 specification) and headers (W3C Trace
// Context and Baggage).
const (
	parentKey  = "traceparent"
	stateKey   = "tracestate"
	baggageKey = "baggage"
)

// Bounds of what is believed. W3C asks for at least 512 and 8,192 characters.
const (
	maxParent  = 128
	maxState   = 1 << 10
	maxBaggage = 8 << 10
)

// carried is what came of a trace, or goes out with it.
type carried struct{ parent, state, baggage string }

var _ propagation.TextMapCarrier = (*carried)(nil)

// Get implements [propagation.TextMapCarrier].
func (c *carried) Get(key string) string {
	switch key {
	case parentKey:
		return c.parent
	case stateKey:
		return c.state
	case baggageKey:
		return c.baggage
	}
	return ""
}

// Set implements [propagation.TextMapCarrier].
func (c *carried) Set(key, value string) {
	switch key {
	case parentKey:
		c.parent = value
	case stateKey:
		c.state = value
	case baggageKey:
		c.baggage = value
	}
}

// Keys implements [propagation.TextMapCarrier].
func (*carried) Keys() []string { return []string{parentKey, stateKey, baggageKey} }

// FromHeader returns a context that belongs to the trace which the headers of a
// request name, if they name one.
func FromHeader(ctx context.Context, h http.Header) context.Context {
	// As net/http spells them; Get would spell them anew for each request.
	parents, bags := h["Traceparent"], h["Baggage"]
	if len(parents) == 0 && len(bags) == 0 {
		return ctx
	}
	c := carried{
		state:   bounded(strings.Join(h["Tracestate"], ","), maxState),
		baggage: bounded(strings.Join(bags, ","), maxBaggage),
	}
	if len(parents) == 1 {
		c.parent = bounded(parents[0], maxParent)
	}
	return c.into(ctx)
}

// FromMeta is [FromHeader] for the _meta of a request, nil for none, which comes
// before its headers.
func FromMeta(ctx context.Context, meta json.RawMessage) context.Context {
	if !bytes.Contains(meta, []byte(parentKey)) && !bytes.Contains(meta, []byte(baggageKey)) {
		return ctx
	}
	var c carried
	for name, value := range jsonscan.Members(meta) {
		switch string(name) {
		case parentKey:
			c.parent = text(value, maxParent)
		case stateKey:
			c.state = text(value, maxState)
		case baggageKey:
			c.baggage = text(value, maxBaggage)
		}
	}
	if c == (carried{}) {
		return ctx
	}
	return c.into(ctx)
}

// into returns ctx in the trace, if it is one (W3C Trace Context, 3.2 and 3.3).
func (c *carried) into(ctx context.Context) context.Context {
	if c.parent != "" {
		ctx = propagation.TraceContext{}.Extract(ctx, c)
	}
	// The SDK's own propagator would write what is wrong with it to the log.
	if b, err := baggage.Parse(c.baggage); err == nil && b.Len() > 0 {
		ctx = baggage.ContextWithBaggage(ctx, b)
	}
	return ctx
}

// Outgoing are the traceparent, tracestate and baggage for a request that is
// made in ctx, "" for none. Baggage, which may hold anything, is for whoever is
// trusted with it.
func Outgoing(ctx context.Context) (parent, state, bag string) {
	if b := baggage.FromContext(ctx); b.Len() > 0 {
		bag = b.String()
	}
	if !trace.SpanContextFromContext(ctx).IsValid() {
		return "", "", bag
	}
	var c carried
	propagation.TraceContext{}.Inject(ctx, &c)
	return c.parent, c.state, bag
}

// TraceID names the trace that ctx belongs to, "" for none.
func TraceID(ctx context.Context) string {
	if s := trace.SpanContextFromContext(ctx); s.HasTraceID() {
		return s.TraceID().String()
	}
	return ""
}

func bounded(s string, most int) string {
	if len(s) > most {
		return ""
	}
	return s
}

func text(value json.RawMessage, most int) string {
	var s string
	if len(value) > 6*most || json.Unmarshal(value, &s) != nil {
		return ""
	}
	return bounded(s, most)
}
