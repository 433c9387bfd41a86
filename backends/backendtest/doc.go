// Package backendtest is one scripted MCP server that misbehaves on request,
// for the tests of whoever has to live with such servers.
//
//	test binary → Main (re-executed as a child: stdio) ┐
//	test → HTTP, OldSSE, WebSocket (an http.Handler each)  ┴→ tools and modes, each one fault
//
// It is written by hand on the standard library, because a library would not
// let it send what must never be sent. It speaks protocol 2025-11-25, or in mode
// Modern 2026-07-28. What goes wrong for the whole
// session is a [Mode]; what goes wrong in one call is a tool, see [Tools].
package backendtest
