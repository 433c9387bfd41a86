package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/identity"
)

type tokenCmd struct {
	New    tokenNewCmd    `cmd:"" help:"Make a token for a client, and print it once."`
	List   tokenListCmd   `cmd:"" help:"List the tokens there are, which says nothing of the tokens themselves."`
	Revoke tokenRevokeCmd `cmd:"" help:"Revoke tokens. A running gateway refuses them at once."`
}

// tokens returns the configuration and its file of tokens.
func (f configFlag) tokens() (*config.Config, string, error) {
	cfg, err := f.parse()
	if err != nil {
		return nil, "", err
	}
	path := cfg.TokensPath()
	return cfg, path, nil
}

type tokenNewCmd struct {
	configFlag
	Client  string   `arg:"" placeholder:"NAME" help:"The client, one of clients in the configuration."`
	Role    []string `placeholder:"ROLE" help:"Role that the token gives besides the client's own."`
	Expires string   `placeholder:"TIME" help:"How long it is good for, as 12h or 90d, or until when, as 2027-01-31. Default: until it is revoked."`
	JSON    bool     `name:"json" help:"Print JSON."`
}

// Run prints the token on standard output, alone, and what there is to say on
// standard error.
func (c *tokenNewCmd) Run(std streams) error {
	cfg, path, err := c.tokens()
	if err != nil {
		return err
	}
	if _, ok := cfg.Clients[c.Client]; !ok {
		hint := "add it: clients: {" + c.Client + ": {}}"
		if names := slices.Sorted(maps.Keys(cfg.Clients)); len(names) > 0 {
			hint = "there are " + strings.Join(names, ", ") + "; or " + hint
		}
		return &exitError{code: exitUsage, err: &bindery.Error{
			Code: bindery.NotFound, Op: "make a token", Err: fmt.Errorf("no client is named %q", c.Client), Hint: hint,
		}}
	}
	for _, r := range c.Role {
		if _, ok := cfg.Roles[r]; !ok {
			return usage("no role is named %q; there are %s", r, strings.Join(slices.Sorted(maps.Keys(cfg.Roles)), ", "))
		}
	}
	now := time.Now()
	expires, err := expiry(c.Expires, now)
	if err != nil {
		return err
	}
	text, t := identity.NewToken(c.Client, c.Role, now, expires)
	if err := identity.Add(path, t); err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(std.out).Encode(struct {
			identity.Token

			Text string `json:"token"`
		}{t, text})
	}
	_, _ = fmt.Fprintf(std.err, "bindery: token %s of %s, kept as a hash in %s; it is shown this once\n", t.ID, t.Client, path)
	_, err = fmt.Fprintln(std.out, text)
	return err
}

// expiry reads a time to come: a duration, in days too, or a date.
func expiry(s string, now time.Time) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	at, ok := time.Time{}, false
	var days int
	if rest, cut := strings.CutSuffix(s, "d"); cut {
		if n, err := fmt.Sscanf(rest, "%d", &days); n == 1 && err == nil && fmt.Sprint(days) == rest && days <= 36500 {
			at, ok = now.AddDate(0, 0, days), true
		}
	}
	if d, err := time.ParseDuration(s); err == nil {
		at, ok = now.Add(d), true
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.ParseInLocation(layout, s, time.Local); err == nil {
			at, ok = t, true
		}
	}
	if !ok {
		return time.Time{}, usage("--expires %q is no time; write it like 12h, 90d or 2027-01-31", s)
	}
	if !at.After(now) {
		return time.Time{}, usage("--expires %q has passed", s)
	}
	return at, nil
}

type tokenListCmd struct {
	configFlag
	JSON bool `name:"json" help:"Print JSON."`
}

func (c *tokenListCmd) Run(std streams) error {
	cfg, path, err := c.tokens()
	if err != nil {
		return err
	}
	tokens, err := identity.Tokens(path)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(std.out).Encode(append([]identity.Token{}, tokens...))
	}
	w := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "ID\tCLIENT\tROLES\tCREATED\tEXPIRES")
	for _, t := range tokens {
		expires := "never"
		if !t.Expires.IsZero() {
			expires = t.Expires.Local().Format("2006-01-02 15:04")
		}
		if t.Expired(time.Now()) {
			expires += " (expired)"
		}
		client := t.Client
		if _, ok := cfg.Clients[t.Client]; !ok {
			client += " (not configured)"
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", t.ID, client, strings.Join(t.Roles, ","), t.Created.Local().Format("2006-01-02 15:04"), expires)
	}
	return w.Flush()
}

type tokenRevokeCmd struct {
	configFlag
	IDs     []string `arg:"" optional:"" name:"id" placeholder:"ID" help:"The tokens, by their IDs."`
	Client  string   `placeholder:"NAME" help:"All tokens of the client."`
	Expired bool     `help:"All tokens that have expired."`
}

func (c *tokenRevokeCmd) Run(std streams) error {
	if len(c.IDs) == 0 && c.Client == "" && !c.Expired {
		return usage("say which: IDs, --client NAME or --expired; bindery token list shows them")
	}
	_, path, err := c.tokens()
	if err != nil {
		return err
	}
	now := time.Now()
	found := make(map[string]bool)
	gone, err := identity.Remove(path, func(t identity.Token) bool {
		found[t.ID] = slices.Contains(c.IDs, t.ID)
		return found[t.ID] || c.Client != "" && t.Client == c.Client || c.Expired && t.Expired(now)
	})
	if err != nil {
		return err
	}
	for _, t := range gone {
		_, _ = fmt.Fprintf(std.out, "%s %s\n", t.ID, t.Client)
	}
	var errs []error
	for _, id := range c.IDs {
		if !found[id] {
			errs = append(errs, &bindery.Error{Code: bindery.NotFound, Op: "revoke " + id, Err: errors.New("there is no such token"), Hint: "bindery token list shows them"})
		}
	}
	return errors.Join(errs...)
}

// identify says from now on who is calling by that configuration.
func (s *stack) identify(cfg *config.Config) *identity.Authenticator {
	s.identities = identity.New(cfg, s.log, s.identities)
	return s.identities
}

// tokens looks at the file of tokens, if there is one.
func (e *examination) tokens(cfg *config.Config) {
	path := cfg.TokensPath()
	if path == "" {
		return
	}
	tokens, err := identity.Tokens(path)
	if err != nil {
		e.bad("tokens", err)
		return
	}
	for _, t := range tokens {
		switch _, ok := cfg.Clients[t.Client]; {
		case !ok:
			e.warn("tokens", "token "+t.ID+" is of client "+t.Client+", who is not configured; bindery token revoke "+t.ID)
		case t.Expired(time.Now()):
			e.warn("tokens", "token "+t.ID+" of client "+t.Client+" has expired; bindery token revoke --expired")
		}
	}
}
