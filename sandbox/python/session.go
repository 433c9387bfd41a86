package python

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// session is the host's side of one script. Everything but the posting of
// answers happens on the goroutine that calls run, inside the streams of the
// interpreter.
type session struct {
	ctx    context.Context // of the run
	script sandbox.Script
	host   sandbox.Host
	text   text

	in  []byte // frames that the interpreter has yet to read
	out frames // what it has written of the next frame

	waits   *waiting // what the interpreter waits for, nil if it does not
	line    int      // where it waited last
	seq     int
	pending map[int]pendingCall

	mu      sync.Mutex
	answers []answered
	wake    chan struct{}

	console console
	told    time.Time // when the script last told its progress
	over    *rest     // the script has its value, and only calls are left

	ended bool
	// wreck is set after the interpreter was stopped while it ran, when it is
	// only asked for its place.
	wreck   bool
	ticks   int
	place   site
	outcome sandbox.Outcome
}

// waiting is what the interpreter waits for besides answers.
type waiting struct {
	until time.Time // zero for no end
	grace bool
}

func newSession(ctx context.Context, script sandbox.Script, h sandbox.Host) *session {
	s := &session{ctx: ctx, script: script, host: h, text: text(script.Source), pending: make(map[int]pendingCall), wake: make(chan struct{}, 1)}
	l := script.Limits
	s.out.max = maxHead + int(max(l.Args, l.Value, l.Logs, maxDrafts))
	s.console = console{host: h, room: l.Logs}
	return s
}

func (s *session) servers() []sandbox.Server {
	if s.script.Bindings == nil {
		return nil
	}
	return s.script.Bindings.Servers
}

// run runs the script in i and tells how it ended.
func (s *session) run(i *interpreter) sandbox.Outcome {
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	s.ctx = ctx
	i.session = s
	s.start()
	// The interpreter looks at the session's context itself; wazero must not.
	err := i.fork.Run(context.Background(), s.script.Limits.Memory)
	if s.wreck {
		s.ended = false
		_ = i.fork.Where(context.Background())
		s.ended = true
		if f := s.outcome.Failure; f != nil && s.place.line > 0 {
			f.Line, f.Column = s.place.line, s.place.column
		}
	}
	if !s.ended {
		s.died(err, i.fork.Starved())
	}
	if f := s.outcome.Failure; f != nil {
		f.Message, f.SourceLine = printable(clip(f.Message, maxMessage)), s.text.line(f.Line)
		f.Hint = clip(f.Hint, maxMessage)
	}
	out := s.outcome
	out.Logs, out.LogsDropped = s.console.lines, s.console.dropped
	return out
}

// start sends what the prelude begins with.
func (s *session) start() {
	type server struct {
		Name  string `json:"name"`
		Ident string `json:"ident,omitempty"`
		Tools int    `json:"tools"`
	}
	servers := []server{}
	for _, v := range s.servers() {
		servers = append(servers, server{v.Name, v.Ident, len(v.Tools)})
	}
	l := s.script.Limits
	s.reply(map[string]any{
		"k": "start", "servers": servers, "args": l.Args, "value": l.Value, "logs": l.Logs, "data": len(s.script.Data) > 0,
	}, []byte(unwrap(s.script.Source)))
}

// reply sends a frame to the interpreter.
func (s *session) reply(head any, body []byte) { s.in = appendFrame(s.in, head, body) }

// read is the interpreter's file 0.
func (s *session) read(b []byte) (int, error) {
	if s.wreck || s.ended {
		halt()
	}
	if len(s.in) == 0 {
		if s.waits == nil {
			s.violated("it reads what was not sent")
		}
		s.await()
	}
	n := copy(b, s.in)
	s.in = s.in[n:]
	return n, nil
}

// write is the interpreter's file 1.
func (s *session) write(b []byte) (int, error) {
	if s.ended {
		halt()
	}
	if err := s.out.add(b, s.handle); err != nil {
		s.violated(err.Error())
	}
	return len(b), nil
}

// maxTicks is how long, in yields, a stopped interpreter may look for its place.
const maxTicks = 40

// yield is called every millisecond or so while the interpreter runs.
func (s *session) yield() {
	switch {
	case s.ended:
		halt()
	case s.wreck:
		if s.ticks++; s.ticks > maxTicks {
			halt()
		}
	case s.ctx.Err() != nil:
		s.wreck = true
		s.end(sandbox.Outcome{Failure: s.stopped()})
	case s.over != nil && s.over.expired():
		s.finish(nil)
		halt()
	}
}

// end ends the run from inside the interpreter.
func (s *session) end(out sandbox.Outcome) {
	if !s.ended {
		s.ended, s.outcome = true, out
	}
	halt()
}

func (s *session) fail(f sandbox.Failure) { s.end(sandbox.Outcome{Failure: &f}) }

// violated ends an interpreter that does not keep to the protocol: the script
// has written to its files itself. What it left is not to be trusted.
func (s *session) violated(string) {
	s.end(sandbox.Outcome{Leftover: true, Failure: &sandbox.Failure{
		Code: bindery.Script, Message: "the script broke its interpreter, which was stopped",
		Hint: "print what is to be shown; the files 0 and 1 are not for scripts",
	}})
}

// handle takes a frame from the interpreter. An error is a breach of the
// protocol.
func (s *session) handle(f frame) error {
	if s.wreck {
		return s.handleWreck(f)
	}
	switch f.head.Kind {
	case "call":
		return s.call(f)
	case "wait":
		return s.wait(f)
	case "out":
		return s.console.add(f)
	case "tell":
		s.tell(f)
	case "look":
		s.reply(s.look(f.head), nil)
	case "list":
		s.reply(s.list(f.head), nil)
	case "called":
		s.reply(s.called(f.head), nil)
	case "servers":
		s.reply(map[string]any{"text": "[servers: " + listed(s.serverNames()) + "]"}, nil)
	case "noServer":
		s.reply(map[string]any{"error": s.unknownServer(f.head.Tool)}, nil)
	case "data":
		s.reply(map[string]any{"k": "data"}, s.script.Data)
	case "check":
		return s.check(f)
	case "value":
		return s.value(f)
	case "done":
		return s.done(f)
	case "fail":
		return s.failed(f)
	default:
		return fmt.Errorf("a frame of kind %.20q", f.head.Kind)
	}
	return nil
}

// handleWreck takes the place of the script from an interpreter that was
// stopped.
func (s *session) handleWreck(f frame) error {
	var at struct {
		Line   int `json:"line"`
		Column int `json:"column"`
	}
	if f.head.Kind == "at" && json.Unmarshal(f.text, &at) == nil {
		s.place = s.checked(at.Line, at.Column)
	}
	halt()
	return nil
}
