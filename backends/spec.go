package backends

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends/oauth"
)

// Timeouts where a [Spec] names none. Many servers are started by npx or uvx,
// which may have to fetch them first.
const (
	DefaultStartTimeout   = 60 * time.Second
	DefaultCallTimeout    = 60 * time.Second
	DefaultMaxCallTimeout = 10 * time.Minute
)

// sessionTime is how long a connection that belongs to one session is kept
// without a request, where the spec does not say.
const sessionTime = 30 * time.Minute

// Spec is how to reach one server, references to secrets already resolved. No
// way of printing a Spec shows the values of Env and Headers.
type Spec struct {
	Name string

	// Exactly one of Command and URL is set. A command is started without a
	// shell, and looked for in the PATH that the server gets; Env is added to a
	// few harmless variables of the gateway's own.
	Command string
	Args    []string
	Env     map[string]string
	Dir     string

	// Headers go to the host of URL only.
	URL     string
	Headers map[string]string
	// OAuth gives requests to the origin of URL a token; nil for none.
	OAuth *oauth.Config
	// Forward has, for headers of a caller's own request, what they are called in
	// requests to the server: the values of [Peer].Forward. Requests with other
	// values go over other connections, and a request without one of them is not
	// sent. Lists and subscriptions are everybody's and go without.
	Forward map[string]string

	// Secrets are what else than the values of Env and Headers must not appear in
	// any text: parts of them, of Args and of URL.
	Secrets []string

	// Transport is "stdio", "http" (Streamable HTTP), "sse" (HTTP+SSE of
	// 2024-11-05) or "websocket". "" stands for stdio with a command, WebSocket
	// with a ws or wss URL, and whichever of the other two the server speaks.
	Transport string

	// Roots are declared to the server as they are here; with none, the
	// capability is not. Ask names what the server may ask clients for; nil
	// stands for elicitation and sampling.
	Roots []string
	Ask   []string

	// Isolate gives each [Peer].Session a connection of its own, with a command
	// a process of its own. Requests without a session share one.
	Isolate bool
	// Lazy leaves the server unconnected until the first request: its tools
	// are those in the cache, and without a cache it is connected once to list
	// them.
	Lazy bool
	// IdleStop ends a connection that has had no request for so long, until
	// the next one; 0 for never, except that a session's own connection is not
	// kept for more than half an hour.
	IdleStop time.Duration
	// InFlight is how many requests the server is sent at once on one
	// connection; further ones wait in line. 0 for any number.
	InFlight int
	// Rate is how many requests a second the server is sent, on all
	// connections, and Burst how many of them at once, 0 standing for a second's
	// worth. Rate 0 sets no bound.
	Rate  float64
	Burst int

	// Offers says which tools to offer, by the names the server gives them;
	// nil for all. It is called again whenever the tools change, and must be
	// safe for concurrent use if several specs share it.
	Offers func(tool string) bool

	// StartTimeout bounds connecting and listing, CallTimeout one call, counted
	// from the last progress that the server told its caller of, and
	// MaxCallTimeout one call in all. 0 stands for the defaults; a maximum below
	// CallTimeout is as good as that.
	StartTimeout   time.Duration
	CallTimeout    time.Duration
	MaxCallTimeout time.Duration
}

// shown is what may be seen of a Spec.
type shown struct {
	Name    string   `json:"name"`
	Command string   `json:"command,omitempty"`
	URL     string   `json:"url,omitempty"`
	Env     []string `json:"env,omitempty"`     // names only
	Headers []string `json:"headers,omitempty"` // names only
}

func (s Spec) shown() shown {
	v := shown{
		Name: s.Name, Command: s.Command,
		Env: slices.Sorted(maps.Keys(s.Env)), Headers: slices.Sorted(maps.Keys(s.Headers)),
	}
	// A URL may carry a token in its user or its query, a command's
	// arguments anywhere.
	if u, err := url.Parse(s.URL); err == nil && s.URL != "" {
		v.URL = (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
	}
	return v
}

// String describes s without arguments and without values of secrets.
func (s Spec) String() string {
	v := s.shown()
	return strings.TrimSpace(fmt.Sprintf("%s: %s%s", v.Name, v.Command, v.URL))
}

// GoString is String, for %#v.
func (s Spec) GoString() string { return s.String() }

// Format makes every verb print [Spec.String].
func (s Spec) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, s.String()) }

// LogValue implements [slog.LogValuer].
func (s Spec) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalJSON writes the names of environment variables and headers, and no
// values.
func (s Spec) MarshalJSON() ([]byte, error) { return json.Marshal(s.shown()) }

