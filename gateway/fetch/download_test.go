package fetch_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/fetch"
)

func TestDownload(t *testing.T) {
	b := content(300_000)
	requests := 0
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		requests++
		ranges(b, `"1"`)(w, r)
	})
	f := newFolder(t)
	f.write("thing", "something older")
	var told []int64
	o := fetch.Options{Progress: func(done, total int64) {
		if total != int64(len(b)) {
			t.Errorf("a total of %d", total)
		}
		told = append(told, done)
	}}
	for range 2 { // the second time it is there
		if err := fileOf(t, url, b).Download(t.Context(), f.path(), o); err != nil {
			t.Fatal(err)
		}
		f.has(all(b))
	}
	if requests != 1 {
		t.Errorf("%d requests", requests)
	}
	if told[0] != 0 || told[len(told)-1] != int64(len(b)) {
		t.Errorf("progress went from %d to %d", told[0], told[len(told)-1])
	}
}

// What an earlier download left is used where it can be, and does no harm where
// it cannot.
func TestResume(t *testing.T) {
	b := content(300_000)
	half := string(b[:len(b)/2])
	whole := func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(b) }
	for _, c := range []struct {
		name      string
		part, tag string
		handler   http.HandlerFunc
		asked     []string // the ranges
	}{
		{"the rest by its tag", half, `"1"`, ranges(b, `"1"`), []string{"bytes=150000-"}},
		{"the rest without a tag", half, "", ranges(b, ""), []string{"bytes=150000-"}},
		{"a server without ranges", half, "", whole, []string{"bytes=150000-"}},
		{"another version by its tag", strings.Repeat("x", 1000), `"0"`, ranges(b, `"1"`), []string{"bytes=1000-"}},
		{"another version without a tag", strings.Repeat("x", 1000), "", ranges(b, ""), []string{"bytes=1000-", ""}},
		{"a weak tag is no tag", half, `W/"1"`, ranges(b, ""), []string{"bytes=150000-"}},
		{"a tag that is none", half, strings.Repeat("x", 1<<20), ranges(b, ""), []string{"bytes=150000-"}},
		{"all of it", string(b), "", nil, nil},
		{"all of another", strings.Repeat("x", len(b)), "", whole, []string{""}},
		{"more than all", string(b) + "x", "", whole, []string{""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var asked []string
			url := serve(t, func(w http.ResponseWriter, r *http.Request) {
				asked = append(asked, r.Header.Get("Range"))
				c.handler(w, r)
			})
			f := newFolder(t)
			f.write("thing.part", c.part)
			if c.tag != "" {
				f.write("thing.part.etag", c.tag)
			}
			if err := fileOf(t, url, b).Download(t.Context(), f.path(), fetch.Options{}); err != nil {
				t.Fatal(err)
			}
			f.has(all(b))
			if strings.Join(asked, ",") != strings.Join(c.asked, ",") {
				t.Errorf("asked for %q, want %q", asked, c.asked)
			}
		})
	}
}

// A connection that ends too soon is opened again.
func TestConnectionEnds(t *testing.T) {
	b := content(300_000)
	for name, again := range map[string]http.HandlerFunc{
		"with ranges":    ranges(b, `"1"`),
		"without ranges": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(b) },
	} {
		t.Run(name, func(t *testing.T) {
			first := true
			url := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if !first {
					again(w, r)
					return
				}
				first = false
				w.Header().Set("ETag", `"1"`)
				w.Header().Set("Content-Length", "300000")
				_, _ = w.Write(b[:200_000])
				panic(http.ErrAbortHandler)
			})
			f := newFolder(t)
			if err := fileOf(t, url, b).Download(t.Context(), f.path(), fetch.Options{}); err != nil {
				t.Fatal(err)
			}
			f.has(all(b))
		})
	}
}

// transport answers requests in the process, for tests with a clock of their
// own.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func answering(h http.HandlerFunc) fetch.Options {
	return fetch.Options{Client: &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		h(w, r)
		return w.Result(), nil
	})}}
}

func TestServerRefuses(t *testing.T) {
	b := content(100)
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	for _, c := range []struct {
		name     string
		handler  http.HandlerFunc
		code     bindery.Code
		text     string
		requests int
	}{
		{"no such file", status(404), bindery.NotFound, "no such file (404 Not Found)", 1},
		{"withdrawn", status(410), bindery.NotFound, "(410 Gone)", 1},
		{"a login", status(401), bindery.Denied, "(401 Unauthorized)", 1},
		{"no login", status(403), bindery.Denied, "(403 Forbidden)", 1},
		{"nonsense", status(204), bindery.Upstream, "204 No Content", 1},
		{"busy", status(503), bindery.Unavailable, "(503 Service Unavailable) (tried 4 times)", 4},
		{"too many", status(429), bindery.Unavailable, "(429 Too Many Requests)", 4},
		{"always less", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(b[:50]) }, bindery.Unavailable, "after 50 of 100 bytes", 4},
		{"always another part", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Range", "bytes 7-99/100")
			w.WriteHeader(http.StatusPartialContent)
		}, bindery.Upstream, "another part", 4},
		{"no range", status(416), bindery.Upstream, "no such part", 4},
		{"a length of less", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "50")
		}, bindery.Upstream, "has 50 bytes, and should have 100", 1},
		{"a length of more", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "5000000000")
		}, bindery.Upstream, "has 5000000000 bytes, and should have 100", 1},
		{"a range of more", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Range", "bytes 0-999/1000")
			w.WriteHeader(http.StatusPartialContent)
		}, bindery.Upstream, "has 1000 bytes, and should have 100", 1},
		{"more without a length", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(b)
			_, _ = w.Write(b)
		}, bindery.Upstream, "has more bytes, and should have 100", 1},
		{"other bytes", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 100)) }, bindery.Upstream, "has the digest sha512-", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, file := newFolder(t), fileOf(t, "https://user:secret@example.org/a/thing.tgz?token=secret", b)
			synctest.Test(t, func(t *testing.T) {
				requests := 0
				err := file.Download(t.Context(), f.path(), answering(func(w http.ResponseWriter, r *http.Request) {
					requests++
					c.handler(w, r)
				}))
				if bindery.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.text) {
					t.Errorf("%v error %q", bindery.CodeOf(err), err)
				}
				if !strings.HasPrefix(err.Error(), "download thing.tgz from example.org: ") || strings.Contains(err.Error(), "secret") {
					t.Errorf("the address in %q", err)
				}
				if c.code != bindery.Upstream && bindery.HintOf(err) == "" {
					t.Error("no hint")
				}
				if requests != c.requests {
					t.Errorf("%d requests", requests)
				}
			})
			if c.name == "always less" {
				f.has(map[string]string{"thing.part": string(b[:50])})
			} else {
				f.has(nil)
			}
		})
	}
}

