package backends

import (
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
)

// Timeouts where a [Spec] names none. Many servers are started by npx or uvx,
// which may have to fetch them first.
const (
	DefaultStartTimeout = 60 * time.Second
	DefaultCallTimeout  = 60 * time.Second
)

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

	// Offers says which tools to offer, by the names the server gives them;
	// nil for all. It is called again whenever the tools change, and must be
	// safe for concurrent use if several specs share it.
	Offers func(tool string) bool

	// StartTimeout bounds connecting and listing, CallTimeout one call. 0
	// stands for the defaults.
	StartTimeout time.Duration
	CallTimeout  time.Duration
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

// offers reports whether a tool of this name is to be offered.
func (s Spec) offers(tool string) bool {
	return s.Offers == nil || s.Offers(tool)
}

// secrets are the values that must not appear in any text.
func (s Spec) secrets() []string {
	return slices.Concat(slices.Collect(maps.Values(s.Env)), slices.Collect(maps.Values(s.Headers)))
}

// digest identifies what the server is, for its cache: not by its secrets.
func (s Spec) digest() string {
	h := sha256.New()
	for _, part := range slices.Concat([]string{s.Command, s.Dir, s.URL}, s.Args) {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
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
		case s.Command == "" && s.URL == "":
			errs = append(errs, fmt.Errorf("server %q has neither a command nor a URL", s.Name))
		case s.Command != "" && s.URL != "":
			errs = append(errs, fmt.Errorf("server %q has both a command and a URL", s.Name))
		}
		seen[s.Name] = true
	}
	if len(errs) == 0 {
		return nil
	}
	return &bindery.Error{Code: bindery.Invalid, Op: "open servers", Err: errors.Join(errs...)}
}
