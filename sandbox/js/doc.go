// Package js runs JavaScript and TypeScript scripts in the calling process.
//
// goja executes them and esbuild translates what goja does not read. Neither
// can be stopped from growing or from looping inside a native function, so the
// calling process has to be one that may die: see sandbox/worker.
//
//	Script ─ shape, esbuild ─▶ program ─▶ realm (goja) ─▶ namespaces ─▶ Host.Start
//	Outcome ◀─ encode ─ value ◀─ event loop ◀─ decode ◀─ results, as they arrive
//
// A script finds one global for each server, and the global tools: a server by
// its own name, tools.search, tools.describe, tools.server(name) for a server
// that is called like one of these functions, and tools.tool(server, name) for
// a tool whose name the language itself asks objects for: then, toJSON,
// toString, valueOf.
//
// A call takes one object and stands for the tool's structuredContent; else
// for its text, several joined with line ends, and a single one parsed if it
// is a JSON object, array, true, false or null; else for its content blocks.
// Integers beyond 2**53 are BigInt, in both directions. A tool's isError and
// every *bindery.Error are thrown as ToolError.
package js
