// Package link puts the gateway into the configuration of a client, and takes
// it out again, leaving every other byte of the file as it is.
//
//	file → Codex (plan, edit, prove) → Edit → Diff (shown) → Apply (backup, replace) → Undo
package link
