package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway"
	"github.com/bindery-mcp/bindery/gateway/audit"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/identity"
	"github.com/bindery-mcp/bindery/gateway/learned"
	"github.com/bindery-mcp/bindery/gateway/pin"
	"github.com/bindery-mcp/bindery/gateway/policy"
	"github.com/bindery-mcp/bindery/gateway/quota"
	"github.com/bindery-mcp/bindery/gateway/telemetry"
	"github.com/bindery-mcp/bindery/sandbox"
)

// configFlag is the flag that every command with servers shares.
type configFlag struct {
	Config string `short:"c" placeholder:"FILE" help:"Configuration: bindery YAML, any mcpServers JSON, VS Code's mcp.json or a Codex config.toml. Default: ./bindery.yaml, then bindery/bindery.yaml in the user's configuration folder."`
}

func (f configFlag) load(ctx context.Context, std streams) (*config.Config, error) {
	path := f.Config
	if path == "" {
		found, err := config.Find()
		if err != nil {
			return nil, &exitError{code: exitUsage, err: &bindery.Error{
				Code: bindery.Invalid, Op: "find the configuration", Err: err,
				Hint: "write a bindery.yaml, name a file with --config, or start with: bindery import codex > bindery.yaml",
			}}
		}
		path = found
	}
	cfg, err := sources().Load(ctx, path)
	if err != nil {
		return nil, &exitError{code: exitUsage, err: err}
	}
	for _, w := range cfg.Warnings() {
		_, _ = fmt.Fprintln(std.err, "bindery: warning:", w)
	}
	return cfg, nil
}

// knownServers returns an error for a name that the configuration does not
// have.
func knownServers(cfg *config.Config, names []string) error {
	for _, name := range names {
		if _, ok := cfg.Servers[name]; !ok {
			return usage("no server is named %q; there are %s", name, strings.Join(cfg.ServerNames(), ", "))
		}
	}
	return nil
}

// specs are the servers to connect to, in the order of the file.
func specs(cfg *config.Config) []backends.Spec {
	var list []backends.Spec
	for _, name := range cfg.ServerNames() {
		s := cfg.Servers[name]
		if !s.IsEnabled() {
			continue
		}
		spec := backends.Spec{
			Name: name, Command: s.Command.Reveal(), URL: s.URL.Reveal(), Dir: s.Cwd.Reveal(),
			Env: reveal(s.Env), Headers: reveal(s.Headers), Offers: s.Offers,
			StartTimeout: s.StartTimeout, CallTimeout: s.CallTimeout, MaxCallTimeout: s.MaxCallTimeout, Transport: string(s.Type),
			Isolate: s.Isolate == config.PerSession, Lazy: s.Lazy, IdleStop: s.IdleStop,
			Rate: s.Rate.PerSecond(), Burst: s.Rate.Calls, Roots: s.Roots, Ask: asks(s.Asks),
			OAuth: oauthOf(name, s), Forward: s.Forward, Secrets: s.Secrets(),
		}
		for _, a := range s.Args {
			spec.Args = append(spec.Args, a.Reveal())
		}
		list = append(list, spec)
	}
	return list
}

// asks are the capabilities to declare to a server; nil for the default.
func asks(list []config.Ask) []string {
	if list == nil {
		return nil
	}
	names := make([]string, len(list))
	for i, a := range list {
		names[i] = string(a)
	}
	return names
}

func reveal(secrets map[string]config.Secret) map[string]string {
	m := make(map[string]string, len(secrets))
	for k, v := range secrets {
		m[k] = v.Reveal()
	}
	return m
}

func concurrency(cfg *config.Config) map[string]gateway.Concurrency {
	rules := make(map[string]gateway.Concurrency)
	for name, s := range cfg.Servers {
		rules[name] = gateway.Concurrency{Limit: int(s.Concurrency)}
	}
	return rules
}

func clients(cfg *config.Config) []gateway.Client {
	var list []gateway.Client
	for _, name := range slices.Sorted(maps.Keys(cfg.Clients)) {
		list = append(list, gateway.NewClient(name, cfg.Clients[name]))
	}
	return list
}

