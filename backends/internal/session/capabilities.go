package session

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// The questions that a server may have.
const (
	askElicitation = "elicitation"
	askSampling    = "sampling"
)

func (o Options) asks(capability string) bool {
	if o.Ask == nil {
		return capability == askElicitation || capability == askSampling
	}
	return slices.Contains(o.Ask, capability)
}

// declared is what a session of the older protocol declares, once and for all
// clients: a question that one of them cannot answer is refused when it comes.
// Roots change what some servers allow, so that they are for the spec to decide.
func (o Options) declared() *mcp.ClientCapabilities {
	c := &mcp.ClientCapabilities{}
	if o.asks(askElicitation) {
		c.Elicitation = &mcp.ElicitationCapabilities{Form: &mcp.FormElicitationCapabilities{}, URL: &mcp.URLElicitationCapabilities{}}
	}
	if o.asks(askSampling) {
		c.Sampling = &mcp.SamplingCapabilities{} //nolint:staticcheck // deprecated by the protocol, and still spoken
	}
	if len(o.Roots) > 0 {
		c.RootsV2 = &mcp.RootCapabilities{} //nolint:staticcheck // deprecated by the protocol, and still spoken
	}
	return c
}

// declare writes what the client of one request can do, and what bindery does
// for it.
func (o Options) declare(p *Peer) json.RawMessage {
	parts := make([]string, 0, 4)
	if p != nil && len(p.Capabilities) > 0 {
		_ = Members(p.Capabilities, func(name, value []byte) {
			if n := string(name); (n == askElicitation || n == askSampling) && o.asks(n) {
				parts = append(parts, `"`+n+`":`+string(value))
			}
		})
	}
	if len(o.Roots) > 0 {
		parts = append(parts, `"roots":{}`)
	}
	parts = append(parts, `"extensions":{"`+tasksExtension+`":{}}`)
	return json.RawMessage("{" + strings.Join(parts, ",") + "}")
}

const tasksExtension = metaPrefix + "tasks"

// RootsResult is the answer to roots/list.
func RootsResult(uris []string) json.RawMessage {
	type root struct {
		URI string `json:"uri"`
	}
	roots := make([]root, 0, len(uris))
	for _, uri := range uris {
		roots = append(roots, root{uri})
	}
	text, err := json.Marshal(map[string]any{"roots": roots})
	if err != nil {
		return nil
	}
	return text
}
