package oauth

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"crypto"

	"github.com/modelcontextprotocol/go-sdk/oauthex"
)

// A server must not send the gateway to this machine, nor anywhere in the clear.
func TestPermitted(t *testing.T) {
	tests := []struct {
		url, server string
		ok          bool
	}{
		{"https://login.example.com", "https://mcp.example.com/mcp", true},
		{"http://login.example.com", "https://mcp.example.com/mcp", false},
		{"https://127.0.0.1/x", "https://mcp.example.com/mcp", false},
		{"http://localhost:80/x", "https://mcp.example.com/mcp", false},
		{"https://[::1]/x", "https://mcp.example.com/mcp", false},
		{"https://LocalHost./x", "https://mcp.example.com/mcp", false},
		{"https://127.0.0.1:/x", "https://mcp.example.com/mcp", false},
		{"https://[::ffff:127.0.0.1]/x", "https://mcp.example.com/mcp", false},
		{"https://login.example.com@mcp.example.com/x", "https://mcp.example.com/mcp", false},
		{"ftp://127.0.0.1:9/x", "http://127.0.0.1:8/mcp", false},
		{"http://127.0.0.1:9/x", "http://127.0.0.1:8/mcp", true},
		{"javascript:alert(1)", "http://127.0.0.1:8/mcp", false},
		{"file:///etc/passwd", "http://127.0.0.1:8/mcp", false},
		{"", "http://127.0.0.1:8/mcp", false},
	}
	for _, tt := range tests {
		server, err := url.Parse(tt.server)
		if err != nil {
			t.Fatal(err)
		}
		if err := permitted(tt.url, server); (err == nil) != tt.ok {
			t.Errorf("%s of %s: %v", tt.url, tt.server, err)
		}
	}
}

func TestAccept(t *testing.T) {
	tests := []struct {
		resource, server, configured string
		ok                           bool
	}{
		{"https://a.example/mcp", "https://a.example/mcp", "", true},
		{"https://a.example", "https://a.example/mcp", "", true},
		{"https://a.example/", "https://a.example/mcp/x", "", true},
		{"https://a.example/mcp/", "https://a.example/mcp", "", true},
		{"https://a.example/mc", "https://a.example/mcp", "", false},
		{"https://a.example/mcp/deep", "https://a.example/mcp", "", false},
		{"https://b.example/mcp", "https://a.example/mcp", "", false},
		{"http://a.example/mcp", "https://a.example/mcp", "", false},
		{"https://a.example:8443/mcp", "https://a.example/mcp", "", false},
		{"https://a.example/mcp", "wss://a.example/mcp", "", true},
		{"urn:mcp", "https://a.example/mcp", "urn:mcp", true},
		{"https://a.example/mcp", "https://a.example/mcp", "urn:mcp", false},
	}
	for _, tt := range tests {
		c := &Config{URL: tt.server, Resource: tt.configured}
		target, err := c.target()
		if err != nil {
			t.Fatal(err)
		}
		err = c.accept(&resourceMetadata{Resource: tt.resource, Issuers: []string{"https://i.example"}}, target)
		if (err == nil) != tt.ok {
			t.Errorf("%s for %s (%q): %v", tt.resource, tt.server, tt.configured, err)
		}
	}
}

func TestCheckIssuer(t *testing.T) {
	const issuer = "https://i.example"
	tests := []struct {
		iss       string
		promised  bool
		ok        bool
		parameter bool
	}{
		{iss: issuer, promised: true, ok: true}, {iss: issuer, ok: true}, {iss: "", ok: true},
		{iss: "", promised: true}, {iss: issuer + "/", promised: true}, {iss: "https://evil.example"}, {iss: "https://evil.example", promised: true},
	}
	for _, tt := range tests {
		m := &oauthex.AuthServerMeta{Issuer: issuer, AuthorizationResponseIssParameterSupported: tt.promised}
		if err := checkIssuer(url.Values{"iss": {tt.iss}}, m); (err == nil) != tt.ok {
			t.Errorf("%+v: %v", tt, err)
		}
	}
}

