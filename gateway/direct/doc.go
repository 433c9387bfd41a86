// Package direct lists the tools of many servers under names of their own:
// what clients see that call tools themselves, without a script.
//
//	tools of a view → Compile → wire names, declarations with what the view changes → pages of tools/list
package direct
