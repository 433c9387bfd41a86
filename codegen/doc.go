// Package codegen compiles the tools of many servers into one typed module:
// its identifiers, its TypeScript declarations, its search index and the
// checks of its arguments.
//
//	[]bindery.Tool → Compile → Module → Declarations, Describe, Search (text for people and models)
//	                                  → Lookup, Check (for whoever carries calls out)
//
// # Names
//
// A script writes server.tool as the server spells it. What an identifier
// cannot hold becomes "_": dashes, dots, spaces and everything outside of
// ASCII; a leading digit gets "_" in front. A name that JavaScript has claimed
// gets "_" behind: reserved words and globals as servers (class_, Math_), and
// as tools what every object has (then_, constructor_, __proto___). Where two
// names become one identifier neither has it, and Refused says so; the
// declarations then show tools["server"]["tool"], which always works.
//
// # Servers' texts
//
// Descriptions are shown as comments, without control, bidirectional,
// zero-width and other unseen characters, and cut to a fixed length. They are
// the servers' words, not instructions, and nothing in them becomes code.
package codegen
