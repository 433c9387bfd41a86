package web

import (
	"context"
	"io"
	"net/http"
	"net/url"
)

// Authorizer gives requests a credential that changes with time.
type Authorizer interface {
	// Authorization returns the header's value, "" if there is none to send.
	Authorization(ctx context.Context) (string, error)
	// Refused is told of an answer 401 or 403 to a request with what
	// Authorization gave, and says whether it is worth making again. It does not
	// read the body. Again says that this was done once already.
	Refused(ctx context.Context, sent string, resp *http.Response, again bool) (retry bool, err error)
}

// CredentialError is a request that lacks a credential. The server has not acted
// on it.
type CredentialError struct {
	Err error
	// Forbidden says that there is one, and that it does not reach.
	Forbidden bool
}

func (e *CredentialError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *CredentialError) Unwrap() error { return e.Err }

// Through returns the way that requests to the server take: t, after which comes
// the authorizer if there is one.
func (s Server) Through(t *http.Transport) http.RoundTripper {
	if s.Auth == nil {
		return t
	}
	return authorized{s.URL, s.Auth, t}
}

type authorized struct {
	server *url.URL
	auth   Authorizer
	base   *http.Transport
}

// RoundTrip implements [http.RoundTripper]. Only the origin of the configured
// URL gets the credential.
func (a authorized) RoundTrip(req *http.Request) (*http.Response, error) {
	if !SameOrigin(overHTTP(req.URL), overHTTP(a.server)) {
		return a.base.RoundTrip(req)
	}
	for again := false; ; again = true {
		credential, err := a.auth.Authorization(req.Context())
		if err != nil {
			return nil, &CredentialError{Err: err}
		}
		out := req.Clone(req.Context())
		if credential != "" {
			out.Header.Set("Authorization", credential)
		}
		if again {
			if out.Body, err = req.GetBody(); err != nil {
				return nil, err
			}
		}
		resp, err := a.base.RoundTrip(out)
		if err != nil || resp.StatusCode != http.StatusUnauthorized && resp.StatusCode != http.StatusForbidden {
			return resp, err
		}
		retry, err := a.auth.Refused(req.Context(), credential, resp, again)
		if err == nil && !retry {
			return resp, nil
		}
		_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, maxRefusal)) // so that the connection can be used again
		_ = resp.Body.Close()
		if err != nil {
			return nil, &CredentialError{err, resp.StatusCode == http.StatusForbidden}
		}
		if again || req.Body != nil && req.Body != http.NoBody && req.GetBody == nil {
			return nil, &CredentialError{Err: &StatusError{Status: resp.StatusCode}}
		}
		if req.GetBody == nil {
			req = req.Clone(req.Context())
			req.GetBody = func() (io.ReadCloser, error) { return http.NoBody, nil }
		}
	}
}

// maxRefusal is how much of the body of a refusal is read, in bytes.
const maxRefusal = 64 << 10

// overHTTP is the URL as HTTP has it, for those of WebSockets.
func overHTTP(u *url.URL) *url.URL {
	scheme := map[string]string{"ws": "http", "wss": "https"}[u.Scheme]
	if scheme == "" {
		return u
	}
	o := *u
	o.Scheme = scheme
	return &o
}
