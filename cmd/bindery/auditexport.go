package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/bindery-mcp/bindery/gateway/audit"
)

type auditExportCmd struct {
	auditFlag
	auditFilter

	Format string `default:"jsonl" enum:"jsonl,csv,sql" help:"jsonl, csv, or sql for a database: bindery audit export --format sql | sqlite3 audit.db."`
}

func (c *auditExportCmd) Run(ctx context.Context, std streams) error {
	dir, err := c.dir()
	if err != nil {
		return err
	}
	want, err := c.filter(time.Now())
	if err != nil {
		return err
	}
	w := bufio.NewWriter(std.out)
	write, end := exportTo(c.Format, w)
	bad := 0
	for e, err := range entries(ctx, std, dir, want, &bad) {
		if err != nil {
			return err
		}
		if err := write(e); err != nil {
			return err
		}
	}
	if err := end(); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return incomplete(bad)
}

// exportTo returns what writes an entry, and what is to be done after the last.
func exportTo(format string, w io.Writer) (write func(audit.Entry) error, end func() error) {
	switch format {
	case "csv":
		table := csv.NewWriter(w)
		names, row := columns(), make([]string, 0, 32)
		for _, c := range names {
			row = append(row, c.name)
		}
		_ = table.Write(row) // an error stays, and comes up at the end
		write = func(e audit.Entry) error {
			row = row[:0]
			for _, c := range names {
				row = append(row, fmt.Sprint(c.value(e)))
			}
			return table.Write(row)
		}
		return write, func() error { table.Flush(); return table.Error() }
	case "sql":
		return exportSQL(w)
	default:
		return func(e audit.Entry) error { return printLine(w, e) }, func() error { return nil }
	}
}

// column is one of a table of entries.
type column struct {
	name string
	// value is a string or a whole number.
	value func(audit.Entry) any
}

func columns() []column {
	return []column{
		{"seq", func(e audit.Entry) any { return e.Seq }},
		{"end", func(e audit.Entry) any { return e.End }},
		{"kind", func(e audit.Entry) any { return e.Kind }},
		{"time", func(e audit.Entry) any { return e.Time.UTC().Format(time.RFC3339Nano) }},
		{"client", func(e audit.Entry) any { return e.Client }},
		{"session", func(e audit.Entry) any { return e.Session }},
		{"view", func(e audit.Entry) any { return e.View }},
		{"execution", func(e audit.Entry) any { return e.Execution }},
		{"trace", func(e audit.Entry) any { return e.Trace }},
		{"script", func(e audit.Entry) any { return e.Script }},
		{"source", func(e audit.Entry) any { return e.Source }},
		{"language", func(e audit.Entry) any { return e.Language }},
		{"catalogue", func(e audit.Entry) any { return e.Catalogue }},
		{"call", func(e audit.Entry) any { return e.Call }},
		{"line", func(e audit.Entry) any { return e.Line }},
		{"server", func(e audit.Entry) any { return e.Server }},
		{"tool", func(e audit.Entry) any { return e.Tool }},
		{"args_digest", func(e audit.Entry) any { return e.Digest }},
		{"args_bytes", func(e audit.Entry) any { return e.Size }},
		{"args_shape", func(e audit.Entry) any { return e.Shape }},
		{"args", func(e audit.Entry) any { return string(e.Args) }},
		{"decision", func(e audit.Entry) any { return e.Decision }},
		{"rule", func(e audit.Entry) any { return e.Rule }},
		{"outcome", func(e audit.Entry) any { return e.Outcome }},
		{"bytes", func(e audit.Entry) any { return e.Bytes }},
		{"took_us", func(e audit.Entry) any { return e.Took.Microseconds() }},
	}
}

// exportSQL writes statements that SQLite and PostgreSQL understand.
func exportSQL(w io.Writer) (write func(audit.Entry) error, end func() error) {
	names := columns()
	var declared []string
	for _, c := range names {
		kind := "TEXT"
		if _, text := c.value(audit.Entry{}).(string); !text {
			kind = "BIGINT"
		}
		declared = append(declared, strconv.Quote(c.name)+" "+kind)
	}
	_, err := fmt.Fprintf(w, "BEGIN;\nDROP TABLE IF EXISTS audit;\nCREATE TABLE audit (%s, PRIMARY KEY (\"seq\"));\n", strings.Join(declared, ", "))
	write = func(e audit.Entry) error {
		if err != nil {
			return err
		}
		values := make([]string, len(names))
		for i, c := range names {
			switch v := c.value(e).(type) {
			case string:
				values[i] = "'" + strings.NewReplacer("'", "''", "\x00", "").Replace(v) + "'"
			default:
				values[i] = fmt.Sprint(v)
			}
		}
		_, err = fmt.Fprintf(w, "INSERT INTO audit VALUES (%s);\n", strings.Join(values, ", "))
		return err
	}
	return write, func() error {
		if err != nil {
			return err
		}
		_, err = io.WriteString(w, "CREATE INDEX audit_time ON audit (\"time\");\nCREATE INDEX audit_tool ON audit (\"server\", \"tool\");\n"+
			"CREATE INDEX audit_client ON audit (\"client\");\nCREATE INDEX audit_execution ON audit (\"execution\");\nCOMMIT;\n")
		return err
	}
}
