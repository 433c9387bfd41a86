// Package lock remembers what servers advertised, and says what of it changed
// since and which change could be harmful.
//
//	tools → Of → Lock ⇄ file (Parse, Encode); two Locks → Compare → Changes
package lock
