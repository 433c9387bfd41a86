package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/bindery-mcp/bindery/gateway/audit"
	"github.com/bindery-mcp/bindery/gateway/audit/index"
)

// auditIndexCmd makes the index, or brings it up to date.
type auditIndexCmd struct {
	auditFlag
	Rebuild bool `help:"Make it anew, from the whole log."`
}

func (c *auditIndexCmd) Run(ctx context.Context, std streams) (err error) {
	dir, err := c.dir()
	if err != nil {
		return err
	}
	x, err := openIndex(ctx, std, dir, c.Rebuild)
	if errors.Is(err, index.ErrStale) {
		_, _ = fmt.Fprintf(std.err, "bindery: %v; it is made anew\n", err)
		x, err = openIndex(ctx, std, dir, true)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, x.Close()) }()
	n, err := x.Entries()
	if err != nil {
		return err
	}
	damage, err := x.Damage()
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(std.out, "%s has %d calls and scripts\n", index.Path(dir), n)
	return incomplete(len(damage))
}

func openIndex(ctx context.Context, std streams, dir string, rebuild bool) (*index.Index, error) {
	shown, stop := begin(std.err, "reading the audit log")
	defer stop()
	return index.Open(ctx, dir, index.Options{Rebuild: rebuild, Tell: func(done, total int64) { shown.tell("", done, total) }})
}

// ask asks the index of the log, where it has one that can be used. What keeps
// it from being used is said, and the log is read instead.
func ask(ctx context.Context, std streams, dir string, want audit.Filter, last int) (a index.Answer, bad int, ok bool) {
	if !index.Exists(dir) {
		return a, 0, false
	}
	x, err := openIndex(ctx, std, dir, false)
	if err == nil {
		var damage []*audit.RecordError
		a, err = x.Query(want, last)
		if err == nil {
			damage, err = x.Damage()
		}
		err = errors.Join(err, x.Close())
		if err == nil {
			for _, d := range damage {
				bad = leftOut(std, d, bad)
			}
			return a, bad, true
		}
	}
	if ctx.Err() == nil {
		_, _ = fmt.Fprintf(std.err, "bindery: the log is read, for its index cannot be used: %v; bindery audit index --rebuild makes it anew\n", err)
	}
	return index.Answer{}, 0, false
}
