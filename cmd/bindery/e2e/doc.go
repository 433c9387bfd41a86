// Package e2e holds tests of the bindery binary from outside: real MCP servers from npm behind it, the real
// Codex CLI and the MCP SDK in front of it.
//
//	codex, go-sdk client, command line ──▶ bindery ──▶ pinned npm servers, faulty servers, servers that want a login
package e2e
