// Package keep holds values for the next scripts of the same client: results
// that were too long for an answer, and what scripts stored themselves. They
// are in memory only, bounded in bytes, number and age for each client.
//
//	answer too long → Shelf.AddResult → results.get in a script, or an MCP resource
//	store.set in a script → Shelf.Set → store.get in a later one
package keep
