package oauth

import (
	"fmt"
	"log/slog"
	"slices"
	"time"
)

// Token is what is kept of a login: the token, and what it takes to renew it.
// No way of printing one shows its secrets; JSON has all of it.
type Token struct {
	// Issuer gave the token out, for Resource.
	Issuer   string `json:"issuer"`
	Resource string `json:"resource"`

	TokenEndpoint      string `json:"token_endpoint"`
	RevocationEndpoint string `json:"revocation_endpoint,omitempty"`
	// ClientID is whom it was given to. ClientSecret is that of a client which
	// was registered for it; a configured one is in the configuration.
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret,omitempty"`
	AuthMethod   string `json:"auth_method"`

	Access   string    `json:"access_token"`
	Refresh  string    `json:"refresh_token,omitempty"`
	Expiry   time.Time `json:"expiry,omitzero"`
	Obtained time.Time `json:"obtained"`
	Scopes   []string  `json:"scopes,omitempty"`
	// Wanted are scopes that the server has asked for since.
	Wanted []string `json:"wanted,omitempty"`
}

// String says whose token it is.
func (t Token) String() string { return fmt.Sprintf("token of %s for %s", t.Issuer, t.Resource) }

// GoString is String.
func (t Token) GoString() string { return t.String() }

// Format makes every verb print String.
func (t Token) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, t.String()) }

// LogValue implements [slog.LogValuer].
func (t Token) LogValue() slog.Value { return slog.StringValue(t.String()) }

// early is how long before its end a token is renewed: requests take time, and
// clocks differ.
const early = 30 * time.Second

// usable reports whether the token can be sent. One that lives shorter than
// early is used to its end.
func (t *Token) usable(now time.Time) bool {
	if t == nil || t.Access == "" {
		return false
	}
	margin := min(early, t.Expiry.Sub(t.Obtained)/4)
	return t.Expiry.IsZero() || now.Before(t.Expiry.Add(-margin))
}

// secrets are the texts that nobody may see.
func (t *Token) secrets() []string { return []string{t.Access, t.Refresh, t.ClientSecret} }

// union returns a with what of b is not in it.
func union(a, b []string) []string {
	all := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}
