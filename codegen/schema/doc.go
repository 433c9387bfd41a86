// Package schema turns any JSON Schema into one bounded typed form that a
// program can render, index and check values against.
//
//	schema bytes → Parse → Schema (Type, Def) → renderers; Check(value) → Problems
package schema
