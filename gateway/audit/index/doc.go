// Package index keeps an SQLite database of the calls and scripts of an audit
// log, so that a question need not read all of it.
//
//	files of a log → Open: what is new in them → index.sqlite → Query → entries
//
// The log is the truth and the index is made from it: it can be deleted at any
// time, and is made anew when the log is not the one it was made from. It holds
// what the log says, and proves nothing; only [audit.Verify] does. The process
// that writes the log never opens it.
package index
