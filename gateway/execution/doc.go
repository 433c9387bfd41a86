// Package execution remembers what scripts did, so that one that failed half
// way can be followed by another that does not repeat it.
//
//	Host.Start (in the script's order) → Ledger: replay, make, or stop → Layer → tool → Record
//	a script that failed → Book, under its id → the next script's Ledger
//
// # What a resumed script may do
//
// A call that completed before, with the same tool and equal arguments, is
// answered with what it gave then. Calls that change something must come in the
// order of before; those that were under way together, as in Promise.all, in
// any order among themselves. Where the script wants a change that is not the
// next one recorded, while changes are recorded that it has not come to, it
// stops: its author has another past in mind than the one that happened. It
// may go on with changes of its own once it has come to all of them.
//
// A call that failed, or was never sent, is made again, as it was or with other
// arguments. One whose fate is unknown stops the script. Calls that only read
// come and go freely; they are answered from the ledger until the script makes
// its first change, and are made anew from then on, for what they read may have
// changed.
package execution
