package identity

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/bindery-mcp/bindery/gateway/config"
)

// What it costs a request to be told who makes it, among 1,000 others.
func BenchmarkIdentify(b *testing.B) {
	path := filepath.Join(b.TempDir(), "tokens.json")
	cfg := &config.Config{Tokens: path, Clients: map[string]config.Client{}}
	for i := range 1000 {
		name := fmt.Sprint("client", i)
		token, err := config.ParseValue("token-" + name)
		if err != nil {
			b.Fatal(err)
		}
		cfg.Clients[name] = config.Client{Token: config.Secret{Value: token}}
	}
	text, token := NewToken("client7", nil, time.Now(), time.Time{})
	if err := Add(path, token); err != nil {
		b.Fatal(err)
	}
	k := startKeys(b)
	key := newKey(b)
	k.publish("one", key, false)
	jwt := trusting(k, nil)
	for _, bm := range []struct {
		name, token string
		a           *Authenticator
	}{
		{"configured", "token-client500", New(cfg, nil, nil)},
		{"made", text, New(cfg, nil, nil)},
		{"issued", sign(b, jose.RS256, key, "one", issued(k, nil)), jwt},
	} {
		b.Run(bm.name, func(b *testing.B) {
			r := httptest.NewRequest(http.MethodPost, "/mcp", nil)
			r.Header.Set("Authorization", "Bearer "+bm.token)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := bm.a.Identify(r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
