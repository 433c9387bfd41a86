package fetch

import (
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"strings"
)

// Digest is the SHA-256 or SHA-512 of a file. The zero value is none.
type Digest struct {
	algorithm string
	sum       string // raw bytes, so that digests can be compared
	hex       bool   // how it was written
}

// ParseDigest reads a digest as npm and browsers write it, "sha512-" and
// base64, or as checksum tools do, "sha256:" and hexadecimal digits.
func ParseDigest(text string) (Digest, error) {
	at := strings.IndexAny(text, "-:")
	if at < 0 {
		return Digest{}, fmt.Errorf("%.100q is no digest, such as sha256:<hexadecimal> or sha512-<base64>", text)
	}
	d := Digest{algorithm: text[:at], hex: text[at] == ':'}
	h := d.hash()
	if h == nil {
		return Digest{}, fmt.Errorf("a digest with the algorithm %.20q; there are sha256 and sha512", d.algorithm)
	}
	decode := base64.StdEncoding.DecodeString
	if d.hex {
		decode = hex.DecodeString
	}
	sum, err := decode(text[at+1:])
	if err != nil {
		return Digest{}, fmt.Errorf("the digest %.100q: %w", text, err)
	}
	if len(sum) != h.Size() {
		return Digest{}, fmt.Errorf("a %s of %d bytes; it has %d", d.algorithm, len(sum), h.Size())
	}
	d.sum = string(sum)
	return d, nil
}

// String returns the digest as it was written.
func (d Digest) String() string {
	switch {
	case d.algorithm == "":
		return ""
	case d.hex:
		return d.algorithm + ":" + hex.EncodeToString([]byte(d.sum))
	}
	return d.algorithm + "-" + base64.StdEncoding.EncodeToString([]byte(d.sum))
}

// hash returns a new hash of the digest's kind, nil for a kind that is not
// known.
func (d Digest) hash() hash.Hash {
	switch d.algorithm {
	case "sha256":
		return sha256.New()
	case "sha512":
		return sha512.New()
	}
	return nil
}

// Verify reports why the file at path is not one of this size with this digest.
func (d Digest) Verify(ctx context.Context, path string, size int64) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() != size || !info.Mode().IsRegular() {
		return fmt.Errorf("it is no file of %d bytes", size)
	}
	h := d.hash()
	if h == nil {
		return errors.New("there is no digest to compare it with")
	}
	if _, err := io.Copy(h, &reader{ctx: ctx, r: f}); err != nil {
		return err
	}
	return d.check(h)
}

// check compares what h has summed up.
func (d Digest) check(h hash.Hash) error {
	got := d
	if got.sum = string(h.Sum(nil)); got != d {
		return &mismatchError{want: d, got: got}
	}
	return nil
}

// mismatchError is content that is not the one that was expected.
type mismatchError struct{ want, got Digest }

func (e *mismatchError) Error() string {
	return fmt.Sprintf("what came has the digest %s, and should have %s", e.got, e.want)
}