func (s Spec) startTimeout() time.Duration {
	if s.StartTimeout > 0 {
		return s.StartTimeout
	}
	return DefaultStartTimeout
}

func (s Spec) callTimeout() time.Duration {
	if s.CallTimeout > 0 {
		return s.CallTimeout
	}
	return DefaultCallTimeout
}

func (s Spec) maxCallTimeout() time.Duration {
	return max(cmp.Or(s.MaxCallTimeout, DefaultMaxCallTimeout), s.callTimeout())
}

// idleTime is how long a connection is kept without a request; below zero for
// ever.
func (s *Spec) idleTime(shared bool) time.Duration {
	switch {
	case s.IdleStop > 0:
		return s.IdleStop
	case shared:
		return -1
	}
	return sessionTime
}

// bounded reports whether requests may have to wait for their turn.
func (s *Spec) bounded() bool { return s.InFlight > 0 || s.Rate > 0 }

// offers reports whether a tool of this name is to be offered.
func (s Spec) offers(tool string) bool {
	return s.Offers == nil || s.Offers(tool)
}

// secrets are the values that must not appear in any text.
func (s Spec) secrets() []string {
	list := slices.Concat(slices.Collect(maps.Values(s.Env)), slices.Collect(maps.Values(s.Headers)), s.Secrets)
	if s.OAuth != nil {
		list = append(list, s.OAuth.Secrets()...)
	}
	return list
}

// digest identifies what the server is, for its cache: not by its secrets.
func (s Spec) digest() string {
	h := sha256.New()
	for _, part := range slices.Concat([]string{s.Command, s.Dir, s.URL}, s.Args) {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// transport is Transport with "" replaced where the spec alone decides.
func (s Spec) transport() string {
	switch {
	case s.Transport != "":
		return s.Transport
	case s.Command != "":
		return "stdio"
	case strings.HasPrefix(s.URL, "ws://") || strings.HasPrefix(s.URL, "wss://"):
		return "websocket"
	}
	return ""
}

// reaches reports whether s and o lead to the same server in the same way, so
// that a connection made for one serves the other. What is left out is policy,
// which can change under a connection.
func (s Spec) reaches(o Spec) bool {
	return s.Name == o.Name && s.Command == o.Command && slices.Equal(s.Args, o.Args) && maps.Equal(s.Env, o.Env) && s.Dir == o.Dir &&
		s.URL == o.URL && maps.Equal(s.Headers, o.Headers) && s.transport() == o.transport() && slices.Equal(s.Roots, o.Roots) &&
		slices.Equal(s.Ask, o.Ask) && (s.Ask == nil) == (o.Ask == nil) && s.Isolate == o.Isolate &&
		s.OAuth.Equal(o.OAuth) && maps.Equal(s.Forward, o.Forward) && slices.Equal(s.Secrets, o.Secrets)
}

// validate reports everything wrong with specs.
func validate(specs []Spec) error {
	var errs []error
	seen := map[string]bool{}
	for i, s := range specs {
		switch {
		case s.Name == "":
			errs = append(errs, fmt.Errorf("server %d has no name", i+1))
		case seen[s.Name]:
			errs = append(errs, fmt.Errorf("server %q is there twice", s.Name))
		default:
			if err := s.check(); err != nil {
				errs = append(errs, fmt.Errorf("server %q %w", s.Name, err))
			}
		}
		seen[s.Name] = true
	}
	if len(errs) == 0 {
		return nil
	}
	return &bindery.Error{Code: bindery.Invalid, Op: "open servers", Err: errors.Join(errs...)}
}

func (s Spec) check() error {
	switch {
	case s.Command == "" && s.URL == "":
		return errors.New("has neither a command nor a URL")
	case s.Command != "" && s.URL != "":
		return errors.New("has both a command and a URL")
	case !slices.Contains([]string{"", "stdio", "http", "sse", "websocket"}, s.Transport):
		return fmt.Errorf("has the unknown transport %q; there are stdio, http, sse and websocket", s.Transport)
	case (s.Command != "") != (s.transport() == "stdio"):
		return fmt.Errorf("has the transport %q, and stdio is for commands, the others for URLs", s.Transport)
	case s.InFlight < 0 || s.Rate < 0 || s.Burst < 0 || s.IdleStop < 0:
		return errors.New("has a negative limit")
	case s.Command != "" && (s.OAuth != nil || len(s.Forward) > 0):
		return errors.New("has a command, and OAuth and forwarded headers are for URLs")
	}
	return s.checkForward()
}
