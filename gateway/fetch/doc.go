// Package fetch gets one file from the network, and one file out of an archive,
// whole and with the digest it should have, or not at all.
//
//	File ─ GET, Range ─▶ path.part ─ size, digest ─▶ path;  .tgz ─ Entry, bounds, digest ─▶ path
package fetch
