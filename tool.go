package bindery

import "encoding/json"

// ToolID names one tool of one server, both as they are spelled in the
// configuration and by the server.
type ToolID struct {
	Server string `json:"server"`
	Name   string `json:"name"`
}

// String returns "server.name", the spelling used in messages and searches.
func (id ToolID) String() string { return id.Server + "." + id.Name }

// Tool is a tool as its server advertised it. The schemas are the bytes that
// came over the wire: property order and large integers are kept, and nothing
// has validated them.
type Tool struct {
	ID          ToolID
	Title       string
	Description string
	// Input and Output are JSON Schemas (inputSchema and outputSchema of the
	// MCP specification). Output is nil for the many tools that declare none.
	Input  json.RawMessage
	Output json.RawMessage
	Hints  Hints
	// Raw is the whole declaration as it came over the wire.
	Raw json.RawMessage
}

// Hints are the annotations of the MCP specification (ToolAnnotations). A nil
// field was not specified, which is not the same as false. They are claims of
// the server, never grounds for granting anything.
type Hints struct {
	ReadOnly    *bool `json:"readOnlyHint,omitempty"`
	Destructive *bool `json:"destructiveHint,omitempty"`
	Idempotent  *bool `json:"idempotentHint,omitempty"`
	OpenWorld   *bool `json:"openWorldHint,omitempty"`
}
