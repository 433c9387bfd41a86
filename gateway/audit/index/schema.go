package index

// version is of the schema. An index of another is made anew.
const version = 1

// placeOpen is the place of an entry without an end: after all that have one.
const placeOpen = 1 << 62

// schema is the whole database. Times are nanoseconds since 1970, took and cpu
// nanoseconds; audit is the table to ask by hand.
const schema = `
CREATE TABLE state (version INTEGER NOT NULL);
CREATE TABLE files (
	name TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime INTEGER NOT NULL,
	done INTEGER NOT NULL, lines INTEGER NOT NULL, digest TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE damage (file TEXT NOT NULL, line INTEGER NOT NULL, error TEXT NOT NULL);
CREATE TABLE entries (
	seq INTEGER PRIMARY KEY, place INTEGER NOT NULL, "end" INTEGER NOT NULL, kind TEXT NOT NULL, time INTEGER NOT NULL,
	execution TEXT NOT NULL, client TEXT NOT NULL, session TEXT NOT NULL, view TEXT NOT NULL, trace TEXT NOT NULL,
	script TEXT NOT NULL, source TEXT NOT NULL, language TEXT NOT NULL, catalogue TEXT NOT NULL,
	call INTEGER NOT NULL, line INTEGER NOT NULL, server TEXT NOT NULL, tool TEXT NOT NULL,
	digest TEXT NOT NULL, size INTEGER NOT NULL, shape TEXT NOT NULL, args TEXT NOT NULL,
	decision TEXT NOT NULL, rule TEXT NOT NULL, outcome TEXT NOT NULL, bytes INTEGER NOT NULL, took INTEGER NOT NULL,
	usage TEXT NOT NULL
);
CREATE VIEW audit AS SELECT
	seq, "end", kind, strftime('%Y-%m-%dT%H:%M:%fZ', time / 1e9, 'unixepoch') AS time, client, session, view, execution, trace,
	script, source, language, catalogue, call, line, server, tool, digest AS args_digest, size AS args_bytes, shape AS args_shape, args,
	decision, rule, outcome, bytes, took / 1000 AS took_us
FROM entries;
`

// lookups are made once the log is in: that takes less than half the time.
const lookups = `
CREATE INDEX IF NOT EXISTS entries_place ON entries (place);
CREATE INDEX IF NOT EXISTS entries_time ON entries (time);
CREATE INDEX IF NOT EXISTS entries_client ON entries (client, place);
CREATE INDEX IF NOT EXISTS entries_tool ON entries (tool, server, place);
CREATE INDEX IF NOT EXISTS entries_server ON entries (server, place);
CREATE INDEX IF NOT EXISTS entries_execution ON entries (execution);
CREATE INDEX IF NOT EXISTS entries_outcome ON entries (outcome, place);
`

// drop makes room for the schema, whatever version there is.
const drop = `
DROP VIEW IF EXISTS audit;
DROP TABLE IF EXISTS entries;
DROP TABLE IF EXISTS damage;
DROP TABLE IF EXISTS files;
DROP TABLE IF EXISTS state;
`
