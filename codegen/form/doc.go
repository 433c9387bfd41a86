// Package form gives the tools of many servers the form that every language's
// declarations are written from: names, order, types, and what is said about
// them, the same for all.
//
//	[]bindery.Tool → Build → []*Server of *Function (schema.Type, spellings, cleaned text) → typescript, python
//
// # Names
//
// A script writes server.tool as the server spells it. What an identifier
// cannot hold becomes "_": dashes, dots, spaces and everything outside of
// ASCII; a leading digit gets "_" in front. A name that the language has
// claimed gets "_" behind: its reserved words and globals as servers (class_,
// Math_), and as tools what every object has (then_, constructor_) or, in
// Python, its keywords (import_). Where two names become one identifier
// neither has it, and Refused says so; tools["server"]["tool"] always works.
//
// # Servers' texts
//
// What servers wrote is shown without control, bidirectional, zero-width and
// other unseen characters, and cut to a fixed length. It is their word, not
// instruction, and nothing in it becomes code.
package form
