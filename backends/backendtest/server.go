package backendtest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// request is a message of a client.
type request struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params struct {
		Name      string          `json:"name"`
		Cursor    string          `json:"cursor"`
		Arguments json.RawMessage `json:"arguments"`
		RequestID json.RawMessage `json:"requestId"`
	} `json:"params"`
}

// peer is where answers go. Between begin and end one message is written.
type peer interface {
	begin() io.Writer
	end()
	// notify sends a message that answers nothing.
	notify(message string)
}

// server is what both transports serve.
type server struct {
	modes []Mode

	extra     atomic.Bool  // the tool "extra" is there
	lists     atomic.Int64 // calls of tools/list
	mu        sync.Mutex
	cancelled map[string]context.CancelFunc
}

func newServer(modes []Mode) *server {
	s := &server{modes: modes, cancelled: map[string]context.CancelFunc{}}
	s.extra.Store(s.is(Extra))
	return s
}

func (s *server) is(m Mode) bool { return slices.Contains(s.modes, m) }

// handle answers one request, or not.
func (s *server) handle(ctx context.Context, r request, p peer) {
	switch r.Method {
	case "initialize":
		if s.is(HangInit) {
			<-ctx.Done()
			return
		}
		reply(p, r.ID, `{"protocolVersion":"2025-11-25","capabilities":{"tools":{"listChanged":true}},`+
			`"serverInfo":{"name":"backendtest","title":"Back end for tests","version":"1.2.3"},"instructions":"Handle with care."}`)
	case "tools/list":
		s.list(ctx, r, p)
	case "tools/call":
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		s.mu.Lock()
		s.cancelled[string(r.ID)] = cancel
		s.mu.Unlock()
		s.call(ctx, r, p)
		s.mu.Lock()
		delete(s.cancelled, string(r.ID))
		s.mu.Unlock()
	case "notifications/cancelled":
		s.mu.Lock()
		cancel := s.cancelled[string(r.Params.RequestID)]
		s.mu.Unlock()
		if cancel != nil {
			cancel()
		}
	case "ping":
		reply(p, r.ID, `{}`)
	default:
		if r.Method == "server/discover" && s.is(SilentDiscover) {
			return
		}
		if len(r.ID) > 0 {
			fail(p, r.ID, -32601, "Method not found")
		}
	}
}

func reply(p peer, id json.RawMessage, result string) {
	fmt.Fprintf(p.begin(), `{"jsonrpc":"2.0","id":%s,"result":%s}`, id, result)
	p.end()
}

func fail(p peer, id json.RawMessage, code int, message string) {
	quoted, _ := json.Marshal(message) // a string can always be
	fmt.Fprintf(p.begin(), `{"jsonrpc":"2.0","id":%s,"error":{"code":%d,"message":%s}}`, id, code, quoted)
	p.end()
}

func (s *server) list(ctx context.Context, r request, p peer) {
	if s.is(HangList) {
		<-ctx.Done()
		return
	}
	n := s.lists.Add(1)
	switch {
	case s.is(EndlessPages):
		reply(p, r.ID, fmt.Sprintf(`{"tools":[{"name":"t%d","inputSchema":{"type":"object"}}],"nextCursor":"c%d"}`, n, n))
		return
	case s.is(SameCursor):
		reply(p, r.ID, `{"tools":[],"nextCursor":"again"}`)
		return
	case s.is(BadTools):
		reply(p, r.ID, `{"tools":[`+strings.Join(badTools(), ",")+`]}`)
		return
	}
	tools := Tools()
	if s.extra.Load() {
		tools = append(tools, "extra")
	}
	var defs []string
	for _, t := range tools {
		defs = append(defs, definition(t))
	}
	if !s.is(ManyPages) {
		reply(p, r.ID, `{"tools":[`+strings.Join(defs, ",")+`]}`)
		return
	}
	from := 0
	if r.Params.Cursor != "" {
		if _, err := fmt.Sscanf(r.Params.Cursor, "from-%d", &from); err != nil {
			fail(p, r.ID, -32602, "Unknown cursor")
			return
		}
	}
	to := min(from+2, len(defs))
	next := ""
	if to < len(defs) {
		next = fmt.Sprintf(`,"nextCursor":"from-%d"`, to)
	}
	reply(p, r.ID, `{"tools":[`+strings.Join(defs[from:to], ",")+`]`+next+`}`)
}

// definition describes a tool. The schema's order and numbers, and the spaces
// in it, are such as a decoder into Go values would not keep.
func definition(tool string) string {
	return fmt.Sprintf(`{"name":%q,"title":"The %s tool","description":"Does %s.","inputSchema":{"type":"object", `+
		`"properties":{"zulu":{"type":"string"},"alpha":{"type":"integer","maximum":9223372036854775807}}},`+
		`"annotations":{"readOnlyHint":%t}}`, tool, tool, tool, tool == "echo")
}

// badTools are two tools as good as any, and what surrounds them.
func badTools() []string {
	return []string{
		`null`,
		`"a string"`,
		`{"description":"no name"}`,
		`{"name":17}`,
		`{"name":""}`,
		`{"name":"bad\u001bname"}`,
		`{"name":"odd","title":5,"description":["no"],"annotations":{"readOnlyHint":"yes","idempotentHint":true},"inputSchema":"none"}`,
		`{"name":"good","inputSchema":{"type":"object"},"outputSchema":{"type":"object"},"icons":7,"_meta":[]}`,
		`{"name":"good"}`,
	}
}
