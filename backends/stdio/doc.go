// Package stdio runs an MCP server as a child process and speaks to it over
// its standard input and output.
//
//	Connect → process (own group, own environment) ═ stdin, stdout ═ transport → session.Session
//	                                               ─ stderr ─ last lines, for errors
package stdio
