package oauth_test

import (
	"context"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/backends/backendtest"
	"github.com/bindery-mcp/bindery/backends/oauth"
	"github.com/bindery-mcp/bindery/internal/issuertest"
)

const patience = 60 * time.Second

// world is a provider, a server that takes its tokens, and what it takes to log
// in.
type world struct {
	issuer *issuertest.Issuer
	config *oauth.Config
	store  oauth.Folder

	mu      sync.Mutex
	refused map[string]bool // tokens that the server takes no longer
	asked   []string        // the tokens of all requests
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{issuer: issuertest.New(t), store: oauth.Folder(t.TempDir()), refused: map[string]bool{}}
	srv := w.issuer.Protect(t, backendtest.NewHTTP(), w.takes, false)
	w.config = &oauth.Config{Server: "docs", URL: srv.URL + "/mcp", ClientID: issuertest.Native}
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	return w
}

func (w *world) takes(r *http.Request) bool {
	token := issuertest.Bearer(r)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, token)
	return !w.refused[token]
}

func (w *world) key() oauth.Key { return oauth.Key{Server: w.config.Server, URL: w.config.URL} }

func (w *world) login(t *testing.T) *oauth.Token {
	t.Helper()
	token, err := oauth.Login(t.Context(), w.config, w.store, oauth.Person{Visit: visit})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// age makes the kept token one of long ago, as far as the gateway knows, and
// have it expired if so.
func (w *world) age(t *testing.T, expired bool) *oauth.Token {
	t.Helper()
	token, err := w.store.Load(w.key())
	if err != nil || token == nil {
		t.Fatal(token, err)
	}
	token.Obtained = time.Now().Add(-time.Hour)
	if expired {
		token.Expiry = time.Now().Add(-time.Minute)
	}
	if err := w.store.Save(w.key(), token); err != nil {
		t.Fatal(err)
	}
	return token
}

// open connects to the server.
func (w *world) open(t *testing.T) *backends.Set {
	t.Helper()
	set, err := backends.Open(t.Context(), []backends.Spec{{Name: w.config.Server, URL: w.config.URL, OAuth: w.config}}, backends.Options{Tokens: w.store})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = set.Close(context.Background()) })
	return set
}

// reach waits until the server is in a state.
func reach(t *testing.T, set *backends.Set, state backends.State) backends.Server {
	t.Helper()
	limit := time.After(patience)
	for {
		changed := set.Changed()
		s := set.Catalogue().Servers[0]
		if s.State == state {
			return s
		}
		select {
		case <-changed:
		case <-limit:
			t.Fatalf("the server is %s (%v), not %s", s.State, s.Cause, state)
		}
	}
}

func call(ctx context.Context, set *backends.Set) error {
	_, err := set.Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: "docs", Name: "bigint"}})
	return err
}

// visit is a browser whose person is logged in everywhere.
func visit(ctx context.Context, page string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, page, http.NoBody)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.Body.Close()
}
