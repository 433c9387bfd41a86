package fetch_test

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"math/rand"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery/gateway/fetch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// content is a file that cannot be mistaken for a piece of itself.
func content(size int) []byte {
	b := make([]byte, size)
	r := rand.New(rand.NewSource(int64(size)))
	_, _ = r.Read(b)
	return b
}

func digestOf(t testing.TB, b []byte) fetch.Digest {
	t.Helper()
	sum := sha512.Sum512(b)
	return digest(t, "sha512-"+base64.StdEncoding.EncodeToString(sum[:]))
}

func hexOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func digest(t testing.TB, text string) fetch.Digest {
	t.Helper()
	d, err := fetch.ParseDigest(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// fileOf describes b as it is served at url.
func fileOf(t testing.TB, url string, b []byte) fetch.File {
	t.Helper()
	return fetch.File{URL: url, Size: int64(len(b)), Digest: digestOf(t, b)}
}

// serve answers every request with h, until the test ends.
func serve(t testing.TB, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL + "/thing.tgz"
}

// ranges serves b as web servers serve files, with a tag if it is not empty.
func ranges(b []byte, tag string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if tag != "" {
			w.Header().Set("ETag", tag)
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b))
	}
}

// folder holds what is written, and nothing else.
type folder struct {
	testing.TB
	dir string
}

func newFolder(t testing.TB) folder { return folder{t, t.TempDir()} }

func (f folder) path() string { return filepath.Join(f.dir, "thing") }

func (f folder) write(name, text string) {
	f.Helper()
	if err := os.WriteFile(filepath.Join(f.dir, name), []byte(text), 0o600); err != nil {
		f.Fatal(err)
	}
}

// has compares the files there are.
func (f folder) has(want map[string]string) {
	f.Helper()
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		f.Fatal(err)
	}
	for _, e := range entries {
		got, err := os.ReadFile(filepath.Join(f.dir, e.Name()))
		if text, ok := want[e.Name()]; err != nil || !ok || string(got) != text {
			f.Errorf("%s has %d bytes (%v), want %d", e.Name(), len(got), err, len(text))
		}
	}
	if len(entries) != len(want) {
		f.Errorf("there are %d files, want %d", len(entries), len(want))
	}
}

// all is what the folder has after a download of b.
func all(b []byte) map[string]string { return map[string]string{"thing": string(b)} }
