package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/audit"
)

// auditCmd reads the audit log, whether or not a gateway is writing it.
type auditCmd struct {
	Verify auditVerifyCmd `cmd:"" help:"Say whether every record is as it was written, and in its place."`
	Query  auditQueryCmd  `cmd:"" help:"List calls and scripts: by client, tool, outcome, time."`
	Tail   auditTailCmd   `cmd:"" help:"Print the last records, and further ones as they come."`
	Index  auditIndexCmd  `cmd:"" help:"Make an index of the log, or bring it up to date, so that query need not read all of it."`
	Export auditExportCmd `cmd:"" help:"Write calls and scripts for other programs: JSON lines, CSV, or SQL that makes a database of them."`
}

// auditFlag says which log is meant.
type auditFlag struct {
	configFlag
	Dir string `placeholder:"DIR" help:"Folder of the audit log. Default: audit.dir of the configuration."`
}

func (f auditFlag) dir() (string, error) {
	if f.Dir != "" {
		return f.Dir, nil
	}
	cfg, err := f.parse()
	if err != nil {
		return "", err
	}
	cfg.Locate()
	if cfg.Audit.Dir == "" {
		return "", &exitError{code: exitUsage, err: &bindery.Error{
			Code: bindery.NotFound, Op: "read the audit log", Err: errors.New("the configuration has none"),
			Hint: "write audit: {dir: FOLDER}, or name the folder of another log with --dir",
		}}
	}
	return cfg.Audit.Dir, nil
}

type auditVerifyCmd struct {
	auditFlag
	From uint64 `placeholder:"SEQ" help:"First record that must be there, if files before it were moved away."`
	Hash string `placeholder:"HASH" help:"Hash of a record that was noted elsewhere, and must be there: proof that nothing was cut off before it."`
	JSON bool   `name:"json" help:"Print JSON."`
}

func (c *auditVerifyCmd) Run(ctx context.Context, std streams) error {
	dir, err := c.dir()
	if err != nil {
		return err
	}
	report, err := audit.Verify(ctx, dir, audit.Expect{From: c.From, Hash: c.Hash})
	if err != nil {
		return err
	}
	if c.JSON {
		err = printLine(std.out, verdict{report, report.Bad == nil, text(report.Bad)})
	} else if report.Bad == nil {
		printReport(std.out, report)
	}
	if err != nil || report.Bad == nil {
		return err
	}
	return &bindery.Error{
		Code: bindery.Invalid, Op: "verify the audit log", Err: report.Bad,
		Hint: fmt.Sprintf("records %d to %d are as they were written; nothing after them can be relied on", report.First, report.Last),
	}
}

// verdict is a report with what is wrong in words.
type verdict struct {
	audit.Report

	OK    bool   `json:"ok"`
	Error string `json:"error,omitempty"`
}

func text(bad *audit.RecordError) string {
	if bad == nil {
		return ""
	}
	return bad.Error()
}

// printLine prints JSON on one line.
func printLine(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

func printReport(w io.Writer, r audit.Report) {
	_, _ = fmt.Fprintf(w, "records %d to %d in %d files are as they were written, with %d calls\nthe last has the hash %s\n",
		r.First, r.Last, r.Files, r.Calls, r.Hash)
	if r.Recoveries > 0 {
		_, _ = fmt.Fprintf(w, "%d starts followed a process that did not stop in order; %d ends are unknown for that\n", r.Recoveries, r.Unknown)
	}
	if r.Missed > 0 {
		_, _ = fmt.Fprintf(w, "%d calls and scripts went unrecorded while the log could not be written\n", r.Missed)
	}
	if r.Open > 0 {
		_, _ = fmt.Fprintf(w, "%d calls and scripts have not ended, or their gateway was killed and not started since\n", r.Open)
	}
}
