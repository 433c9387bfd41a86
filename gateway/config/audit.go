package config

import (
	"github.com/bindery-mcp/bindery/internal/spelling"
)

// Audit is the record of who called what. There is one if it has a folder.
type Audit struct {
	Dir     string    `json:"dir,omitempty" jsonschema:"Folder of the audit log, for this gateway alone. Relative to this file. Default: none, and no log."`
	Mode    AuditMode `json:"mode,omitempty" jsonschema:"What becomes of a call that cannot be recorded: strict (it is not made, the default) or best-effort (it is made and counted)."`
	Values  bool      `json:"values,omitempty" jsonschema:"Whether the arguments of calls are recorded, without what looks like a credential. Default false: their digest, size and structure are."`
	Scripts bool      `json:"scripts,omitempty" jsonschema:"Whether the text of scripts is recorded, and with it the values in it. Default false: its digest is."`
	Rotate  Size      `json:"rotate,omitempty" jsonschema:"Size from which a new file is begun. Old ones stay. Default 64MiB."`
}

// AuditMode is what becomes of a call that cannot be recorded.
type AuditMode string

// The modes of an audit log; "" stands for [AuditStrict].
const (
	AuditStrict     AuditMode = "strict"
	AuditBestEffort AuditMode = "best-effort"
)

// minRotate keeps a log from having thousands of files.
const minRotate = 64 << 10

func (a *Audit) check(r *report, n *node, path string) {
	if n.get("dir") == nil && len(n.entries) > 0 || a.Dir == "" && *a != (Audit{}) {
		r.add(n.pos, join(path, "dir"), "is missing", "without it there is no audit log")
	}
	switch spelling.Fold(string(a.Mode)) {
	case "":
	case spelling.Fold(string(AuditStrict)):
		a.Mode = AuditStrict
	case spelling.Fold(string(AuditBestEffort)):
		a.Mode = AuditBestEffort
	default:
		r.add(n.get("mode").pos, join(path, "mode"), quote(string(a.Mode))+" is no mode", "known are strict, best-effort")
	}
	if a.Rotate != 0 && a.Rotate < minRotate {
		r.add(n.get("rotate").pos, join(path, "rotate"), a.Rotate.String()+" is too small", "write 64KiB or more")
	}
}
