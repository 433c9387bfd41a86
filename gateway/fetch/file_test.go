package fetch_test

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/fetch"
)

func discard() *log.Logger { return log.New(io.Discard, "", 0) }

func TestAddress(t *testing.T) {
	good := fileOf(t, "", content(10))
	for url, text := range map[string]string{
		"http://example.org/thing":       "must be https",
		"http://127.0.0.1.example.org/x": "must be https",
		"http://10.0.0.1/x":              "must be https",
		"file:///etc/passwd":             "names no host",
		"ftp://example.org/x":            "must be https",
		"thing":                          "names no host",
		"https://user:secret@[/x":        "is no URL",
	} {
		f := newFolder(t)
		file := good
		file.URL = url
		err := file.Download(t.Context(), f.path(), fetch.Options{})
		if bindery.CodeOf(err) != bindery.Invalid || !strings.Contains(err.Error(), text) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v error %v", url, bindery.CodeOf(err), err)
		}
		f.has(nil)
	}
	for name, file := range map[string]fetch.File{
		"no size":   {URL: "https://example.org/thing", Digest: good.Digest},
		"no digest": {URL: "https://example.org/thing", Size: 10},
	} {
		err := file.Download(t.Context(), newFolder(t).path(), fetch.Options{})
		if bindery.CodeOf(err) != bindery.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestRedirects begins at /n, which sends on n times.
func TestRedirects(t *testing.T) {
	b := content(1000)
	hop := func(w http.ResponseWriter, r *http.Request) {
		left, err := strconv.Atoi(r.URL.Path[1:])
		if err != nil || left == 0 {
			ranges(b, "")(w, r)
			return
		}
		http.Redirect(w, r, fmt.Sprintf("/%d", left-1), http.StatusFound)
	}
	plain := httptest.NewServer(http.HandlerFunc(hop))
	defer plain.Close()
	secure := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/down":
			http.Redirect(w, r, plain.URL+"/0", http.StatusFound)
		case "/out":
			http.Redirect(w, r, "http://example.org/thing", http.StatusFound)
		default:
			hop(w, r)
		}
	}))
	defer secure.Close()
	for url, text := range map[string]string{
		plain.URL + "/5":     "",
		secure.URL + "/5":    "",
		plain.URL + "/6":     "more than 5 times",
		secure.URL + "/down": "it is not https",
		secure.URL + "/out":  "must be https",
	} {
		f := newFolder(t)
		f.write("thing.part", string(b[:10]))
		err := fileOf(t, url, b).Download(t.Context(), f.path(), fetch.Options{Client: secure.Client()})
		switch {
		case text == "" && err == nil:
			f.has(all(b))
		case text == "", bindery.CodeOf(err) != bindery.Upstream, !strings.Contains(err.Error(), text):
			t.Errorf("%s: %v error %v", url, bindery.CodeOf(err), err)
		}
	}
}

func TestParseDigest(t *testing.T) {
	const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	for _, text := range []string{
		"sha256:" + empty,
		"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
		"sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==",
	} {
		if d, err := fetch.ParseDigest(text); err != nil || d.String() != text {
			t.Errorf("%s: %v, %v", text, d, err)
		}
	}
	for _, text := range []string{"", empty, "md5:00", "sha256:00", "sha256-" + empty, "sha512:" + empty, "sha256:" + empty[1:] + "x", "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="} {
		if d, err := fetch.ParseDigest(text); err == nil || d.String() != "" {
			t.Errorf("%s: %v", text, d)
		}
	}
}

func TestVerify(t *testing.T) {
	f, b := newFolder(t), content(1000)
	f.write("thing", string(b))
	if err := digestOf(t, b).Verify(t.Context(), f.path(), 1000); err != nil {
		t.Error(err)
	}
	for name, err := range map[string]error{
		"size":   digestOf(t, b).Verify(t.Context(), f.path(), 999),
		"digest": digestOf(t, b[1:]).Verify(t.Context(), f.path(), 1000),
		"none":   fetch.Digest{}.Verify(t.Context(), f.path(), 1000),
		"folder": digestOf(t, b).Verify(t.Context(), f.dir, 1000),
		"file":   digestOf(t, b).Verify(t.Context(), f.path()+"x", 1000),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
