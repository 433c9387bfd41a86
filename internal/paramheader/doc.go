// Package paramheader finds the arguments of a tool that travel as headers too,
// by the "x-mcp-header" in its schema (SEP-2243; 2026-07-28
// basic/transports/streamable-http, "Custom headers").
//
//	input schema → Of → headers and where their arguments are
package paramheader
