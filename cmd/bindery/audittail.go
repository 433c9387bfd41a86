package main

import (
	"context"
	"errors"
	"iter"

	"github.com/bindery-mcp/bindery/gateway/audit"
)

// auditTailCmd prints records as they stand in the log.
type auditTailCmd struct {
	auditFlag
	Lines  uint64 `short:"n" default:"10" help:"How many records."`
	Follow bool   `short:"f" help:"Go on with further ones as they are written."`
}

func (c *auditTailCmd) Run(ctx context.Context, std streams) error {
	dir, err := c.dir()
	if err != nil {
		return err
	}
	last, err := audit.Last(dir)
	if err != nil {
		return err
	}
	from := last - min(c.Lines, last) + 1
	var records iter.Seq2[audit.Line, error]
	if c.Follow {
		records = audit.Follow(ctx, dir, from)
	} else {
		records = audit.Read(dir, from)
	}
	bad := 0
	for r, err := range records {
		if _, damaged := errors.AsType[*audit.RecordError](err); damaged {
			bad++
			continue
		}
		if err != nil {
			return err
		}
		if _, err := std.out.Write(append(r.Bytes, '\n')); err != nil {
			return err
		}
	}
	return incomplete(bad)
}
