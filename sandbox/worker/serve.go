package worker

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"syscall"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// errCPU is the cause of a context that SIGXCPU ended.
var errCPU = errors.New("CPU limit exceeded")

// workerCaps is what the gateway may send. It is trusted, and its frames are
// bounded by the memory limit of the process in any case.
func workerCaps(k kind) int64 {
	switch k {
	case kindBindings, kindStart, kindAnswer:
		return maxFrame
	default:
		return 0
	}
}

// Serve speaks the worker's side of the protocol on conn: it says that it is
// ready, runs one script with e and returns when the other side hangs up,
// which is no error, or breaks the protocol. When ctx is done the script is
// stopped. Serve does not confine the process; [Main] does.
func Serve(ctx context.Context, conn io.ReadWriter, e sandbox.Engine) error {
	return newServer(conn, e).serve(ctx)
}

// server is the worker's end of one connection. It runs one script at a time.
type server struct {
	conn   io.ReadWriter
	engine sandbox.Engine
	out    *queue
	// self is the process around it.
	self host

	bindings *sandbox.Bindings
	wg       sync.WaitGroup

	// engineFree is held while the engine runs a script or gets ready for the
	// next, which may be here already.
	engineFree sync.Mutex

	mu      sync.Mutex
	running *guest // nil between scripts
}

// host is what a server asks of the process it runs in.
type host interface {
	// begin sets the process's limits before a script is touched. The function
	// it returns ends the watch over them, and tells whether the process is as
	// good as before.
	begin(l sandbox.Limits, keep bool) (end func() bool, err error)
	// rest is called when the worker waits for another script.
	rest()
}

func newServer(conn io.ReadWriter, e sandbox.Engine) *server {
	return &server{conn: conn, engine: e, out: newQueue(), self: anyProcess{}}
}

// anyProcess is a host without limits.
type anyProcess struct{}

func (anyProcess) begin(sandbox.Limits, bool) (func() bool, error) {
	return func() bool { return true }, nil
}
func (anyProcess) rest() {}

func (s *server) serve(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	s.wg.Go(func() { s.out.run(s.conn) })
	defer s.wg.Wait()
	defer s.out.close()
	defer cancel()

	s.out.push(newFrame(kindReady, readyHead{Version: version, CPU: int64(cpuTime())}))
	r := bufio.NewReaderSize(s.conn, 64<<10)
	for {
		f, err := readFrame(r, workerCaps)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrClosedPipe) || errors.Is(err, syscall.ECONNRESET) {
			return nil
		}
		if err == nil {
			err = s.handle(ctx, f)
		}
		if err != nil {
			return fmt.Errorf("serve sandbox worker: %w", err)
		}
	}
}

func (s *server) handle(ctx context.Context, f frame) error {
	switch f.kind {
	case kindBindings:
		b := new(sandbox.Bindings)
		if err := json.Unmarshal(f.bytes(), b); err != nil {
			return fmt.Errorf("bindings: %w", err)
		}
		s.bindings = b
		return nil
	case kindAnswer:
		var h answerHead
		if err := f.parseHead(&h); err != nil {
			return err
		}
		s.mu.Lock()
		g := s.running
		s.mu.Unlock()
		if g == nil {
			return fmt.Errorf("answer to call %d of no script", h.ID)
		}
		return g.answer(h, f)
	default: // workerCaps lets no other kind through
		return s.start(ctx, f)
	}
}

func (s *server) start(ctx context.Context, f frame) error {
	var h startHead
	if err := f.parseHead(&h); err != nil {
		return err
	}
	body := f.bytes()
	if h.Source < 0 || h.Source > len(body) || h.Bound && s.bindings == nil {
		return errors.New("malformed start")
	}
	script := sandbox.Script{
		Source: string(body[:h.Source]), Data: body[h.Source:], Language: h.Language, Limits: h.Limits,
	}
	if len(script.Data) == 0 {
		script.Data = nil
	}
	if h.Bound {
		script.Bindings = s.bindings
	}
	g := newGuest(h.Limits, s.out, &s.wg)
	s.mu.Lock()
	second := s.running != nil
	s.running = g
	s.mu.Unlock()
	if second {
		return errors.New("second script")
	}
	s.wg.Go(func() { s.run(ctx, script, g, h.Keep) })
	return nil
}

// run runs the script, sends how it ended, and gets ready for the next if
// there may be one.
func (s *server) run(ctx context.Context, script sandbox.Script, g *guest, keep bool) {
	s.engineFree.Lock()
	defer s.engineFree.Unlock()
	ctx, cancel := context.WithTimeout(ctx, script.Limits.Wall)
	defer cancel()
	var out sandbox.Outcome
	clean := false
	end, err := s.self.begin(script.Limits, keep)
	if err == nil {
		out, err = s.engine.Run(ctx, script, g)
		clean = end()
	}
	dropped, unanswered := g.leave()
	h, value := doneOf(ctx, out, err, script.Limits, max(dropped, out.LogsDropped))
	h.Again = keep && clean && ctx.Err() == nil && unanswered == 0 && !out.Leftover && h.harmless()
	s.mu.Lock()
	s.running = nil
	s.mu.Unlock()
	s.out.push(doneFrame(h, value))
	if !h.Again {
		return
	}
	if p, ok := s.engine.(interface{ Prepare() error }); ok {
		// A script that then finds nothing prepared says why.
		_ = p.Prepare()
	}
	s.self.rest()
}

// doneOf tells how a script ended, within the caps of the gateway.
func doneOf(ctx context.Context, out sandbox.Outcome, err error, l sandbox.Limits, dropped int) (doneHead, json.RawMessage) {
	h := doneHead{Failure: out.Failure, LogsDropped: dropped, Notes: out.Notes}
	value := out.Value
	switch stopped := context.Cause(ctx); {
	case errors.Is(stopped, errCPU) && (err != nil || out.Failure != nil):
		h.Failure = cpuFailure(l)
	case errors.Is(stopped, context.DeadlineExceeded) && (err != nil || out.Failure != nil && out.Failure.Code == bindery.Timeout):
		h.Failure = wallFailure(l)
		if out.Failure != nil { // where the script was
			h.Failure.Line, h.Failure.Column, h.Failure.SourceLine = out.Failure.Line, out.Failure.Column, out.Failure.SourceLine
		}
	case err != nil:
		h.Error = toWire(err)
	case int64(len(value)) > l.Value:
		h.Failure = &sandbox.Failure{
			Code: bindery.Limit,
			Message: fmt.Sprintf("result of %s exceeds the limit of %s (limits.value)",
				sandbox.FormatBytes(int64(len(value))), sandbox.FormatBytes(l.Value)),
			Hint: "return less: filter, count or summarize in the script",
		}
	}
	if h.Failure != nil || h.Error != nil {
		value = nil
	}
	return h, value
}

// doneFrame encodes how a script ended, shortened to what the gateway takes.
func doneFrame(h doneHead, value json.RawMessage) frame {
	f := newFrame(kindDone, h, value)
	if len(f.head) <= maxHead {
		return f
	}
	h.Notes = []string{"notes of this run were dropped: they were too long"}
	if h.Failure != nil {
		short := *h.Failure
		const most = 8 << 10 // six times that as JSON at worst
		short.Message, short.Hint = clip(short.Message, most), clip(short.Hint, most)
		short.Name, short.SourceLine = clip(short.Name, 256), ""
		h.Failure = &short
	}
	return newFrame(kindDone, h, value)
}

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[:n] + " …"
}
