// Package websocket speaks to an MCP server over a WebSocket, one JSON-RPC
// message a text frame, subprotocol "mcp". No version of the protocol has this
// transport; servers and gateways do.
//
//	Connect → session.Session → SDK → transport ═ text frames ═ server
package websocket
