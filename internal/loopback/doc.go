// Package loopback tells this machine from all others by what an address says,
// without asking anybody for a name.
//
//	a Host header, an address to listen on, a URL → Host, Secure → whether it stays on this machine, or nobody between can read it
package loopback
