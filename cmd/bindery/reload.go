package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/identity"
	"github.com/bindery-mcp/bindery/internal/loopback"
)

// settled is how long a configuration file must have been left alone before it
// is read: editors write it in several steps.
const settled = 200 * time.Millisecond

// reloader makes a changed configuration the running one.
type reloader struct {
	std   streams
	stack *stack
	now   *config.Config
	file  *configFile
	// listening is the address in use, which no reload changes.
	listening string
	tls       *identity.Server // nil if that speaks HTTP
}

// follow reads the file again whenever it changes, or the process is told to by
// SIGHUP, until ctx is done.
func (r *reloader) follow(ctx context.Context) {
	hup := make(chan os.Signal, 1)
	notifyReload(hup)
	defer signal.Stop(hup)
	w, err := fsnotify.NewWatcher()
	if err == nil {
		defer func() { _ = w.Close() }()
		err = r.file.watch(w)
	}
	if err != nil {
		_, _ = fmt.Fprintln(r.std.err, "bindery: changes of the configuration are not seen by themselves; send SIGHUP")
		w = &fsnotify.Watcher{}
	}
	var due <-chan time.Time
	look := func(sure bool) {
		if r.file.changed() || sure {
			due = time.After(settled)
			if err == nil {
				_ = r.file.watch(w) // it may be a link to another
			}
		}
	}
	look(false) // it may have changed since it was read first
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-w.Events:
			if !e.Has(fsnotify.Chmod) {
				look(filepath.Base(e.Name) == filepath.Base(r.file.path))
			}
		case <-w.Errors: //nolint:errcheck // events were lost, perhaps the one that counts
			look(false)
		case <-hup:
			r.reload(ctx)
		case <-due:
			due = nil
			r.reload(ctx)
		}
	}
}

// reload reads the file and makes it the running configuration, or says why it
// cannot be and changes nothing.
func (r *reloader) reload(ctx context.Context) {
	refuse := func(err error) {
		_, _ = fmt.Fprintf(r.std.err, "bindery: the configuration stays as it was: %v\n", err)
	}
	next, err := sources().Load(ctx, r.now.Path())
	if ctx.Err() != nil {
		return // the gateway ends, and nothing more was looked up
	}
	if err != nil {
		refuse(err)
		return
	}
	if r.stack.pinned != nil {
		r.stack.pinned.Rejudge() // tools may have been approved
	}
	if !loopback.Host(r.listening) && r.listening != "" && !next.Authenticates() {
		refuse(fmt.Errorf("others can reach %s, and no client would need a token", r.listening))
		return
	}
	if runsScripts(next) && r.stack.engines.js == nil {
		refuse(fmt.Errorf("no view ran scripts when bindery was started; start it again for the first that does"))
		return
	}
	o, err := options(next)
	if err == nil && r.tls != nil && !next.TLS.IsZero() {
		err = r.tls.Reload(next.TLS)
	}
	if err == nil {
		err = r.stack.set.Apply(ctx, specs(next))
	}
	if err != nil {
		refuse(err)
		return
	}
	o.Identities = r.stack.identify(next)
	r.stack.quotas.Apply(next.Quotas)
	r.stack.gateway.Apply(o)
	_, _ = fmt.Fprintf(r.std.err, "bindery: read the configuration again%s\n", changes(r.now, next))
	for _, w := range next.Warnings() {
		_, _ = fmt.Fprintln(r.std.err, "bindery: warning:", w)
	}
	restart(r.std.err, r.now, next)
	r.now = next
}

// changes says which servers came, went and changed.
func changes(before, after *config.Config) string {
	var parts []string
	for _, name := range after.ServerNames() {
		server, ok := before.Servers[name]
		switch {
		case !ok:
			parts = append(parts, "+"+name)
		case !server.Same(after.Servers[name]):
			parts = append(parts, "~"+name)
		}
	}
	for _, name := range before.ServerNames() {
		if _, ok := after.Servers[name]; !ok {
			parts = append(parts, "-"+name)
		}
	}
	slices.Sort(parts)
	if len(parts) == 0 {
		return ""
	}
	return ": " + strings.Join(parts, " ")
}

// restart names what is read only when the gateway starts.
func restart(w io.Writer, before, after *config.Config) {
	var keys []string
	for _, k := range []struct {
		name      string
		old, next any
	}{
		{"listen", before.Listen, after.Listen}, {"tls", before.TLS.IsZero(), after.TLS.IsZero()}, {"sandbox", before.Sandbox, after.Sandbox}, {"keep", before.Keep, after.Keep},
		{"pin", before.Pin, after.Pin}, {"audit", before.Audit, after.Audit}, {"telemetry", exports(before), exports(after)}, {"learn", before.Learn, after.Learn}, {"cacheDir", before.CacheDir, after.CacheDir},
	} {
		if !reflect.DeepEqual(k.old, k.next) {
			keys = append(keys, k.name)
		}
	}
	if len(keys) > 0 {
		_, _ = fmt.Fprintf(w, "bindery: a change of %s takes effect with the next start\n", strings.Join(keys, ", "))
	}
}