// A download that goes on, if slowly and with interruptions, is not given up.
func TestManyInterruptions(t *testing.T) {
	b := content(2_000_000)
	f, file := newFolder(t), fileOf(t, "https://example.org/thing", b)
	synctest.Test(t, func(t *testing.T) {
		err := file.Download(t.Context(), f.path(), answering(func(w http.ResponseWriter, r *http.Request) {
			whole := httptest.NewRecorder()
			ranges(b, `"1"`)(whole, r)
			for _, name := range []string{"ETag", "Content-Range", "Content-Length"} {
				w.Header().Set(name, whole.Header().Get(name))
			}
			w.WriteHeader(whole.Code)
			_, _ = w.Write(whole.Body.Next(100_000))
		}))
		if err != nil {
			t.Error(err)
		}
	})
	f.has(all(b))
}

// silent is a body that never comes to an end.
type silent struct {
	io.Reader
	ctx context.Context
}

func (s silent) Read(b []byte) (int, error) {
	if n, _ := s.Reader.Read(b); n > 0 {
		return n, nil
	}
	<-s.ctx.Done()
	return 0, s.ctx.Err()
}

func (silent) Close() error { return nil }

func stalling(b []byte) fetch.Options {
	return fetch.Options{Client: &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, ContentLength: -1, Body: silent{bytes.NewReader(b), r.Context()}}, nil
	})}}
}

func TestServerStalls(t *testing.T) {
	b := content(1000)
	f, file := newFolder(t), fileOf(t, "https://example.org/thing", b)
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		err := file.Download(t.Context(), f.path(), stalling(b[:10]))
		if bindery.CodeOf(err) != bindery.Unavailable || !strings.Contains(err.Error(), "sent nothing for 30s") {
			t.Errorf("%v error %v", bindery.CodeOf(err), err)
		}
		if d := time.Since(start); d > 3*time.Minute {
			t.Errorf("it took %v", d)
		}
	})
	f.has(map[string]string{"thing.part": string(b[:10])})
}

func TestCancel(t *testing.T) {
	b := content(1000)
	for name, c := range map[string]struct {
		with func(context.Context) (context.Context, context.CancelFunc)
		code bindery.Code
	}{
		"cancelled": {context.WithCancel, bindery.Cancelled},
		"too late": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Second)
		}, bindery.Timeout},
	} {
		t.Run(name, func(t *testing.T) {
			f, file := newFolder(t), fileOf(t, "https://example.org/thing", b)
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := c.with(t.Context())
				defer cancel()
				o := stalling(b[:10])
				o.Progress = func(done, _ int64) {
					if done > 0 && c.code == bindery.Cancelled {
						cancel()
					}
				}
				if err := file.Download(ctx, f.path(), o); bindery.CodeOf(err) != c.code {
					t.Errorf("%v error %v", bindery.CodeOf(err), err)
				}
			})
			f.has(map[string]string{"thing.part": string(b[:10])})
		})
	}
}

func TestNoNetwork(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + l.Addr().String() + "/thing"
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	f := newFolder(t)
	err = fileOf(t, url, content(10)).Download(t.Context(), f.path(), fetch.Options{})
	if bindery.CodeOf(err) != bindery.Unavailable || !errors.Is(err, syscall.ECONNREFUSED) || !strings.Contains(bindery.HintOf(err), "check the network") {
		t.Errorf("%v error %v", bindery.CodeOf(err), err)
	}
	f.has(nil)
}

// A server that nobody vouches for is not asked for anything.
func TestCertificate(t *testing.T) {
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog = discard()
	s.StartTLS()
	defer s.Close()
	f := newFolder(t)
	err := fileOf(t, s.URL+"/thing", content(10)).Download(t.Context(), f.path(), fetch.Options{})
	if bindery.CodeOf(err) != bindery.Unavailable || !strings.Contains(bindery.HintOf(err), "SSL_CERT_FILE") {
		t.Errorf("%v error %v", bindery.CodeOf(err), err)
	}
	f.has(nil)
}

func TestFolderIsMissing(t *testing.T) {
	f := newFolder(t)
	b := content(10)
	err := fileOf(t, serve(t, ranges(b, "")), b).Download(t.Context(), f.path()+"/none/thing", fetch.Options{})
	if bindery.CodeOf(err) != bindery.Unavailable || !strings.Contains(bindery.HintOf(err), "folder") {
		t.Errorf("%v error %v", bindery.CodeOf(err), err)
	}
}
