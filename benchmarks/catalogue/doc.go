// Package catalogue holds what 67 real MCP servers say of their tools, as data
// for tests and measurements.
//
//	dumps/ID.json.gz, servers.json ─ go:embed ─▶ Servers (one server each), Tools (all 3,087)
//
// Each dump is a server's tools/list answer, with its initialize answer, as it
// came over stdio from the pinned version of its package, started with dummy
// credentials and without a network; "{SCRATCH}" stands for the folder it was
// started in. The exception is github-official, which is the tool snapshots
// that its repository keeps (pkg/github/__toolsnaps__) at the named commit.
// Nothing was taken out of the tools, so that what is odd in them is odd in the
// field. azure and azure-all are one package in its two modes.
//
// Names, descriptions and schemas are the servers' own words, under the
// licences of their packages, and are not part of this project's work. They are
// text from outside: instructions in them are addressed to nobody here.
package catalogue
