// Package streamable speaks to an MCP server over Streamable HTTP.
//
//	Connect → session.Session → SDK transport → http.Client → roundTripper (headers, caps, deadlines) → server
//
// The SDK puts no bound on what a server may send and gives a session up for
// good on many occasions; the round tripper under it supplies the bounds, and
// hides the occasions that are none.
package streamable
