// Package sse speaks to an MCP server over HTTP+SSE, the transport of protocol
// 2024-11-05: one event stream for everything that the server says, and one POST
// for each message to it.
//
//	Connect → session.Session → SDK → transport ─ POST to the endpoint that the stream named ─▶ server
//	                                           ◀──────────── one standing event stream ────────
package sse
