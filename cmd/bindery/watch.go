package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/codegen/lock"
	"github.com/bindery-mcp/bindery/gateway/config"
)

// quiet is how long a catalogue must have stayed the same before the stubs are
// written: servers tend to change together.
const quiet = 100 * time.Millisecond

// watch writes the stubs, and again whenever a server changes its tools, until
// it is interrupted. Servers that are down keep the stubs they have.
func (c *codegenCmd) watch(ctx context.Context, std streams, v verbosity, cfg *config.Config) (err error) {
	log := logger(std, v)
	set, err := openSet(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeSet(set)) }()
	if err := ready(ctx, std, set); err != nil {
		return err
	}
	reportDown(std.err, set)
	store := openLearned(cfg, log)
	defer func() { err = errors.Join(err, closeLearned(store)) }()
	dir, err := openStubs(c.Out, true)
	if err != nil {
		return err
	}
	defer dir.close()

	before := dir.lock
	var written []serverVersion
	for {
		changed := set.Changed() // asked first, so that no change is missed
		cat := set.Catalogue()
		if now := versions(cat); !slices.Equal(now, written) {
			if err := trackLearned(ctx, store, cat); ctx.Err() != nil {
				return nil // the user's own doing
			} else if err != nil {
				return err
			}
			folder, err := c.write(std, cat, store, dir)
			if err != nil {
				return err
			}
			if before != nil {
				for _, change := range lock.Compare(before, folder.Lock) {
					_, _ = fmt.Fprintln(std.err, "bindery:", change)
				}
			}
			if written == nil {
				_, _ = fmt.Fprintf(std.err, "bindery: watching %d servers; interrupt to stop\n", len(cat.Servers))
			}
			written, before = now, folder.Lock
		}
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(quiet):
		}
	}
}

// serverVersion identifies one server's list of tools: catalogues share the
// lists that did not change.
type serverVersion struct {
	name  string
	tools int
	first any
}

func versions(cat *backends.Catalogue) []serverVersion {
	list := make([]serverVersion, len(cat.Servers))
	for i, s := range cat.Servers {
		list[i] = serverVersion{name: s.Name, tools: len(s.Tools)}
		if len(s.Tools) > 0 {
			list[i].first = &s.Tools[0]
		}
	}
	return list
}
