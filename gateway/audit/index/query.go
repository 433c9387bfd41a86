package index

import (
	"encoding/json"
	"errors"
	"math"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3"

	"github.com/bindery-mcp/bindery/gateway/audit"
)

// Answer is what a filter wants from an index.
type Answer struct {
	// Entries are in the order of [audit.Query].
	Entries []audit.Entry
	// Earlier ones were left out.
	Earlier int
}

const columns = `seq, "end", kind, time, execution, client, session, view, trace, script, source, language, catalogue,
	call, line, server, tool, digest, size, shape, args, decision, rule, outcome, bytes, took, usage`

// Query returns the last so many entries that the filter wants; 0 is for all.
func (x *Index) Query(f audit.Filter, last int) (a Answer, err error) {
	where := conditions(f)
	if last > 0 {
		if a.Earlier, err = x.count(where); err != nil {
			return a, err
		}
		a.Earlier = max(a.Earlier-last, 0)
	}
	limit := int64(-1)
	if last > 0 {
		limit = int64(last)
	}
	stmt, err := x.prepare("SELECT " + columns + " FROM entries" + where.sql() + " ORDER BY place DESC, seq DESC LIMIT ?")
	if err != nil {
		return a, err
	}
	where.bind(stmt)
	stmt.number(limit)
	if stmt.err == nil {
		for stmt.Step() {
			a.Entries = append(a.Entries, entry(stmt.Stmt))
		}
	}
	slices.Reverse(a.Entries)
	return a, errors.Join(stmt.err, stmt.Err(), stmt.Close())
}

func (x *Index) count(where condition) (n int, err error) {
	stmt, err := x.prepare("SELECT count(*) FROM entries" + where.sql())
	if err != nil {
		return 0, err
	}
	where.bind(stmt)
	if stmt.err == nil && stmt.Step() {
		n = stmt.ColumnInt(0)
	}
	return n, errors.Join(stmt.err, stmt.Err(), stmt.Close())
}

// Damage returns the lines of the log that are no records, in their order.
func (x *Index) Damage() ([]*audit.RecordError, error) {
	stmt, err := x.prepare("SELECT file, line, error FROM damage ORDER BY file, line")
	if err != nil {
		return nil, err
	}
	var list []*audit.RecordError
	for stmt.Step() {
		list = append(list, &audit.RecordError{File: stmt.ColumnText(0), Line: stmt.ColumnInt(1), Err: errors.New(stmt.ColumnText(2))})
	}
	return list, errors.Join(stmt.Err(), stmt.Close())
}

// Entries returns how many there are.
func (x *Index) Entries() (int, error) { return x.count(condition{}) }

func entry(s *sqlite3.Stmt) audit.Entry {
	i := -1
	next := func() int { i++; return i }
	text := func() string { return s.ColumnText(next()) }
	number := func() int64 { return s.ColumnInt64(next()) }
	e := audit.Entry{
		Seq: uint64(number()), End: uint64(number()), Kind: text(), Time: time.Unix(0, number()).UTC(),
		Execution: text(), Client: text(), Session: text(), View: text(), Trace: text(),
		Script: text(), Source: text(), Language: text(), Catalogue: text(),
		Call: int(number()), Line: int(number()), Server: text(), Tool: text(), Digest: text(), Size: int(number()), Shape: text(),
	}
	if args := text(); args != "" {
		e.Args = json.RawMessage(args)
	}
	e.Decision, e.Rule, e.Outcome, e.Bytes, e.Took = text(), text(), text(), int(number()), time.Duration(number())
	if usage := text(); usage != "" {
		e.Usage = new(audit.Usage)
		if json.Unmarshal([]byte(usage), e.Usage) != nil {
			e.Usage = nil // not written by bindery
		}
	}
	return e
}

// condition is what an entry must meet, with the values in it.
type condition struct {
	all    []string
	values []any
}

func (c *condition) add(sql string, values ...any) {
	c.all, c.values = append(c.all, sql), append(c.values, values...)
}

func (c condition) sql() string {
	if len(c.all) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(c.all, " AND ")
}

func (c condition) bind(s *statement) {
	for _, v := range c.values {
		switch v := v.(type) {
		case string:
			s.text(v)
		case int64:
			s.number(v)
		}
	}
}

// conditions are a filter in SQL: the same entries as [audit.Filter] wants.
func conditions(f audit.Filter) (c condition) {
	for _, one := range []struct{ column, pattern string }{
		{"kind", f.Kind}, {"client", f.Client}, {"server", f.Server}, {"execution", f.Execution}, {"decision", f.Decision}, {"outcome", f.Outcome},
	} {
		switch {
		case one.pattern == "":
		case isPattern(one.pattern):
			c.add("like_pattern("+one.column+", ?)", one.pattern)
		default:
			c.add(one.column+" = ?", one.pattern)
		}
	}
	switch {
	case f.Tool == "":
	case isPattern(f.Tool):
		c.add("(like_pattern(tool, ?) OR like_pattern(server || '.' || tool, ?))", f.Tool, f.Tool)
	default:
		either, values := []string{"tool = ?"}, []any{f.Tool}
		for i := range f.Tool {
			if f.Tool[i] == '.' {
				either, values = append(either, "tool = ? AND server = ?"), append(values, f.Tool[i+1:], f.Tool[:i])
			}
		}
		c.add("("+strings.Join(either, " OR ")+")", values...)
	}
	if !f.Since.IsZero() {
		c.add("time >= ?", nanoseconds(f.Since))
	}
	if !f.Until.IsZero() {
		c.add("time < ?", nanoseconds(f.Until))
	}
	return c
}

// nanoseconds are those since 1970, as far as they can be told: whoever bounds a
// time may well mean all of it.
func nanoseconds(t time.Time) int64 {
	switch first, last := time.Unix(0, math.MinInt64), time.Unix(0, math.MaxInt64); {
	case t.Before(first):
		return math.MinInt64
	case t.After(last):
		return math.MaxInt64
	}
	return t.UnixNano()
}

// isPattern reports whether [path.Match] takes s for more than itself.
func isPattern(s string) bool { return strings.ContainsAny(s, `*?[\`) }

// likePattern is how [audit.Filter] compares.
func likePattern(ctx sqlite3.Context, arg ...sqlite3.Value) {
	text, pattern := arg[0].Text(), arg[1].Text()
	ok, err := path.Match(pattern, text)
	ctx.ResultBool(pattern == text || ok && err == nil)
}
