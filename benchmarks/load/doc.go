// Package load measures how fast an MCP endpoint answers, against others in the
// same run: a machine's speed then cancels out.
//
//	Targets (a tools/call each) ─▶ Run: warm-up, rounds in turn ─▶ Results ─▶ Report
package load
