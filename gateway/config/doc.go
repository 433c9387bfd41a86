// Package config reads what the gateway is to do: which servers stand behind
// it, who may call them, within which limits.
//
// There is one structure, [Config]. Every format, bindery's own YAML and the
// files of other MCP clients, is read into one tree of nodes with positions
// and decoded strictly, so that every mistake of a file is reported at once
// and in its place.
//
//	file → reader (YAML, JSON, TOML) → nodes → strict decoder → adapter → Config → Resolve
package config
