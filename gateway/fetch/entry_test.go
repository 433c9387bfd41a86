package fetch_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/fetch"
)

// archive returns a .tgz with these files.
func archive(t testing.TB, headers ...tar.Header) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, h := range headers {
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		// Zeros compress a thousandfold.
		if _, err := io.CopyN(w, zeros{}, h.Size); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

func regular(name string, size int64) tar.Header {
	return tar.Header{Name: name, Size: size, Mode: 0o644, Typeflag: tar.TypeReg}
}

const wanted = "package/thing"

func TestExtract(t *testing.T) {
	f := newFolder(t)
	f.write("thing", "something older")
	b := archive(t, regular("package/other", 5000), regular("./package/thing", 1000), regular(wanted, 7))
	f.write("archive.tgz", string(b))
	want := make([]byte, 1000)
	e := fetch.Entry{Name: wanted, Size: 1000, Digest: digestOf(t, want)}
	sum, err := e.Extract(t.Context(), filepath.Join(f.dir, "archive.tgz"), f.path())
	if err != nil || sum != hexOf(want) {
		t.Errorf("%s, %v", sum, err)
	}
	f.has(map[string]string{"thing": string(want), "archive.tgz": string(b)})
}

func TestExtractFails(t *testing.T) {
	good := archive(t, regular(wanted, 1000))
	many := make([]tar.Header, 10_001)
	for i := range many {
		many[i] = regular(fmt.Sprint("package/", i), 0)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		name    string
		ctx     context.Context
		archive []byte
		entry   fetch.Entry
		code    bindery.Code
		text    string
	}{
		{"no such file", t.Context(), archive(t, regular("package/other", 9)), fetch.Entry{}, bindery.NotFound, "has no file package/thing"},
		{"a folder", t.Context(), archive(t, tar.Header{Name: wanted, Typeflag: tar.TypeDir}), fetch.Entry{}, bindery.NotFound, "has no file"},
		{"a link", t.Context(), archive(t, tar.Header{Name: wanted, Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}), fetch.Entry{}, bindery.NotFound, "has no file"},
		{"too large", t.Context(), archive(t, regular(wanted, 1001)), fetch.Entry{}, bindery.Limit, "has 1001 bytes in the archive; at most 1000"},
		{"too many", t.Context(), archive(t, many...), fetch.Entry{}, bindery.Limit, "more than 10000 files"},
		{"a bomb", t.Context(), archive(t, regular(wanted, 8<<20)), fetch.Entry{Size: 1 << 30}, bindery.Limit, "more than 100 times its size"},
		{"a bomb before it", t.Context(), archive(t, regular("package/a", 8<<20), regular(wanted, 10)), fetch.Entry{}, bindery.Limit, "more than 100 times its size"},
		{"not compressed", t.Context(), []byte("hello, this is not an archive"), fetch.Entry{}, bindery.Invalid, "read the archive"},
		{"empty", t.Context(), nil, fetch.Entry{}, bindery.Invalid, "unexpected EOF"},
		{"cut", t.Context(), good[:len(good)/2], fetch.Entry{}, bindery.Invalid, "unexpected EOF"},
		{"damaged", t.Context(), bytes.Replace(good, good[20:24], []byte("xxxx"), 1), fetch.Entry{}, bindery.Invalid, "read the archive"},
		{"other bytes", t.Context(), good, fetch.Entry{Digest: digestOf(t, nil)}, bindery.Upstream, "has the digest sha512-"},
		{"cancelled", cancelled, good, fetch.Entry{}, bindery.Cancelled, "canceled"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, from := newFolder(t), newFolder(t)
			from.write("thing", string(c.archive))
			f.write("thing", "old")
			c.entry.Name = wanted
			c.entry.Size = max(c.entry.Size, 1000)
			_, err := c.entry.Extract(c.ctx, from.path(), f.path())
			if bindery.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.text) || !strings.HasPrefix(err.Error(), "unpack package/thing: ") {
				t.Errorf("%v error %v", bindery.CodeOf(err), err)
			}
			f.has(map[string]string{"thing": "old"})
		})
	}
}

func TestExtractHasNoPlace(t *testing.T) {
	f := newFolder(t)
	f.write("thing", string(archive(t, regular(wanted, 10))))
	e := fetch.Entry{Name: wanted, Size: 10}
	for name, paths := range map[string][2]string{
		"no archive": {f.path() + "x", f.path() + "y"},
		"no folder":  {f.path(), f.path() + "/none/x"},
		"a folder":   {f.path(), f.dir},
	} {
		if _, err := e.Extract(t.Context(), paths[0], paths[1]); bindery.CodeOf(err) != bindery.Unavailable {
			t.Errorf("%s: %v error %v", name, bindery.CodeOf(err), err)
		}
	}
}

// Whatever an archive holds, no more comes out of it than was asked for.
func FuzzCopy(f *testing.F) {
	for _, b := range [][]byte{
		nil,
		archive(f, regular(wanted, 100)),
		archive(f, regular("package/other", 3000), regular(wanted, 1000)),
		archive(f, tar.Header{Name: wanted, Typeflag: tar.TypeLink, Linkname: "x"}),
		archive(f, tar.Header{Name: strings.Repeat("long/", 50) + "x", Size: 5, Typeflag: tar.TypeReg, Format: tar.FormatPAX}, regular(wanted, 5)),
		archive(f, regular(wanted, 4<<20)),
	} {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		e := fetch.Entry{Name: wanted, Size: 64 << 10}
		var out bytes.Buffer
		err := e.Copy(&out, bytes.NewReader(b))
		if int64(out.Len()) > e.Size {
			t.Errorf("%d bytes came out", out.Len())
		}
		if err != nil && bindery.CodeOf(err) == bindery.Internal {
			t.Errorf("an error without a code: %v", err)
		}
	})
}

// The same bytes that are not compressed reach further into tar.
func FuzzTar(f *testing.F) {
	for _, b := range [][]byte{archive(f, regular(wanted, 100)), archive(f, regular("package/other", 30), regular(wanted, 10))} {
		z, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			f.Fatal(err)
		}
		plain, err := io.ReadAll(z)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(plain)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var packed, out bytes.Buffer
		z, err := gzip.NewWriterLevel(&packed, gzip.NoCompression)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := z.Write(b); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		e := fetch.Entry{Name: wanted, Size: 64 << 10}
		err = e.Copy(&out, &packed)
		if int64(out.Len()) > e.Size {
			t.Errorf("%d bytes came out", out.Len())
		}
		if err != nil && bindery.CodeOf(err) == bindery.Internal {
			t.Errorf("an error without a code: %v", err)
		}
	})
}
