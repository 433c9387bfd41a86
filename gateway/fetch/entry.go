package fetch

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"

	"github.com/bindery-mcp/bindery"
)

// Bounds of an archive.
const (
	maxEntries = 10_000
	// maxRatio is how many bytes one of the archive may become, once there are
	// more than minRatio. Programs become two to five; only what was made to
	// fill a disk becomes hundreds.
	maxRatio = 100
	minRatio = 1 << 20
)

// Entry is a file in an archive, a tar compressed with gzip.
type Entry struct {
	// Name is its path in the archive, with slashes.
	Name string
	// Size is the most bytes that it may have.
	Size int64
	// Digest is what it must have; the zero value for none.
	Digest Digest
}

// Extract writes the entry of the archive to the file at path, and returns the
// entry's SHA-256 in hexadecimal digits.
func (e Entry) Extract(ctx context.Context, archive, path string) (sum string, err error) {
	fail := func(err error) (string, error) {
		out := &bindery.Error{Code: bindery.CodeOf(err), Op: "unpack " + e.Name, Err: err}
		switch {
		case ctx.Err() != nil:
			out.Code, out.Err = bindery.Cancelled, ctx.Err()
		case errors.As(err, new(*mismatchError)):
			out.Code, out.Hint = bindery.Upstream, "nothing was kept; the archive is not the one that was published"
		}
		return "", out
	}
	in, err := os.Open(archive)
	if err != nil {
		return fail(local(err))
	}
	defer in.Close()
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return fail(local(err))
	}
	defer func() {
		if err != nil {
			_ = f.Close() // closed already, or of no more use
			_ = os.Remove(f.Name())
		}
	}()
	h := sha256.New()
	dst := io.MultiWriter(f, h)
	check := e.Digest.hash()
	if check != nil {
		dst = io.MultiWriter(f, h, check)
	}
	if err := e.Copy(dst, &reader{ctx: ctx, r: in}); err != nil {
		return fail(err)
	}
	if check != nil {
		if err := e.Digest.check(check); err != nil {
			return fail(err)
		}
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fail(local(err))
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fail(local(err))
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Copy writes the entry of the archive to dst. It checks the bounds, and not
// the digest: what it has written when it fails is of no use.
func (e Entry) Copy(dst io.Writer, archive io.Reader) error {
	in := &reader{ctx: context.Background(), r: archive}
	z, err := gzip.NewReader(in)
	if err != nil {
		return unreadable(err)
	}
	files := tar.NewReader(&inflated{r: z, in: in})
	for range maxEntries {
		h, err := files.Next()
		switch {
		case errors.Is(err, io.EOF):
			return &bindery.Error{Code: bindery.NotFound, Err: fmt.Errorf("the archive has no file %s", e.Name)}
		case err != nil:
			return unreadable(err)
		case path.Clean(h.Name) != e.Name || h.Typeflag != tar.TypeReg:
			continue
		case h.Size > e.Size:
			return &bindery.Error{Code: bindery.Limit, Err: fmt.Errorf("the file has %d bytes in the archive; at most %d are taken", h.Size, e.Size)}
		}
		if _, err := io.CopyN(dst, files, h.Size); err != nil {
			return unreadable(err)
		}
		return nil
	}
	return &bindery.Error{Code: bindery.Limit, Err: fmt.Errorf("the archive has more than %d files", maxEntries)}
}

func unreadable(err error) error {
	if errors.As(err, new(*bindery.Error)) || errors.As(err, new(*os.PathError)) {
		return local(err)
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return &bindery.Error{Code: bindery.Invalid, Err: fmt.Errorf("read the archive: %w", err)}
}

// inflated is what an archive becomes, and refuses to become too much.
type inflated struct {
	r  io.Reader
	in *reader
	n  int64
}

func (i *inflated) Read(b []byte) (int, error) {
	n, err := i.r.Read(b)
	i.n += int64(n)
	if i.n > minRatio && i.n > i.in.n*maxRatio {
		return 0, &bindery.Error{Code: bindery.Limit, Err: fmt.Errorf("the archive becomes more than %d times its size", maxRatio)}
	}
	return n, err
}