// Only an authorization server that does PKCE with S256 is asked for anything.
func TestWithoutPKCE(t *testing.T) {
	for methods, ok := range map[string]bool{`["S256"]`: true, `["plain"]`: false, `["plain","S256"]`: true} {
		var srv *httptest.Server
		srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			switch {
			case strings.HasPrefix(r.URL.Path, "/.well-known/oauth-protected-resource"):
				fmt.Fprintf(w, `{"resource":"%[1]s","authorization_servers":["%[1]s"]}`, srv.URL)
			default:
				fmt.Fprintf(w, `{"issuer":"%[1]s","authorization_endpoint":"%[1]s/a","token_endpoint":"%[1]s/t","code_challenge_methods_supported":%[2]s}`, srv.URL, methods)
			}
		}))
		client := newClient()
		_, err := (&Config{Server: "x", URL: srv.URL}).discover(t.Context(), client, Challenge{})
		if (err == nil) != ok {
			t.Errorf("%s: %v", methods, err)
		}
		client.CloseIdleConnections()
		srv.Close()
	}
}

// The browser's way back takes the answer to this login and no other.
func TestComeback(t *testing.T) {
	b, err := newReturn(0, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer b.close()
	get := func(path string) int {
		w := httptest.NewRecorder()
		b.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, http.NoBody))
		return w.Code
	}
	for _, path := range []string{"/", "/callback", "/callback?code=x", "/callback?code=x&state=y", "/other?state=" + b.state} {
		if code := get(path); code != http.StatusNotFound {
			t.Errorf("%s: %d", path, code)
		}
	}
	for range 3 {
		if code := get("/callback?code=good&state=" + b.state); code != http.StatusOK {
			t.Errorf("got %d", code)
		}
	}
	if q, err := b.wait(t.Context()); err != nil || q.Get("code") != "good" {
		t.Errorf("got %v, %v", q, err)
	}
}

func TestAssertion(t *testing.T) {
	ec, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	rs, _ := rsa.GenerateKey(rand.Reader, 2048)
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	for _, key := range []any{ec, rs, ed} {
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		signer, err := readKey(string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
		if err != nil {
			t.Fatal(err)
		}
		text, err := assertion(signer, "me", "https://i.example", time.Now())
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(text, ".")
		signature, _ := base64.RawURLEncoding.DecodeString(parts[2])
		signed := []byte(parts[0] + "." + parts[1])
		sum := sha256.Sum256(signed)
		var ok bool
		switch key := key.(type) {
		case *ecdsa.PrivateKey:
			ok = ecdsa.Verify(&key.PublicKey, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:]))
		case *rsa.PrivateKey:
			ok = rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, sum[:], signature) == nil
		case ed25519.PrivateKey:
			public, _ := key.Public().(ed25519.PublicKey)
			ok = ed25519.Verify(public, signed, signature)
		}
		if !ok {
			t.Errorf("the signature of a %T is wrong", key)
		}
	}
	for _, bad := range []string{"", "x", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")}))} {
		if _, err := readKey(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

// Neither a token nor the way to one is shown by any way of printing.
func TestPrinting(t *testing.T) {
	const hidden = "s3cr3t-value"
	c := Config{Server: "x", ClientID: hidden, ClientSecret: hidden, PrivateKey: hidden, URL: hidden}
	tok := Token{Access: hidden, Refresh: hidden, ClientSecret: hidden}
	for _, v := range []any{c, &c, tok, &tok} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
			if got := fmt.Sprintf(verb, v); strings.Contains(got, hidden) {
				t.Errorf("%s shows %s", verb, got)
			}
		}
	}
	if got, _ := json.Marshal(map[string]any{"c": c}); strings.Contains(string(got), hidden) {
		t.Errorf("JSON shows %s", got)
	}
}

func FuzzReadChallenge(f *testing.F) {
	f.Add(`Bearer realm="x", error="insufficient_scope", scope="a b", resource_metadata="https://a.example"`)
	f.Add(`Basic realm="x", Bearer`)
	f.Add(`Bearer scope="`)
	f.Fuzz(func(t *testing.T, text string) {
		c := ReadChallenge(http.Header{"Www-Authenticate": {text, text}})
		if len(c.scopes) > maxScopes {
			t.Errorf("%d scopes", len(c.scopes))
		}
	})
}

func FuzzPasted(f *testing.F) {
	b := &comeback{uri: "http://127.0.0.1:1/callback", state: "s"}
	f.Add("http://127.0.0.1:1/callback?state=s&code=x")
	f.Add("?state=s")
	f.Fuzz(func(t *testing.T, text string) {
		if q, err := b.parse(text); err == nil && q.Get("state") != "s" {
			t.Errorf("took %q", text)
		}
	})
}
