package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/bindery-mcp/bindery/gateway/audit"
)

// auditFilter says which calls and scripts are wanted.
type auditFilter struct {
	Kind      string `placeholder:"KIND" enum:",call,execution" default:"" help:"Only call or execution, which is a script."`
	Client    string `placeholder:"NAME" help:"Only this client's. * and ? are wildcards, here and below."`
	Server    string `placeholder:"NAME" help:"Only calls of this server."`
	Tool      string `placeholder:"TOOL" help:"Only calls of this tool, as tool or server.tool."`
	Execution string `placeholder:"ID" help:"Only this script and its calls."`
	Outcome   string `placeholder:"CODE" help:"Only with this outcome: ok, tool_error, denied, timeout, unsent, unknown, open, and so on."`
	Decision  string `placeholder:"WORD" help:"Only calls of which policy said this."`
	Since     string `placeholder:"TIME" help:"Only what began then or later: 2h (ago), 2026-03-01, or 2026-03-01T12:00:00Z."`
	Until     string `placeholder:"TIME" help:"Only what began before."`
}

func (f auditFilter) filter(now time.Time) (audit.Filter, error) {
	since, err := moment(f.Since, now)
	if err != nil {
		return audit.Filter{}, usage("--since: %w", err)
	}
	until, err := moment(f.Until, now)
	if err != nil {
		return audit.Filter{}, usage("--until: %w", err)
	}
	want := audit.Filter{
		Kind: f.Kind, Client: f.Client, Server: f.Server, Tool: f.Tool, Execution: f.Execution,
		Outcome: f.Outcome, Decision: f.Decision, Since: since, Until: until,
	}
	if err := want.Check(); err != nil {
		return audit.Filter{}, usage("a filter is no pattern: %w", err)
	}
	return want, nil
}

// moment reads a point in time: how long ago, a day, or a time.
func moment(s string, now time.Time) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if ago, err := time.ParseDuration(s); err == nil {
		return now.Add(-ago), nil
	}
	if day, err := time.ParseInLocation(time.DateOnly, s, time.Local); err == nil { //nolint:gosmopolitan // whoever types a day means it where they are
		return day, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, fmt.Errorf("%q is no time; write 2h, 2026-03-01 or 2026-03-01T12:00:00Z", s)
	}
	return t, nil
}

// entries yields what is wanted. Records that cannot be read are named on
// standard error, and counted.
func entries(ctx context.Context, std streams, dir string, want audit.Filter, bad *int) iter.Seq2[audit.Entry, error] {
	return func(yield func(audit.Entry, error) bool) {
		for e, err := range audit.Query(ctx, dir, want) {
			if damaged, ok := errors.AsType[*audit.RecordError](err); ok {
				*bad = leftOut(std, damaged, *bad)
				continue
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

// leftOut names the first records that cannot be read, and counts them.
func leftOut(std streams, damaged *audit.RecordError, bad int) int {
	if bad++; bad <= 3 {
		_, _ = fmt.Fprintf(std.err, "bindery: left out: %s, line %d: %v\n", damaged.File, damaged.Line, damaged.Err)
	}
	return bad
}

// incomplete is the error of a command that left records out.
func incomplete(bad int) error {
	if bad == 0 {
		return nil
	}
	return fmt.Errorf("%d records could not be read; bindery audit verify says more", bad)
}

type auditQueryCmd struct {
	auditFlag
	auditFilter

	Limit int  `default:"100" help:"The last so many; 0 for all."`
	JSON  bool `name:"json" help:"Print JSON, one object a line, with everything that is known."`
	Scan  bool `help:"Read the log itself, even if it has an index (bindery audit index)."`
}

func (c *auditQueryCmd) Run(ctx context.Context, std streams) error {
	dir, err := c.dir()
	if err != nil {
		return err
	}
	want, err := c.filter(time.Now())
	if err != nil {
		return err
	}
	found, left, bad, err := c.find(ctx, std, dir, want)
	if err != nil {
		return err
	}
	if c.JSON {
		for _, e := range found {
			if err := printLine(std.out, e); err != nil {
				return err
			}
		}
	} else if err := printEntries(std.out, found); err != nil {
		return err
	}
	if left > 0 {
		_, _ = fmt.Fprintf(std.err, "bindery: %d earlier ones are not shown; --limit 0 shows all\n", left)
	}
	return incomplete(bad)
}

// find returns the last entries that are wanted, how many came before them, and
// how many records cannot be read.
func (c *auditQueryCmd) find(ctx context.Context, std streams, dir string, want audit.Filter) (found []audit.Entry, left, bad int, err error) {
	if !c.Scan {
		if a, bad, ok := ask(ctx, std, dir, want, c.Limit); ok {
			return a.Entries, a.Earlier, bad, nil
		}
	}
	for e, err := range entries(ctx, std, dir, want, &bad) {
		if err != nil {
			return nil, 0, bad, err
		}
		if found = append(found, e); c.Limit > 0 && len(found) > c.Limit {
			found, left = found[1:], left+1
		}
	}
	return found, left, bad, nil
}

func printEntries(w io.Writer, list []audit.Entry) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "SEQ\tTIME\tCLIENT\tEXECUTION\tLINE\tWHAT\tDECISION\tOUTCOME\tTOOK\tBYTES")
	for _, e := range list {
		what, line, took := e.Server+"."+e.Tool+" "+e.Shape, "-", "-"
		if e.Kind == audit.KindExecution {
			what = strings.TrimSpace(e.Language + " script " + e.Script[:min(len(e.Script), 12)])
		}
		if e.Line > 0 {
			line = fmt.Sprint(e.Line)
		}
		if e.End > 0 {
			took = short(e.Took)
		}
		_, _ = fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\n",
			e.Seq, e.Time.Local().Format(time.DateTime), orDash(e.Client), orDash(e.Execution), line, //nolint:gosmopolitan // people read their own time
			printable(what), printable(orDash(strings.TrimSpace(e.Decision+" "+e.Rule))), e.Outcome, took, e.Bytes)
	}
	return t.Flush()
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return printable(s)
}

// printable keeps what came from outside from moving the cursor.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return '·'
		}
		return r
	}, s)
}
