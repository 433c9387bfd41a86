package session

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
)

// AnyLevel wants the log messages that come by themselves.
const AnyLevel = "any"

// logLevel is what a server of the older protocol was told to log. There is one
// for all clients: the lowest that any of them has wanted.
type logLevel struct {
	mu  sync.Mutex
	set string
}

// lower notes a level and reports whether the server has to be told.
func (l *logLevel) lower(level string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := strings.Index(levels, " "+level+" ")
	if at < 0 || l.set != "" && at >= strings.Index(levels, " "+l.set+" ") {
		return false
	}
	l.set = level
	return true
}

// lowerLogLevel lets the server log what p wants to see. A server that does not
// want to be told so is none that a request should fail for.
func (s *Session) lowerLogLevel(ctx context.Context, p *Peer) {
	if p == nil || p.Log == "" || !s.info.HasLogging || Modern(s.info.Protocol) || !s.level.lower(p.Log) {
		return
	}
	x := &Exchange{Method: "logging/setLevel"}
	_, _ = s.exchange(ctx, x, json.RawMessage(`{"level":`+quote(p.Log)+`}`))
}
