package backends

import (
	"maps"
	"time"

	"github.com/bindery-mcp/bindery/backends/internal/web"
	"github.com/bindery-mcp/bindery/backends/oauth"
)

// loginPause is the time between two looks whether somebody has logged in.
const loginPause = 500 * time.Millisecond

// awaitLogin waits until there is a token to try. It returns false when the link
// has ended.
func (l *link) awaitLogin(why error, useless *oauth.Token) bool {
	cause := l.srv.explain("connect to "+l.srv.spec.Name, why)
	l.log.Warn("server needs a login", "error", cause)
	l.update(func() { l.state, l.cause = NeedsLogin, cause })
	l.settle()
	tick := time.NewTicker(loginPause)
	defer tick.Stop()
	for !l.srv.auth.Changed(useless) {
		select {
		case <-tick.C:
		case <-l.ctx.Done():
			return false
		}
	}
	return true
}

// authorizer is what gives the server's requests a token, nil for nothing.
func (s *server) authorizer() web.Authorizer {
	if s.auth == nil {
		return nil
	}
	return s.auth
}

// spec is how the link's connections reach the server.
func (l *link) spec() Spec {
	spec := l.srv.spec
	if len(l.headers) > 0 {
		spec.Headers = maps.Clone(spec.Headers)
		if spec.Headers == nil {
			spec.Headers = make(map[string]string, len(l.headers))
		}
		maps.Copy(spec.Headers, l.headers)
	}
	return spec
}
