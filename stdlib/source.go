package stdlib

import _ "embed"

// Source is the standard library of one language.
type Source struct {
	// Code is a program that an engine runs before any script. It adds only
	// what is missing, and nothing it adds is enumerable.
	Code string
	// Types declares every global a script can rely on besides the tools.
	Types string
}

//go:embed javascript/prelude.js
var javascriptCode string

//go:embed javascript/table.js
var javascriptTable string

//go:embed javascript/globals.d.ts
var javascriptTypes string

//go:embed javascript/keeping.d.ts
var javascriptKeeping string

// JavaScript returns the standard library of JavaScript and TypeScript
// scripts. Code needs an ECMAScript 2022 global object with setTimeout by the
// time that a script calls sleep.
func JavaScript() Source {
	return Source{Code: javascriptCode + javascriptTable, Types: javascriptTypes + javascriptKeeping}
}
