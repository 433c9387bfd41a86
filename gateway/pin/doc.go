// Package pin remembers what tools were when they were first seen, sets those
// aside that are something else now, and finds text in them that nobody sees.
//
//	tools → Judge → tools to offer, Changes to show; Approve → the file
//	a declaration's bytes → Strip → the same without hidden text, Findings
package pin
