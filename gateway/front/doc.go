// Package front is MCP as a server, whatever carries it: Streamable HTTP of
// both protocol eras at one address, HTTP+SSE, WebSocket and stdio.
//
//	bytes of any client → one strict pass → a Request → Handler → its result's bytes, spliced into the answer
package front
