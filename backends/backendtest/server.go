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
	Params params          `json:"params"`

	text json.RawMessage // the whole message
}

// params are those of all methods.
type params struct {
	Name      string          `json:"name"`
	Cursor    string          `json:"cursor"`
	Arguments json.RawMessage `json:"arguments"`
	RequestID json.RawMessage `json:"requestId"`
	URI       string          `json:"uri"`
	TaskID    string          `json:"taskId"`
	Task      json.RawMessage `json:"task"`

	InputResponses json.RawMessage `json:"inputResponses"`
	RequestState   json.RawMessage `json:"requestState"`
	Notifications  json.RawMessage `json:"notifications"`

	RawMeta json.RawMessage `json:"_meta"`
	Meta    requestMeta     `json:"-"` // of RawMeta
}

type requestMeta struct {
	ProgressToken json.RawMessage `json:"progressToken"`
	Version       string          `json:"io.modelcontextprotocol/protocolVersion"`
	Can           json.RawMessage `json:"io.modelcontextprotocol/clientCapabilities"`
}

// peer is where answers go. Between begin and end one message is written.
type peer interface {
	begin() io.Writer
	end()
	// notify sends a message that belongs to no request.
	notify(message string)
	// push sends a message that belongs to the request.
	push(message string)
}

// server is what both transports serve.
type server struct {
	modes []Mode

	extra     atomic.Bool  // the tool "extra" is there
	lists     atomic.Int64 // calls of tools/list
	reading   sync.Mutex   // held by who keeps others from reading
	mu        sync.Mutex
	cancelled map[string]context.CancelFunc

	more       atomic.Int64 // resources and prompts that were added
	got        map[string]int
	questions  int
	asked      map[string]asking
	subscribed map[string]bool
	listeners  []*listener
	tasks      map[string]*aTask
	chores     map[string]*aChore
}

func newServer(modes []Mode) *server {
	s := &server{
		modes: modes, cancelled: map[string]context.CancelFunc{}, got: map[string]int{},
		asked: map[string]asking{}, subscribed: map[string]bool{}, tasks: map[string]*aTask{}, chores: map[string]*aChore{},
	}
	s.extra.Store(s.is(Extra))
	return s
}

// note counts what happens, for the tool "seen".
func (s *server) note(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got[what]++
}

func (s *server) is(m Mode) bool { return slices.Contains(s.modes, m) }

// handle answers one request, or not.
func (s *server) handle(ctx context.Context, r request, p peer) {
	_ = json.Unmarshal(r.Params.RawMeta, &r.Params.Meta) // there may be none
	if r.Method == "" && len(r.ID) > 0 {
		s.answered(string(r.ID), r.text)
		return
	}
	s.note(r.Method)
	if s.modern(ctx, r, p) || s.choreAsked(ctx, r, p) || s.offered(r, p) {
		return
	}
	switch r.Method {
	case "initialize":
		if s.is(HangInit) {
			<-ctx.Done()
			return
		}
		reply(p, r.ID, `{"protocolVersion":"2025-11-25","capabilities":`+s.capabilities()+`,`+
			`"serverInfo":`+serverInfo+`,"instructions":"Handle with care."}`)
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

const serverInfo = `{"name":"backendtest","title":"Back end for tests","version":"1.2.3"}`

func (s *server) capabilities() string {
	if s.is(Offers) {
		return `{"tools":{"listChanged":true},"resources":{"listChanged":true,"subscribe":true},"prompts":{"listChanged":true},"completions":{},"logging":{}}`
	}
	return `{"tools":{"listChanged":true}}`
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
	if s.listFault(r, p) {
		return
	}
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
	more := ""
	if tool == "chore" {
		more = `,"execution":{"taskSupport":"required"}`
	}
	return fmt.Sprintf(`{"name":%q,"title":"The %s tool","description":"Does %s.","inputSchema":{"type":"object", `+
		`"properties":{"zulu":{"type":"string"},"alpha":{"type":"integer","maximum":9223372036854775807}}},`+
		`"annotations":{"readOnlyHint":%t}%s}`, tool, tool, tool, tool == "echo", more)
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
