// Package gateway is the MCP server in front of all backends: it shows each
// client one tool, execute_code, runs the scripts that come in, and answers
// each with one combined result.
//
//	client → Handler (who are you) → View (what you may see) → sandbox.Engine (the script)
//	       → layers (allowed? arguments right? whose turn?) → Tools (the backends)
//	client ← Answer ← Outcome and Ledger
//
// A [View] is everything one kind of client may see, compiled once per version
// of the catalogue. What a client may not use is in no view of it, so that no
// stub, search, error or trick in a script can name it.
package gateway
