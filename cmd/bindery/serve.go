package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/config"
)

type serveCmd struct {
	configFlag
	pythonFlags
	Listen string `placeholder:"HOST:PORT" help:"Address to listen on; port 0 picks a free one. Default: the configuration's, or 127.0.0.1:8080."`
	Stdio  bool   `help:"Speak MCP on standard input and output instead of HTTP."`
	View   string `placeholder:"NAME" help:"The view that --stdio speaks for. Default: default."`
}

func (c *serveCmd) Run(ctx context.Context, std streams, v verbosity) error {
	cfg, err := c.load(std)
	if err != nil {
		return err
	}
	if c.Listen != "" {
		cfg.Listen = c.Listen
	}
	if c.View != "" && !c.Stdio {
		return usage("--view goes with --stdio; over HTTP each view has its own address, /mcp/NAME")
	}
	return serve(ctx, std, v, cfg, c.pythonFlags, serving{stdio: c.Stdio, view: c.View})
}

// serving is how a gateway is reached.
type serving struct {
	stdio bool
	view  string // with stdio
}

func serve(ctx context.Context, std streams, v verbosity, cfg *config.Config, f pythonFlags, how serving) (err error) {
	var ln net.Listener
	if !how.stdio {
		if ln, err = listen(ctx, cfg); err != nil {
			return err
		}
	}
	st, err := open(ctx, cfg, f, logger(std, v))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.close()) }()

	watch, stop := context.WithCancel(ctx)
	watched := make(chan struct{})
	go func() { defer close(watched); announce(watch, std.err, st) }()
	defer func() { stop(); <-watched }()

	if err := required(ctx, cfg, st.set); err != nil {
		return err
	}
	if cfg.Path() != "" {
		r := &reloader{std: std, stack: st, now: cfg}
		if ln != nil {
			r.listening = ln.Addr().String()
		}
		followed := make(chan struct{})
		go func() { defer close(followed); r.follow(watch) }()
		defer func() { stop(); <-followed }()
	}
	if how.stdio {
		return st.gateway.ServeStdio(ctx, how.view, std.in, std.out)
	}
	_, _ = fmt.Fprintf(std.err, "bindery: listening on http://%s/mcp\n", ln.Addr())
	return serveHTTP(ctx, ln, st.gateway.Handler(), func() {
		last, cancel := context.WithTimeout(context.Background(), drain)
		defer cancel()
		st.gateway.Close(last)
	})
}

// listen opens the port. Anybody who can reach it can use every tool, so that
// an address which others can reach needs clients with tokens.
func listen(ctx context.Context, cfg *config.Config) (net.Listener, error) {
	addr := cfg.ListenAddress()
	if !isLoopback(addr) && len(cfg.Clients) == 0 {
		return nil, &exitError{code: exitUsage, err: &bindery.Error{
			Code: bindery.Denied, Op: "listen on " + addr, Err: errors.New("other machines could reach it, and no client has a token"),
			Hint: `listen on 127.0.0.1, or configure clients: {name: {token: "${env:BINDERY_TOKEN}"}}`,
		}}
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, &exitError{code: exitUsage, err: &bindery.Error{
			Code: bindery.Unavailable, Op: "listen on " + addr, Err: err, Hint: "choose another port with --listen",
		}}
	}
	return ln, nil
}

func isLoopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// Bounds on clients that send their headers slowly, or nothing more. A body
// and an answer may take as long as a script.
const (
	headerTimeout = 10 * time.Second
	idleTimeout   = 5 * time.Minute
	maxHeader     = 64 << 10
)

// serveHTTP serves until ctx is done. Then drained lets the scripts that run
// end, and what is still open, the event streams of idle sessions, is closed.
func serveHTTP(ctx context.Context, ln net.Listener, h http.Handler, drained func()) error {
	srv := &http.Server{
		Handler: h, ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(ln) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve on %s: %w", ln.Addr(), err)
	case <-ctx.Done():
	}
	drained()
	// The answers of those scripts still have to be written.
	last, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if srv.Shutdown(last) != nil {
		_ = srv.Close()
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve on %s: %w", ln.Addr(), err)
	}
	return nil
}

// required waits for the servers without which the gateway is not to start.
func required(ctx context.Context, cfg *config.Config, set *backends.Set) error {
	var names []string
	for _, name := range cfg.ServerNames() {
		if s := cfg.Servers[name]; s.Required && s.IsEnabled() {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	if err := set.Ready(ctx, names...); err != nil {
		return err
	}
	var errs []error
	for _, s := range set.Status() {
		if cfg.Servers[s.Name].Required && s.State == backends.Failed {
			errs = append(errs, fmt.Errorf("required server %s: %w", s.Name, s.Cause))
		}
	}
	return errors.Join(errs...)
}

// announce tells, once for each change, how the servers are doing.
func announce(ctx context.Context, w io.Writer, st *stack) {
	said := make(map[string]string)
	set := st.set
	for {
		changed := set.Changed()
		for _, s := range set.Status() {
			line := statusLine(s)
			if line != "" && said[s.Name] != line {
				said[s.Name] = line
				_, _ = fmt.Fprintln(w, "bindery:", line)
			}
		}
		for key, line := range st.changedTools() {
			if said[key] != line {
				said[key] = line
				_, _ = fmt.Fprintln(w, "bindery:", line)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
	}
}

func statusLine(s backends.Status) string {
	switch s.State {
	case backends.Ready:
		return fmt.Sprintf("%s ready, %d tools", s.Name, s.Tools)
	case backends.Failed:
		return fmt.Sprintf("%s failed: %v", s.Name, s.Cause)
	default:
		return ""
	}
}
