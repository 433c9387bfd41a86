// Package confine takes rights away from the process that calls it, so that
// code which breaks out of an interpreter finds nothing to do: no files, no
// network, no other processes, little memory and little time.
//
//	sandbox/worker (child) → Apply (rlimits → capabilities → Landlock → seccomp) → Lower, per script
//	bindery doctor         → Support → Report
package confine
