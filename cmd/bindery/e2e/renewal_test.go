package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery/internal/issuertest"
)

// expiry is when tokens are of no more use, to the server of an account.
type expiry struct {
	end <-chan struct{} // of the test

	mu sync.Mutex
	// over are the tokens that it takes no longer, each with the gateways that have
	// still to send it before any is told so.
	over map[string]*meeting
	used map[string]string // the last good token, by gateway
}

// meeting has requests wait for each other.
type meeting struct {
	missing []string
	all     chan struct{}
}

// takes reports whether the token of a request is good still.
func (e *expiry) takes(r *http.Request) bool {
	token, gateway := issuertest.Bearer(r), r.Header.Get("X-Gateway")
	e.mu.Lock()
	m := e.over[token]
	if m == nil {
		e.used[gateway] = token
		e.mu.Unlock()
		return true
	}
	if i := slices.Index(m.missing, gateway); i >= 0 {
		if m.missing = slices.Delete(m.missing, i, i+1); len(m.missing) == 0 {
			close(m.all)
		}
	}
	e.mu.Unlock()
	select {
	case <-m.all:
	case <-e.end:
	}
	return false
}

// of returns the last good token of a gateway.
func (e *expiry) of(gateway string) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.used[gateway]
}

// expire has the time of the token that is kept run out: the gateways find it old
// where they look, and the server refuses it as soon as each of them has sent it.
func (e *expiry) expire(t *testing.T, a *account, gateways ...string) {
	t.Helper()
	path, token := a.kept(t)
	access, _ := token["access_token"].(string)
	m := &meeting{missing: slices.Clone(gateways), all: make(chan struct{})}
	if len(gateways) == 0 {
		close(m.all)
	}
	e.mu.Lock()
	e.over[access] = m
	e.mu.Unlock()
	token["obtained"], token["expiry"] = time.Now().Add(-time.Hour), time.Now().Add(-time.Minute)
	data, err := json.Marshal(token)
	if err != nil {
		t.Fatal(err)
	}
	// A gateway may read it at any time.
	next := path + ".next"
	if err := os.WriteFile(next, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(next, path); err != nil {
		t.Fatal(err)
	}
}

// Two gateways with one home have one login. Whether they start when its token has
// expired or come upon that while they are used, one of them renews it, with a
// refresh token that is good once, and both go on.
func TestTwoGatewaysRenewOnce(t *testing.T) {
	t.Parallel()
	e := &expiry{end: t.Context().Done(), over: map[string]*meeting{}, used: map[string]string{}}
	a := newAccount(t, e.takes)
	a.logIn(t)
	all := []canaries{a.secrets(t)}

	// The provider does not answer the first of them before the second is there.
	there := make(chan struct{})
	a.issuer.Before(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Form.Get("grant_type") == "refresh_token" {
			select {
			case <-there:
			case <-t.Context().Done():
			}
		}
		return false
	})
	e.expire(t, a)
	names := []string{"one", "two"}
	gateways, sessions := map[string]*process{}, map[string]*mcp.ClientSession{}
	for _, name := range names {
		var endpoint string
		gateways[name], endpoint = a.gateway(t, name)
		sessions[name] = connect(t, overHTTP(t, endpoint), "")
	}
	close(there)

	for round := 1; round <= 3; round++ {
		if round > 1 {
			e.expire(t, a, names...)
		}
		a.callAtOnce(t, sessions)
		all = append(all, a.secrets(t))
		var used []string
		for _, r := range a.issuer.Requests("/oauth/token") {
			if token := r.Form.Get("refresh_token"); token != "" {
				used = append(used, token)
			}
		}
		once := len(slices.Compact(slices.Sorted(slices.Values(used))))
		if len(used) != round || once != round {
			t.Errorf("round %d: %d renewals with %d refresh tokens", round, len(used), once)
		}
		_, kept := a.kept(t)
		for _, name := range names {
			if e.of(name) != kept["access_token"] {
				t.Errorf("round %d: gateway %s does not use the token that is kept", round, name)
			}
		}
	}
	for name, p := range gateways {
		a.said["bindery serve, "+name] = p.output()
	}
	for _, c := range all {
		a.silent(t, c)
	}
}

// callAtOnce has every session run some scripts, all at the same time.
func (a *account) callAtOnce(t *testing.T, sessions map[string]*mcp.ClientSession) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var calls sync.WaitGroup
	for name, session := range sessions {
		for n := range 3 {
			calls.Go(func() {
				code := fmt.Sprintf(`return (await docs.echo({alpha: %d})).alpha`, n)
				res, err := session.CallTool(ctx, &mcp.CallToolParams{Name: "execute_code", Arguments: map[string]any{"code": code}})
				if err != nil {
					t.Errorf("gateway %s: %v", name, err)
					return
				}
				if text, ok := res.Content[0].(*mcp.TextContent); !ok || res.IsError || text.Text != fmt.Sprint(n) {
					t.Errorf("gateway %s: %+v", name, text)
				}
			})
		}
	}
	calls.Wait()
}
