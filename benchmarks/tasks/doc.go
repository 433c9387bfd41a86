// Package tasks does pieces of work twice, by plain tool calls and by scripts
// through a gateway, with real MCP servers behind both, and counts what either
// way costs a model.
//
//	Seed → fixtures → servers ┬ plain: call by call, as a model without mistakes makes them ┬→ conversation → Tokens → report.Document
//	                          └ script: execute_code of a real gateway, over HTTP           ┘   outputs → equal?
//
// What is counted is what a model reads and writes: definitions, arguments,
// scripts, results. No model runs. The plain side makes the calls that a model
// without a slip would make, as few and as many at once as the work allows, and
// computes in between without an error; so its figures are the least that plain
// calls can cost. The script side pays for finding its tools, for a look at
// results whose type nobody declared, and in a run of its own for a first
// script that fails.
package tasks
