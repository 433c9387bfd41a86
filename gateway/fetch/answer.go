package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/bindery-mcp/bindery"
)

// temporary is an error that another attempt may not meet.
type temporary struct{ error }

func (e temporary) Unwrap() error { return e.error }

func isTemporary(err error) bool { return errors.As(err, new(temporary)) }

// final is an error of a request that would be the same again.
type final struct{ error }

func (e final) Unwrap() error { return e.error }

// unreachable is the error of a request without an answer. Its address is left
// out of it: it may have a password.
func (d *download) unreachable(ctx context.Context, err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	if e, ok := errors.AsType[final](err); ok {
		return &bindery.Error{Code: bindery.Upstream, Err: e}
	}
	if e, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return &bindery.Error{
			Code: bindery.Unavailable, Err: fmt.Errorf("the server does not prove who it is: %w", e.Err),
			Hint: "where a proxy opens connections, name the file with its certificate in SSL_CERT_FILE",
		}
	}
	out := &bindery.Error{
		Code: bindery.Unavailable, Err: err,
		Hint: "check the network, and HTTPS_PROXY where there is a proxy; " + resumable,
	}
	// A machine without a network learns so at once; one that lost it on the
	// way may have it again in a moment.
	if e, ok := errors.AsType[*net.OpError](err); ok && (e.Op == "dial" || e.Op == "proxyconnect") && !d.reached {
		return out
	}
	return temporary{out}
}

// accept looks at the answer to [download.ask] before its body is read, and
// makes the part fit it.
func (d *download) accept(resp *http.Response) error {
	begin, total := int64(0), resp.ContentLength
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusPartialContent:
		var err error
		if begin, total, err = contentRange(resp.Header.Get("Content-Range")); err != nil || begin != d.part.size {
			if e := d.part.reset(); e != nil {
				return local(e)
			}
			return temporary{&bindery.Error{Code: bindery.Upstream, Err: errors.New("the server answered with another part of the file than it was asked for")}}
		}
	case http.StatusRequestedRangeNotSatisfiable:
		if err := d.part.reset(); err != nil {
			return local(err)
		}
		return temporary{&bindery.Error{Code: bindery.Upstream, Err: errors.New("the server has no such part of the file")}}
	default:
		return refused(resp)
	}
	if total >= 0 && total != d.Size {
		return d.wrongSize(fmt.Sprint(total))
	}
	if begin == 0 {
		if err := d.part.reset(); err != nil {
			return local(err)
		}
	}
	d.part.pieced = begin > 0
	if err := d.part.remember(strongTag(resp.Header.Get("ETag"))); err != nil {
		return local(err)
	}
	return nil
}

// contentRange reads "bytes 5-9/10"; total is -1 if the server does not know.
func contentRange(text string) (begin, total int64, err error) {
	text = strings.Replace(text, "/*", "/-1", 1)
	var end int64
	n, err := fmt.Sscanf(text, "bytes %d-%d/%d", &begin, &end, &total)
	if err != nil || n != 3 || begin < 0 || end < begin || total >= 0 && end >= total {
		return 0, 0, fmt.Errorf("the range %.100q", text)
	}
	return begin, total, nil
}

// maxTag bounds what is kept of a server's name for a version of the file.
const maxTag = 256

// strongTag returns the tag if equal tags mean equal bytes: of no other does a
// server send the rest.
func strongTag(tag string) string {
	if len(tag) < 3 || len(tag) > maxTag || tag[0] != '"' || tag[len(tag)-1] != '"' || strings.ContainsAny(tag, "\r\n") {
		return ""
	}
	return tag
}

func (d *download) wrongSize(got string) error {
	return &bindery.Error{
		Code: bindery.Upstream, Err: fmt.Errorf("what is served has %s bytes, and should have %d", got, d.Size),
		Hint: "what is served there is not the file that was published; check where it is served from",
	}
}

// refused is the error of an answer without the file.
func refused(resp *http.Response) error {
	status := fmt.Sprintf("%d %s", resp.StatusCode, http.StatusText(resp.StatusCode))
	switch code := resp.StatusCode; {
	case code == http.StatusNotFound, code == http.StatusGone:
		return &bindery.Error{
			Code: bindery.NotFound, Err: errors.New("the server has no such file (" + status + ")"),
			Hint: "it may have been withdrawn, or a mirror may lack it; get it elsewhere",
		}
	case code == http.StatusUnauthorized, code == http.StatusForbidden, code == http.StatusProxyAuthRequired:
		return &bindery.Error{
			Code: bindery.Denied, Err: errors.New("the server does not give the file to everybody (" + status + ")"),
			Hint: "get it with a program that is logged in there",
		}
	case code == http.StatusRequestTimeout, code == http.StatusTooManyRequests, code >= 500:
		return temporary{&bindery.Error{
			Code: bindery.Unavailable, Err: errors.New("the server cannot serve now (" + status + ")"), Hint: "try again later",
		}}
	}
	return &bindery.Error{Code: bindery.Upstream, Err: errors.New("the server answered " + status)}
}
