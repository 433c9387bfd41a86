// Package audit keeps a record of who called what: an append-only log of JSON
// lines, each chained to the one before by its hash.
//
//	call → Trail.Layer: begin on the disk → tool → end; start: what was cut, what nobody knows the end of → log → Verify, Read, Calls
//
// # The promise
//
// Where the log is strict, no call is sent before its begin record is on the
// disk: written and synced, several callers sharing one sync. What a killed
// process leaves is a log whose chain holds, perhaps after an unfinished last
// line, which the next [Open] cuts and records; a call that began and has no
// end is given one there, with the outcome "unknown". While nothing can be
// recorded, a strict log refuses calls, and one that does its best counts them
// and records their number once it can.
//
// A record cut from the very end of the log, together with all that follow,
// cannot be told from one that was never written, unless somebody noted the
// hash of a later one elsewhere. Who may write the files can write another log.
package audit
