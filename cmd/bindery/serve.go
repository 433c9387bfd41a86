package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/identity"
	"github.com/bindery-mcp/bindery/internal/loopback"
)

type serveCmd struct {
	configFlag
	pythonFlags
	Listen string `placeholder:"HOST:PORT" help:"Address to listen on; port 0 picks a free one. Default: the configuration's, or 127.0.0.1:8080."`
	Stdio  bool   `help:"Speak MCP on standard input and output instead of HTTP."`
	View   string `placeholder:"NAME" help:"The view that --stdio speaks for. Default: default."`
}

func (c *serveCmd) Run(ctx context.Context, std streams, v verbosity) error {
	cfg, err := c.load(ctx, std)
	if err != nil {
		return err
	}
	if c.Stdio && c.Listen != "" {
		return usage("--listen goes with HTTP, not with --stdio")
	}
	if c.Listen != "" {
		if err := config.CheckAddress(c.Listen); err != nil {
			return usage("--listen: %v", err)
		}
	}
	if c.View != "" && !c.Stdio {
		return usage("--view goes with --stdio; over HTTP each view has its own address, /mcp/NAME")
	}
	return serve(ctx, std, v, cfg, c.pythonFlags, serving{stdio: c.Stdio, view: c.View, listen: c.Listen})
}

// serving is how a gateway is reached.
type serving struct {
	stdio  bool
	view   string // with stdio
	listen string // without, in place of the configuration's
}

func serve(ctx context.Context, std streams, v verbosity, cfg *config.Config, f pythonFlags, how serving) (err error) {
	file := newConfigFile(cfg.Path())
	var ln net.Listener
	var secure *identity.Server
	if !how.stdio {
		if ln, secure, err = listen(ctx, cfg, cmp.Or(how.listen, cfg.ListenAddress())); err != nil {
			return err
		}
	}
	log := logger(std, v)
	st, err := open(ctx, cfg, f, log, openQuotas(cfg, log))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.close()) }()

	watch, stop := context.WithCancel(ctx)
	watched := make(chan struct{})
	go func() { defer close(watched); announce(watch, std.err, st) }()
	defer func() { stop(); <-watched }()

	if err := required(ctx, cfg, st.set); ctx.Err() != nil {
		return nil // the user's own doing
	} else if err != nil {
		return err
	}
	if cfg.Path() != "" {
		r := &reloader{std: std, stack: st, now: cfg, file: file, tls: secure}
		if ln != nil {
			r.listening = ln.Addr().String()
		}
		followed := make(chan struct{})
		go func() { defer close(followed); r.follow(watch) }()
		defer func() { stop(); <-followed }()
	}
	trimPages() // those that only a start reads
	defer runtime.KeepAlive(headroom())
	if how.stdio {
		return st.gateway.ServeStdio(ctx, how.view, newInput(std.in), newOutput(std.out))
	}
	_, _ = fmt.Fprintf(std.err, "bindery: listening on %s://%s/mcp\n", scheme(cfg), ln.Addr())
	return serveHTTP(ctx, ln, st.gateway.Handler(), func() {
		last, cancel := context.WithTimeout(context.Background(), drain)
		defer cancel()
		slow := time.AfterFunc(time.Second, func() {
			_, _ = fmt.Fprintf(std.err, "bindery: waiting for what is under way, %s at most; interrupt again to end at once\n", drain)
		})
		defer slow.Stop()
		st.gateway.Close(last)
	})
}

// listen opens the port. Anybody who can reach it can use every tool, so that
// an address which others can reach needs clients who say who they are.
func listen(ctx context.Context, cfg *config.Config, addr string) (net.Listener, *identity.Server, error) {
	if !loopback.Host(addr) && !cfg.Authenticates() {
		return nil, nil, &exitError{code: exitUsage, err: &bindery.Error{
			Code: bindery.Denied, Op: "listen on " + addr, Err: errors.New("other machines could reach it, and no client has a token"),
			Hint: `listen on 127.0.0.1, or configure clients: {name: {token: "${env:BINDERY_TOKEN}"}}; docs/clients.md has more ways`,
		}}
	}
	var secure *identity.Server
	if !cfg.TLS.IsZero() {
		var err error
		if secure, err = identity.NewServer(cfg.TLS); err != nil {
			return nil, nil, &exitError{code: exitUsage, err: err}
		}
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, nil, &exitError{code: exitUsage, err: &bindery.Error{
			Code: bindery.Unavailable, Op: "listen on " + addr, Err: err, Hint: "choose another port with --listen",
		}}
	}
	if secure != nil {
		ln = tls.NewListener(ln, secure.Config())
	}
	return ln, secure, nil
}

// scheme is how clients speak to the gateway.
func scheme(cfg *config.Config) string {
	if cfg.TLS.IsZero() {
		return "http"
	}
	return "https"
}

// address is where the gateway of a configuration is, for somebody on the same
// machine: no one is at the address that stands for all of them.
func address(cfg *config.Config) string {
	at := cfg.ListenAddress()
	if host, port, err := net.SplitHostPort(at); err == nil {
		if ip := net.ParseIP(host); host == "" || ip.IsUnspecified() {
			at = net.JoinHostPort("localhost", port)
		}
	}
	return scheme(cfg) + "://" + at
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
		if cfg.Servers[s.Name].Required && isDown(s) {
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
		return fmt.Sprintf("%s ready, %s", s.Name, counted(s.Tools, "tool"))
	case backends.Failed:
		return fmt.Sprintf("%s failed: %v", s.Name, s.Cause)
	case backends.NeedsLogin:
		return fmt.Sprintf("%s needs a login: %v; %s", s.Name, s.Cause.Err, s.Cause.Hint)
	default:
		return ""
	}
}

// isDown reports whether calls of a server fail, those included that would wait
// for it to be tried again.
func isDown(s backends.Status) bool {
	return s.State == backends.Failed || s.State == backends.NeedsLogin || s.State == backends.Connecting && s.Cause != nil
}
