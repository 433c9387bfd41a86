package bindery

import (
	"context"
	"encoding/json"
)

// Call is one request to run a tool.
type Call struct {
	Tool ToolID
	// Args is a JSON object; nil stands for {}.
	Args json.RawMessage
	// Seq is the position of the call in its script, from 1, and Line the
	// line of the script that made it. Both are 0 for a call made outside a
	// script.
	Seq  int
	Line int
}

// Result is what a tool answered. A Result with IsError set is still an
// answer: the tool ran, or may have run, and says that it failed.
type Result struct {
	// Structured is structuredContent as it came over the wire, nil if absent.
	Structured json.RawMessage
	Content    []Content
	IsError    bool
	// Raw is the whole CallToolResult as it came over the wire.
	Raw json.RawMessage
}

// Content is one content block of a [Result].
type Content struct {
	// Type is "text", "image", "audio", "resource", "resource_link" or
	// whatever a newer server sends.
	Type string `json:"type"`
	Text string `json:"text,omitempty"`
	// Data is the decoded payload of an image or audio block.
	Data     []byte `json:"data,omitempty"`
	MIMEType string `json:"mimeType,omitempty"`
	// Raw is the block as it came over the wire.
	Raw json.RawMessage `json:"-"`
}

// Caller carries out calls. It is the only door out of a script: policy,
// limits, order and records are each one func(Caller) Caller around another.
//
// Call returns when the tool has answered or ctx is done, and is safe for
// concurrent use. The error, if any, is an *[Error]; a tool that answers that
// it failed is not an error but a Result with IsError set.
type Caller interface {
	Call(ctx context.Context, c Call) (Result, error)
}

// CallerFunc is a function used as a [Caller].
type CallerFunc func(ctx context.Context, c Call) (Result, error)

// Call calls f.
func (f CallerFunc) Call(ctx context.Context, c Call) (Result, error) { return f(ctx, c) }