// limits are the defaults with what the configuration says instead.
func limits(cfg *config.Config) sandbox.Limits {
	l, c := sandbox.DefaultLimits(), cfg.Limits
	override(&l.Wall, c.Wall)
	override(&l.CPU, c.CPU)
	override(&l.Grace, c.Grace)
	override(&l.Memory, int64(c.Memory))
	override(&l.Source, int64(c.Source))
	override(&l.Args, int64(c.Args))
	override(&l.Result, int64(c.Result))
	override(&l.Value, int64(c.Value))
	override(&l.Logs, int64(c.Logs))
	override(&l.Calls, c.Calls)
	override(&l.InFlight, c.InFlight)
	return l
}

func override[T comparable](dst *T, v T) {
	var zero T
	if v != zero {
		*dst = v
	}
}

// cacheDir is where tool lists are remembered; empty, for nowhere, if the
// system has no place for caches.
func cacheDir(cfg *config.Config) string {
	if cfg.CacheDir != "" {
		return cfg.CacheDir
	}
	base, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(base, "bindery", "catalogue")
}

// ready waits until each server has come up or failed once.
func ready(ctx context.Context, std streams, set *backends.Set) error {
	defer showProgress(std.err, set)()
	return set.Ready(ctx)
}

func openSet(ctx context.Context, cfg *config.Config, log *slog.Logger) (*backends.Set, error) {
	return backends.Open(ctx, specs(cfg), backends.Options{
		CacheDir: cacheDir(cfg), Tokens: tokens(), Logger: log, ClientName: "bindery", ClientVersion: version(),
	})
}

// openReady is openSet for a command that needs what all servers say of
// themselves.
func openReady(ctx context.Context, std streams, cfg *config.Config, log *slog.Logger) (*backends.Set, error) {
	set, err := openSet(ctx, cfg, log)
	if err != nil {
		return nil, err
	}
	if err := ready(ctx, std, set); err != nil {
		return nil, errors.Join(err, closeSet(set))
	}
	return set, nil
}

// openLearned opens the store of learned result types beside the cached tool
// lists; nil if the configuration has learning off.
func openLearned(cfg *config.Config, log *slog.Logger) *learned.Store {
	if !cfg.Learns() {
		return nil
	}
	return learned.Open(cacheDir(cfg), log)
}

// trackLearned has the store read what is known of the tools.
func trackLearned(ctx context.Context, store *learned.Store, cat *backends.Catalogue) error {
	if store == nil {
		return nil
	}
	return store.Track(ctx, gateway.Tracked(cat))
}

func closeLearned(store *learned.Store) error {
	if store == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	return store.Close(ctx)
}

// stack is a gateway with everything under it.
type stack struct {
	set     *backends.Set
	pinned  *gateway.Pinned // nil if tools are not pinned
	audit   *audit.Log      // nil if nothing is recorded
	learned *learned.Store
	engines *engines
	// telemetry is nil if nobody wants any, and quotas if nobody is held to any.
	telemetry *telemetry.Telemetry
	quotas    *quota.Book
	log       *slog.Logger
	// identities says who is calling; nil if nobody has to say.
	identities *identity.Authenticator
	gateway    *gateway.Gateway
}

// open starts a gateway. quotas is for whoever serves clients, who are held to
// them; nil for others.
func open(ctx context.Context, cfg *config.Config, f pythonFlags, log *slog.Logger, quotas *quota.Book) (*stack, error) {
	set, err := openSet(ctx, cfg, log)
	if err != nil {
		return nil, err
	}
	st := &stack{set: set, engines: new(engines), log: log, quotas: quotas}
	if runsScripts(cfg) {
		if st.engines, err = openEngines(cfg, f, log); err != nil {
			return nil, errors.Join(err, set.Close(ctx))
		}
		st.learned = openLearned(cfg, log)
	}
	o, err := options(cfg)
	if err == nil {
		st.pinned, err = pinned(cfg, set, log)
	}
	if err == nil {
		st.audit, err = openAudit(cfg, log)
	}
	if err == nil {
		st.telemetry, err = openTelemetry(ctx, cfg, st.observed, log)
	}
	if err != nil {
		if st.audit != nil {
			err = errors.Join(err, st.audit.Close())
		}
		return nil, errors.Join(err, st.engines.close(ctx), closeLearned(st.learned), set.Close(ctx))
	}
	o.Tools, o.Servers, o.Learned, o.Logger = set, set, st.learned, log
	o.Audit, o.Telemetry, o.Quotas = st.audit, st.telemetry, quotas
	if st.pinned != nil {
		o.Tools, o.Absent, o.Denied = st.pinned, st.pinned.Absent, st.pinned.Denied
	}
	o.Engine, o.Python, o.NoPython = st.engines.languages(), st.engines.python != nil, st.engines.noPython
	o.Status = st.status
	o.Identities = st.identify(cfg)
	st.gateway = gateway.New(o)
	return st, nil
}

