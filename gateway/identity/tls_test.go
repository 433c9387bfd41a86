package identity

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery/gateway/config"
)

// authority signs certificates.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  []byte
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := new(authority)
	template := &x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign, Subject: pkix.Name{CommonName: "CA"}}
	a.cert, a.key, a.pem, _ = a.sign(t, template)
	return a
}

func (a *authority) sign(t *testing.T, template *x509.Certificate) (*x509.Certificate, *ecdsa.PrivateKey, []byte, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	template.SerialNumber, template.NotBefore, template.NotAfter = serial, time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return cert, key, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
}

// issue writes a certificate and its key to files.
func (a *authority) issue(t *testing.T, dir string, template *x509.Certificate) (cert, key string) {
	t.Helper()
	_, _, certPEM, keyPEM := a.sign(t, template)
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	write(t, cert, certPEM)
	write(t, key, keyPEM)
	return cert, key
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func forServer() *x509.Certificate {
	return &x509.Certificate{DNSNames: []string{"localhost"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
}

func TestCertificatesOfClients(t *testing.T) {
	ours, theirs, dir := newAuthority(t), newAuthority(t), t.TempDir()
	cfg := config.TLS{ClientCA: filepath.Join(dir, "ca.pem")}
	write(t, cfg.ClientCA, ours.pem)
	cfg.Cert, cfg.Key = ours.issue(t, dir, forServer())
	server, err := NewServer(cfg)
	if err != nil {
		t.Fatal(err)
	}
	token, err := config.ParseValue("token-of-ci")
	if err != nil {
		t.Fatal(err)
	}
	a := New(&config.Config{TLS: cfg, Clients: map[string]config.Client{
		"ann": {Certificates: []string{"CN=ann"}}, "build": {Certificates: []string{"spiffe://example.com/build", "build.example.com"}},
		"ci": {Token: config.Secret{Value: token}},
	}}, nil, nil)
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, err := a.Identify(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		_, _ = io.WriteString(w, who.Client)
	}))
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.Listener = tls.NewListener(srv.Listener, server.Config())
	srv.Start()
	t.Cleanup(srv.Close)

	// ask returns the answer of a new connection, or "" if there is none.
	ask := func(by *authority, template *x509.Certificate, token string) string {
		t.Helper()
		roots := x509.NewCertPool()
		roots.AddCert(ours.cert)
		c := &tls.Config{RootCAs: roots, ServerName: "localhost"}
		if by != nil {
			template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
			_, _, certPEM, keyPEM := by.sign(t, template)
			pair, err := tls.X509KeyPair(certPEM, keyPEM)
			if err != nil {
				t.Fatal(err)
			}
			// As a hostile client would: whatever the server says it accepts.
			c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &pair, nil }
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+srv.Listener.Addr().String(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if token != "" {
			req.Header.Set("Authorization", "Bearer "+token)
		}
		resp, err := (&http.Client{Transport: &http.Transport{TLSClientConfig: c, DisableKeepAlives: true}}).Do(req)
		if err != nil {
			return ""
		}
		defer func() { _ = resp.Body.Close() }()
		data, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	named := func(name string) *x509.Certificate { return &x509.Certificate{Subject: pkix.Name{CommonName: name}} }
	spiffe := &url.URL{Scheme: "spiffe", Host: "example.com", Path: "/build"}
	const nobody, stranger = "the gateway wants to know who is calling\n", "the certificate is no client's\n"
	for name, tc := range map[string]struct{ got, want string }{
		"common name":           {ask(ours, named("ann"), ""), "ann"},
		"URI":                   {ask(ours, &x509.Certificate{URIs: []*url.URL{spiffe}, Subject: pkix.Name{CommonName: "ann"}}, ""), "build"},
		"DNS name":              {ask(ours, &x509.Certificate{DNSNames: []string{"x", "build.example.com"}}, ""), "build"},
		"no such name":          {ask(ours, named("build.example.com"), ""), stranger},
		"another authority":     {ask(theirs, named("ann"), ""), ""},
		"none":                  {ask(nil, nil, ""), nobody},
		"none and a token":      {ask(nil, nil, "token-of-ci"), "ci"},
		"both":                  {ask(ours, named("ann"), "token-of-ci"), "ci"},
		"one and a wrong token": {ask(ours, named("ann"), "token-of-nobody"), "the token is unknown\n"},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: %q, want %q", name, tc.got, tc.want)
		}
	}

	// Other files count from the next connection on; files that are not right do
	// not count at all.
	write(t, cfg.ClientCA, theirs.pem)
	cfg.Require = true
	if err := server.Reload(cfg); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct{ got, want string }{
		"the authority of before": {ask(ours, named("ann"), ""), ""},
		"the one of now":          {ask(theirs, named("ann"), ""), "ann"},
		"a token alone":           {ask(nil, nil, "token-of-ci"), ""},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: %q, want %q", name, tc.got, tc.want)
		}
	}
	write(t, cfg.Key, []byte("nonsense"))
	if err := server.Reload(cfg); err == nil {
		t.Error("a key that is none was taken")
	}
	if got := ask(theirs, named("ann"), ""); got != "ann" {
		t.Errorf("after that: %q", got)
	}
}
