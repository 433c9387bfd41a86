package fetch

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"

	"github.com/bindery-mcp/bindery/internal/loopback"
)

// maxRedirects is how often a server may send on to another address.
const maxRedirects = 5

// File is a file on the network, and what it is known by.
type File struct {
	// URL is https, or http on this machine.
	URL string
	// Size is its length in bytes.
	Size int64
	// Digest is what it must have.
	Digest Digest
}

func (f File) check() (*url.URL, error) {
	if f.Size <= 0 || f.Digest == (Digest{}) {
		return nil, errors.New("a file without a size and a digest could be anything")
	}
	u, err := url.Parse(f.URL)
	if err != nil {
		// The text of err has the address, which may have a password.
		return nil, errors.New("the address is no URL")
	}
	return u, allowed(u)
}

// allowed reports what is wrong with an address. A digest would tell bytes that
// were changed on the way, but not keep the way from being watched.
func allowed(u *url.URL) error {
	switch {
	case u.Host == "":
		return errors.New("the address names no host")
	case u.Scheme == "https", u.Scheme == "http" && loopback.Host(u.Host):
		return nil
	}
	return fmt.Errorf("the address is %.20s://%.100s, and must be https", u.Scheme, u.Host)
}

// name is what errors call the file: its address without what may be secret.
func (f File) name() string {
	u, err := url.Parse(f.URL)
	if err != nil || u.Host == "" {
		return "a file"
	}
	return fmt.Sprintf("%.100s from %.100s", path.Base(u.EscapedPath()), u.Host)
}

// following returns a client that is like c and follows a server only so far.
func following(c *http.Client) *http.Client {
	if c == nil {
		c = http.DefaultClient
	}
	bounded := *c
	bounded.CheckRedirect = func(req *http.Request, via []*http.Request) error {
		if len(via) > maxRedirects {
			return final{fmt.Errorf("the server sends on to other addresses more than %d times", maxRedirects)}
		}
		err := allowed(req.URL)
		if err == nil && via[0].URL.Scheme == "https" && req.URL.Scheme != "https" {
			err = errors.New("it is not https")
		}
		if err != nil {
			return final{fmt.Errorf("the server sends on to another address: %w", err)}
		}
		return nil
	}
	return &bounded
}
