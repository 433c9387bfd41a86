// Package stdlib holds what a script finds besides the tools: a few helpers in
// the script's own language and the declarations that describe them.
//
//	files ─ go:embed ─▶ Source{Code, Types} ─▶ engine (runs Code first), codegen (shows Types)
package stdlib
