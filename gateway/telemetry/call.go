package telemetry

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.41.0"
	"go.opentelemetry.io/otel/semconv/v1.41.0/mcpconv"
	"go.opentelemetry.io/otel/trace"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

// Outcome of a call whose tool says that it failed (semantic conventions for
// MCP, "error.type").
const toolError = "tool_error"

// Scope is whose calls a layer makes spans of.
type Scope struct {
	// Method is "tools/call" unless it says otherwise: then the Name of a call's
	// tool is none.
	Method string
	// Tool returns what the configuration calls a tool, whatever a view does; nil
	// takes the tool's own name.
	Tool func(bindery.ToolID) bindery.ToolID
	// Protocol returns the protocol version that is spoken with a server, "" if
	// that is not known; nil knows none.
	Protocol func(server string) string
	// Script says that a script makes the calls, whose results no model reads.
	Script bool
}

// Layer returns next with a span around each call, of a server and a tool that
// exist.
func (t *Telemetry) Layer(s Scope, next bindery.Caller) bindery.Caller {
	if t == nil {
		return next
	}
	if s.Method == "" {
		s.Method = "tools/call"
	}
	return bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
		id := c.Tool
		if s.Tool != nil {
			id = s.Tool(id)
		}
		started, server := time.Now(), attribute.String(keyServer, clip(id.Server))
		ctx, span := t.tracer.Start(ctx, s.name(id), trace.WithSpanKind(trace.SpanKindClient))
		if t.metrics.calling.Enabled(ctx) { // else the attributes would be sorted for nobody
			of := metric.WithAttributeSet(attribute.NewSet(server))
			t.metrics.calling.Add(ctx, 1, of)
			defer t.metrics.calling.Add(ctx, -1, of)
		}
		res, err := next.Call(ctx, c)

		size, outcome := max(len(res.Raw), len(res.Structured)), outcomeOf(res, err)
		if s.Script {
			t.metrics.received.Add(ctx, int64(size))
		}
		attrs := append(make([]attribute.KeyValue, 0, 3), server)
		if s.Method == "tools/call" {
			attrs = append(attrs, semconv.GenAIToolName(clip(id.Name)))
		}
		t.metrics.calls.Record(ctx, time.Since(started).Seconds(), mcpconv.MethodNameAttr(s.Method), failed(attrs, outcome)...)
		if span.IsRecording() {
			attrs = append(s.attributes(id, c), attribute.Int(keyReceived, size))
		}
		end(span, attrs, outcome)
		return res, err
	})
}

// name is that of the span: the method and what it is for.
func (s Scope) name(id bindery.ToolID) string {
	if s.Method != "tools/call" {
		return s.Method
	}
	return s.Method + " " + clip(id.Name)
}

func (s Scope) attributes(id bindery.ToolID, c bindery.Call) []attribute.KeyValue {
	attrs := append(make([]attribute.KeyValue, 0, 10),
		semconv.McpMethodNameKey.String(s.Method), attribute.String(keyServer, clip(id.Server)), attribute.Int(keySent, len(c.Args)))
	if s.Method == "tools/call" {
		attrs = append(attrs, semconv.GenAIToolName(clip(id.Name)), semconv.GenAIOperationNameExecuteTool)
	}
	if c.Seq > 0 {
		attrs = append(attrs, attribute.Int(keySeq, c.Seq))
	}
	if c.Line > 0 {
		attrs = append(attrs, semconv.CodeLineNumber(c.Line))
	}
	if s.Protocol != nil {
		if protocol := s.Protocol(c.Tool.Server); protocol != "" {
			attrs = append(attrs, semconv.McpProtocolVersionKey.String(clip(protocol)))
		}
	}
	return attrs
}

func outcomeOf(res bindery.Result, err error) string {
	switch {
	case err != nil:
		return bindery.CodeOf(err).String()
	case res.IsError, res.Content == nil && string(jsonscan.Member(res.Raw, "isError")) == "true":
		return toolError // nobody has looked into a result that is only passed on
	}
	return ""
}
