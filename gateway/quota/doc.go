// Package quota bounds how often clients may call tools and run scripts: so many
// in a second, so many in a day.
//
//	call → Book.Layer: every quota that it falls under → tool; refused → ExceededError: which quota, until when
//
// A day is one of UTC. What was used of it is kept in a file, so that it outlives
// the process; one that is killed forgets at most the last second.
package quota
