package identity

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery/gateway/config"
)

func reasonOf(t *testing.T, a *Authenticator, token string) (Identity, Reason) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/mcp", nil)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	who, err := a.Identify(r)
	if err == nil {
		return who, 0xff
	}
	refused, ok := errors.AsType[*RefusedError](err)
	if !ok {
		t.Fatalf("%T: %v", err, err)
	}
	if token != "" && strings.Contains(err.Error(), token) {
		t.Errorf("the error holds the token: %v", err)
	}
	return who, refused.Reason
}

const letIn Reason = 0xff

func TestFileTokens(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "tokens.json")
	a := New(&config.Config{Clients: map[string]config.Client{"ci": {}, "ann": {}}, Tokens: path}, nil, nil)
	now := time.Now()
	good, one := NewToken("ci", nil, now, now.Add(time.Hour))
	if _, why := reasonOf(t, a, good); why != Invalid {
		t.Errorf("before there is a file: %d", why)
	}
	old, two := NewToken("ann", nil, now, now.Add(-time.Second))
	gone, three := NewToken("former", nil, now, time.Time{})
	for _, tok := range []Token{one, two, three} {
		if err := Add(path, tok); err != nil {
			t.Fatal(err)
		}
	}
	for token, want := range map[string]Reason{
		good: letIn, old: Invalid, gone: Invalid, good + "x": Invalid, good[:len(good)-1]: Invalid,
		strings.ToUpper(good): Invalid, "bnd_": Invalid, strings.Repeat("x", maxToken+1): Missing, "": Missing,
	} {
		if who, why := reasonOf(t, a, token); why != want || why == letIn && who.Client != "ci" {
			t.Errorf("%.20q: %d, want %d; %v", token, why, want, who)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	data, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(data), good) || strings.Contains(string(data), strings.TrimPrefix(good, Prefix)) {
		t.Errorf("the file holds the token: %s, %v", data, err)
	}
	// What cannot be read, or could have been written by others, lets nobody in.
	for name, spoil := range map[string]func() error{
		"nonsense": func() error { return os.WriteFile(path, []byte("{"), 0o600) },
		"format":   func() error { return os.WriteFile(path, []byte(`{"format":2}`), 0o600) },
		"mode":     func() error { return os.Chmod(path, 0o666) },
	} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		if _, why := reasonOf(t, a, good); why != Unavailable {
			t.Errorf("%s: %d", name, why)
		}
		if err := os.Chmod(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// Many that change the file at once each have their say.
func TestFileIsChangedByOneAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens.json")
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			_, keep := NewToken(fmt.Sprint("kept-", i), nil, time.Now(), time.Time{})
			_, lose := NewToken(fmt.Sprint("lost-", i), nil, time.Now(), time.Time{})
			for _, tok := range []Token{keep, lose} {
				if err := Add(path, tok); err != nil {
					t.Error(err)
				}
			}
			if gone, err := Remove(path, func(t Token) bool { return t.ID == lose.ID }); err != nil || len(gone) != 1 {
				t.Error(gone, err)
			}
		})
	}
	wg.Wait()
	tokens, err := Tokens(path)
	if err != nil || len(tokens) != 20 || slices.ContainsFunc(tokens, func(t Token) bool { return strings.HasPrefix(t.Client, "lost") }) {
		t.Errorf("%d tokens, %v", len(tokens), err)
	}
}

func FuzzTokens(f *testing.F) {
	f.Add([]byte(`{"format":1,"tokens":[{"client":"ci","sha256":"` + strings.Repeat("0a", 32) + `","created":"2026-01-02T03:04:05Z","roles":["b","a"]}]}`))
	f.Add([]byte(`{"format":1,"tokens":[{"client":"a/b","sha256":""}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		tokens, err := parseTokens(data)
		if err != nil {
			return
		}
		for _, tok := range tokens {
			if i := (Identity{tok.Client, tok.Roles}); Parse(i.String()).String() != i.String() || i.Foreign() {
				t.Errorf("%q", i)
			}
		}
	})
}
