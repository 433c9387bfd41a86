// Package session is one MCP session as a client, whatever carries it: the
// SDK negotiates, correlates and cancels, and results come back as the bytes
// the server sent.
//
//	backends → stdio, streamable → Session (private method names) → SDK → transport (wire names) → server
//
// The SDK decodes a tool's schemas and a result's structuredContent into Go
// values, which loses property order and large integers, and one annotation of
// the wrong type fails a whole list. So tools/list and tools/call are sent as
// custom methods, whose results this package may decode itself; a transport
// gives them their real names on the way out with [WireMethod].
package session
