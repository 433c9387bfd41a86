package oauth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// comeback is where the browser is sent after a login (RFC 8252, section 7.3).
type comeback struct {
	uri   string
	state string

	paste   func(context.Context) (string, error)
	server  *http.Server
	running sync.WaitGroup
	answer  chan url.Values
}

const comebackPath = "/callback"

// maxPasted bounds an address that a person pastes, in bytes.
const maxPasted = 64 << 10

// newReturn opens the port, unless there is a person to paste what comes.
func newReturn(port int, paste func(context.Context) (string, error)) (*comeback, error) {
	ln, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)) //nolint:noctx // it does not wait
	if err != nil {
		return nil, fmt.Errorf("open a port for the browser to come back to: %w", err)
	}
	b := &comeback{uri: "http://" + ln.Addr().String() + comebackPath, state: rand.Text(), paste: paste, answer: make(chan url.Values, 1)}
	if paste != nil {
		return b, ln.Close() // only its number is wanted
	}
	b.server = &http.Server{Handler: b, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, MaxHeaderBytes: maxPasted}
	b.running.Go(func() { _ = b.server.Serve(ln) })
	return b, nil
}

func (b *comeback) close() {
	if b.server == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second) // for the page that is being written
	defer cancel()
	if b.server.Shutdown(ctx) != nil {
		_ = b.server.Close()
	}
	b.running.Wait()
}

// ServeHTTP implements [http.Handler]. What has not the right state is nobody's
// answer to this login, and does not end it.
func (b *comeback) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	q := r.URL.Query()
	if r.Method != http.MethodGet || r.URL.Path != comebackPath || !b.mine(q) {
		http.Error(w, "This is not the answer to a login that bindery waits for.", http.StatusNotFound)
		return
	}
	select {
	case b.answer <- q:
	default: // there is one already
	}
	_, _ = fmt.Fprintln(w, "bindery has the answer. Close this page and go back to the terminal.")
}

func (b *comeback) mine(q url.Values) bool {
	return subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(b.state)) == 1
}

// wait returns what the authorization server had the browser bring.
func (b *comeback) wait(ctx context.Context) (url.Values, error) {
	if b.paste != nil {
		text, err := b.paste(ctx)
		if err != nil {
			return nil, err
		}
		return b.parse(text)
	}
	select {
	case q := <-b.answer:
		return q, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for the login: %w", context.Cause(ctx))
	}
}

// parse reads an address that was pasted.
func (b *comeback) parse(text string) (url.Values, error) {
	text = strings.TrimSpace(text)
	u, err := url.Parse(text)
	if len(text) > maxPasted || err != nil || u.RawQuery == "" {
		return nil, errors.New("this is not the address that the browser was sent to; it begins with " + b.uri + "?")
	}
	q := u.Query()
	if !b.mine(q) {
		return nil, errors.New("this is the address of another login (its state is not the one of this)")
	}
	return q, nil
}
