package issuertest

import (
	"context"
	"errors"
	"net/http"
	"net/url"
)

// CallbackPath is where clients have browsers come back to.
const CallbackPath = "/callback"

// Browse opens a page of a login as a browser does, whose person is logged in,
// and returns the address that it is sent back to. It does not open that.
func Browse(ctx context.Context, page string) (*url.URL, error) {
	var back *url.URL
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	browser := &http.Client{Transport: transport, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == CallbackPath {
			back = r.URL
			return http.ErrUseLastResponse
		}
		return nil
	}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, page, http.NoBody)
	if err != nil {
		return nil, err
	}
	resp, err := browser.Do(req)
	if err != nil {
		return nil, err
	}
	_ = resp.Body.Close()
	if back == nil {
		return nil, errors.New("the provider did not send the browser back: " + resp.Status)
	}
	return back, nil
}
