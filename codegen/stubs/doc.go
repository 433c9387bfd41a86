// Package stubs makes the folder that a person keeps: the declarations of each
// server, an index of them, what an editor needs to know to complete a script,
// and two files by which a later run tells what changed.
//
//	[]bindery.Tool, the folder's Lock and Observed → Files → []File (for whoever writes or compares them)
//
// # Files
//
//	bindery.d.ts, bindery.pyi   what scripts find besides the tools
//	NAME.d.ts, NAME.pyi         the tools of one server
//	index.d.ts, __builtins__.pyi  the names of all servers
//	tsconfig.json, pyproject.toml  settings for editors and type checkers
//	README.md                   all servers and tools, for people
//	bindery.lock.json           digests of what the servers advertised; see package lock
//	observed.json               types of results that were learned; no values
package stubs
