package front

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

// Caller is who asks: one client in one session, or in one request of the
// modern era. Nobody changes one.
type Caller struct {
	// Identity is what Options.Identify returned; "" on stdio.
	Identity string
	// Session is the Mcp-Session-Id, or names the connection; "" for modern
	// requests over HTTP.
	Session string
	// Protocol is the version that is spoken, as in "2025-11-25".
	Protocol string
	// Name and Version are the client's word for itself: nothing to trust.
	Name, Version string
	// Capabilities is the client's, an object or nil.
	Capabilities json.RawMessage
	// Header is that of the HTTP request (modern) or of the one that
	// initialised; nil on stdio.
	Header http.Header
}

// Modern reports whether the caller speaks 2026-07-28 or later.
func (c *Caller) Modern() bool { return c.Protocol >= firstModern }

// sent is the header of the request that the caller came with.
func (c *Caller) sent() http.Header {
	if c == nil {
		return nil
	}
	return c.Header
}

// Can reports whether the client declared a capability: "elicitation",
// "sampling", "elicitation.url", or
// "extensions.io.modelcontextprotocol/tasks". An elicitation that names no
// mode means "elicitation.form", as it did before there were two.
func (c *Caller) Can(capability string) bool {
	if capability == "elicitation.form" && !c.Can("elicitation.url") {
		return c.Can("elicitation")
	}
	first, rest, nested := strings.Cut(capability, ".")
	value := jsonscan.Member(c.Capabilities, first)
	if nested && value != nil {
		value = jsonscan.Member(value, rest)
	}
	return value != nil && string(value) != "null" && string(value) != "false"
}

// client reads what a client says of itself.
func (c *Caller) client(info, capabilities json.RawMessage) *Error {
	if capabilities != nil && capabilities[0] != '{' {
		return refuse(CodeInvalidParams, "the client's capabilities are not an object")
	}
	if info != nil && info[0] != '{' {
		return refuse(CodeInvalidParams, "clientInfo is not an object")
	}
	const most = 256 // it goes into logs
	c.Capabilities = capabilities
	c.Name, _ = text(jsonscan.Member(info, "name"), most)
	c.Version, _ = text(jsonscan.Member(info, "version"), most)
	return nil
}