// changedTools says which tools are not what they were, by a key for each change.
func (s *stack) changedTools() map[string]string {
	lines := make(map[string]string)
	if s.pinned == nil {
		return lines
	}
	for _, c := range s.pinned.Changes() {
		lines["tool "+c.Tool.String()+" "+c.New] = fmt.Sprintf("warning: tool %s is not what it was when it was first seen: %s; look at it with: bindery approve", c.Tool, c.Summary())
	}
	return lines
}

// runsScripts reports whether any view does: without one there need be no
// workers.
func runsScripts(cfg *config.Config) bool {
	if v, ok := cfg.Views[config.DefaultView]; !ok || v.Mode != config.Direct {
		return true
	}
	for _, v := range cfg.Views {
		if v.Mode != config.Direct {
			return true
		}
	}
	return false
}

// options are those that the configuration decides.
func options(cfg *config.Config) (gateway.Options, error) {
	rules, err := rulesOf(cfg)
	if err != nil {
		return gateway.Options{}, err
	}
	return gateway.Options{
		Policy: rules, Baggage: cfg.Telemetry.Baggage, Scrapers: cfg.Telemetry.Scrapers,
		Limits: limits(cfg), Clients: clients(cfg), Roles: cfg.Roles, Concurrency: concurrency(cfg), Views: cfg.Views,
		Forward: cfg.Sources(), InlineTokens: cfg.InlineTokens, Version: version(),
		Patience: cfg.Limits.Patience, Answer: int(cfg.Limits.Answer), Keep: gateway.Keep{
			Results: int64(cfg.Keep.Results), Store: int64(cfg.Keep.Store), Executions: int64(cfg.Keep.Executions), Age: cfg.Keep.Age,
		},
	}, nil
}

// openAudit opens the audit log; nil if the configuration names none.
func openAudit(cfg *config.Config, log *slog.Logger) (*audit.Log, error) {
	a := cfg.Audit
	if a.Dir == "" {
		return nil, nil
	}
	o := audit.Options{RotateBytes: int64(a.Rotate), Scripts: a.Scripts, Logger: log, Mode: audit.Strict}
	if a.Mode == config.AuditBestEffort {
		o.Mode = audit.BestEffort
	}
	if a.Values {
		o.Values = audit.Redact
	}
	return audit.Open(a.Dir, o)
}

// pinned are the tools held against what they were when they were first seen;
// nil if the configuration does not want that.
func pinned(cfg *config.Config, set *backends.Set, log *slog.Logger) (*gateway.Pinned, error) {
	path := pinsPath(cfg)
	if cfg.Pin == config.NoPin || path == "" {
		return nil, nil
	}
	pins, err := pin.Open(path, cfg.Pin == config.Quarantine)
	if err != nil {
		return nil, err
	}
	return gateway.NewPinned(set, pins, log), nil
}

// rulesOf is the policy of the configuration; nil if it has none.
func rulesOf(cfg *config.Config) (*policy.Policy, error) {
	if p := cfg.Policy; len(p.Rules) == 0 && len(p.Labels) == 0 && p.Default == "" {
		return nil, nil
	}
	return policy.Compile(cfg.Policy)
}

// drain is how long requests under way may go on after a stop was asked for:
// less than the half minute that whoever asks commonly waits before it kills.
const drain = 25 * time.Second

// close ends everything from the front to the back: first the scripts, then
// what they ran in and called.
func (s *stack) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	s.gateway.Close(ctx)
	last, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	// The metrics look at the others.
	err := errors.Join(s.telemetry.Close(last), s.quotas.Close(), s.engines.close(last), s.set.Close(last), closeLearned(s.learned))
	if s.audit != nil {
		err = errors.Join(err, s.audit.Close())
	}
	return err
}
