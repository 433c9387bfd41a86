//go:build unix

package main_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// certify writes a certificate that signs itself, and its key.
func certify(t *testing.T, dir, name string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{name}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	for file, data := range map[string][]byte{"cert.pem": cert, "key.pem": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})} {
		if err := os.WriteFile(filepath.Join(dir, file), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(cert)
	return pool
}

// The gateway speaks HTTPS, and takes another certificate on SIGHUP.
func TestServesHTTPS(t *testing.T) {
	dir := t.TempDir()
	first := certify(t, dir, "one.example")
	cfg := "mcpServers: {}\nclients: {ci: {}}\ntls: {cert: cert.pem, key: key.pem}\n"
	if err := os.WriteFile(filepath.Join(dir, "bindery.yaml"), []byte(cfg), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join(binDir, "bindery"), "serve", "--listen", "127.0.0.1:0")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "XDG_CACHE_HOME="+filepath.Join(dir, "cache"), "HOME="+dir)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stderr)
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_, _ = io.Copy(io.Discard, stderr)
		_ = cmd.Wait()
	})
	said := func(text string) string {
		t.Helper()
		for lines.Scan() {
			if _, rest, ok := strings.Cut(lines.Text(), text); ok {
				return rest
			}
		}
		t.Fatalf("the gateway has ended before it said %q", text)
		return ""
	}
	address, ok := strings.CutSuffix(said("listening on https://"), "/mcp")
	if !ok {
		t.Fatal(address)
	}
	ask := func(name string, trusted *x509.CertPool, version int) (*http.Response, error) {
		tr := &http.Transport{DisableKeepAlives: true, ForceAttemptHTTP2: version == 2, TLSClientConfig: &tls.Config{RootCAs: trusted, ServerName: name}}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+address+"/mcp", strings.NewReader("{}"))
		if err != nil {
			return nil, err
		}
		resp, err := (&http.Client{Transport: tr}).Do(req)
		if err == nil {
			_ = resp.Body.Close()
		}
		return resp, err
	}
	for version := 1; version <= 2; version++ {
		resp, err := ask("one.example", first, version)
		if err != nil || resp.StatusCode != http.StatusUnauthorized || resp.ProtoMajor != version || resp.Header.Get("WWW-Authenticate") != "Bearer" {
			t.Fatalf("HTTP/%d: %+v, %v", version, resp, err)
		}
	}
	second := certify(t, dir, "two.example")
	if err := cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	said("read the configuration again")
	if _, err := ask("two.example", second, 2); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "key.pem"), []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	said("the configuration stays as it was: read the certificates")
	if _, err := ask("two.example", second, 2); err != nil {
		t.Error(err)
	}
}
