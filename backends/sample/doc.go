// Package sample holds two small MCP servers with enough made-up data to be
// worth reducing: an issue tracker and an error monitor. The demo runs them as
// real child processes over stdio; they need no account and no network.
//
//	data (seeded, the same on every machine) → mcp.Server → stdio
//
// Every tool waits [Latency] before it answers, as a remote API would.
package sample
