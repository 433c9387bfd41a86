package identity

import (
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"time"
	"unicode"

	"github.com/bindery-mcp/bindery/gateway/config"
)

// Authenticator knows everybody who may call. It is safe for concurrent use.
type Authenticator struct {
	cfg          config.Auth
	static       map[digest]string // client by the token in the configuration
	tokens       *book             // nil if there is no file to look into
	clients      map[string]config.Client
	roles        map[string]config.Role
	subjects     map[string]string // client by ISSUER/VALUE
	certificates map[string]string // client by name in its certificate
	issuers      map[string]*issuer
}

// New returns the authenticator of a configuration whose references are
// resolved; nil if it lets everybody in. What the one before, if there was one,
// knows of issuers that have not changed is taken over.
func New(cfg *config.Config, log *slog.Logger, before *Authenticator) *Authenticator {
	if !cfg.Authenticates() {
		return nil
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	a := &Authenticator{
		cfg: cfg.Auth, clients: cfg.Clients, roles: cfg.Roles,
		static: make(map[digest]string), subjects: make(map[string]string), certificates: make(map[string]string),
		issuers: make(map[string]*issuer),
	}
	if path := cfg.TokensPath(); path != "" {
		a.tokens = newBook(path, log)
	}
	for name, c := range cfg.Clients {
		if text := c.Token.Reveal(); text != "" {
			a.static[digestOf(text)] = name
		}
		for _, s := range c.Subjects {
			a.subjects[s] = name
		}
		for _, s := range c.Certificates {
			a.certificates[s] = name
		}
	}
	for name, i := range cfg.Auth.Issuers {
		if before != nil {
			if known, ok := before.issuers[i.Issuer]; ok && known.name == name && reflect.DeepEqual(known.cfg, i) {
				a.issuers[i.Issuer] = known
				continue
			}
		}
		a.issuers[i.Issuer] = newIssuer(name, i)
	}
	return a
}

// maxToken is longer than any token that fits a header.
const maxToken = 32 << 10

// Identify says whose request it is, or returns a [*RefusedError]. What the request
// claims in its Authorization header decides; without one, its certificate.
func (a *Authenticator) Identify(r *http.Request) (Identity, error) {
	header := r.Header.Values("Authorization")
	if len(header) == 0 {
		return a.certified(r)
	}
	scheme, token, _ := strings.Cut(header[0], " ")
	token = strings.TrimSpace(token)
	if len(header) > 1 || !strings.EqualFold(scheme, "Bearer") || token == "" || len(token) > maxToken {
		return Identity{}, refuse(Missing, "write the token as Authorization: Bearer TOKEN")
	}
	if name, ok := a.static[digestOf(token)]; ok {
		return Identity{Client: name}, nil
	}
	if strings.HasPrefix(token, Prefix) && a.tokens != nil {
		return a.ticketed(token)
	}
	if i, ok := a.issuerOf(token); ok {
		return a.vouched(r, i, token)
	}
	return Identity{}, refuse(Invalid, "the token is unknown")
}

// ticketed identifies the owner of a token that bindery made.
func (a *Authenticator) ticketed(token string) (Identity, error) {
	t, err := a.tokens.find(token, time.Now())
	if err != nil {
		return Identity{}, err
	}
	if _, ok := a.clients[t.Client]; !ok {
		return Identity{}, refuse(Invalid, "the token's client is not configured any more")
	}
	return Identity{Client: t.Client, Roles: t.Roles}, nil
}

// certified identifies the owner of the certificate that the connection was
// opened with, which the handshake has verified.
func (a *Authenticator) certified(r *http.Request) (Identity, error) {
	if r.TLS == nil || len(r.TLS.VerifiedChains) == 0 {
		return Identity{}, refuse(Missing, "the gateway wants to know who is calling")
	}
	for _, name := range namesOf(r.TLS.VerifiedChains[0][0]) {
		if client, ok := a.certificates[name]; ok {
			return Identity{Client: client}, nil
		}
	}
	return Identity{}, refuse(Missing, "the certificate is no client's")
}

func isControl(s string) bool { return strings.ContainsFunc(s, unicode.IsControl) }
