// Package codegen compiles the tools of many servers into one typed module:
// its identifiers, its declarations in each language, its search index and the
// checks of its arguments.
//
//	[]bindery.Tool → Compile → Module → Declarations, Describe, Search (text for people and models)
//	                                  → Lookup, Check (for whoever carries calls out)
//
// The packages below it are the stations on the way: schema reads JSON Schema
// into types, shape learns types from results, form gives tools names, order
// and texts, typescript and python write them down, search finds them, and
// lock tells what a server changed.
package codegen
