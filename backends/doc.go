// Package backends is where tools come from: it connects to N MCP servers,
// keeps them connected, and offers what they have as one catalogue and one
// [bindery.Caller].
//
//	specs → Set: one server each (connect → list → serve → reconnect) → Catalogue, Status
//	Call  → Set → connection (stdio, Streamable HTTP, HTTP+SSE, WebSocket) → MCP server → Result
//
// What a server sends is kept as it came: schemas and structured results are
// raw bytes, bounded in size and depth before anything decodes them, and one
// tool that cannot be read does not cost the others.
package backends
