package main

import (
	"context"
	"errors"
	"fmt"
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
	set, err := openReady(ctx, std, cfg, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeSet(set)) }()
	reportDown(std.err, set)
	store := openLearned(cfg, log)
	defer func() { err = errors.Join(err, closeLearned(store)) }()
	dir, err := openStubs(c.Out, true)
	if err != nil {
		return err
	}
	defer dir.close()

	before := dir.lock
	var written *backends.Catalogue
	for {
		changed := set.Changed() // asked first, so that no change is missed
		cat := set.Catalogue()
		if written == nil || !cat.SameTools(written) {
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
				_, _ = fmt.Fprintf(std.err, "bindery: watching %s; interrupt to stop\n", counted(len(cat.Servers), "server"))
			}
			written, before = cat, folder.Lock
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
