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

// server is the worker's end of one connection. It is the [sandbox.Host] of
// the script: what the engine asks for goes over the connection.
type server struct {
	conn   io.ReadWriter
	engine sandbox.Engine
	out    *queue
	// lower sets the process's limits before the script is touched.
	lower func(sandbox.Limits) error

	bindings *sandbox.Bindings
	limits   sandbox.Limits
	running  bool
	wg       sync.WaitGroup

	mu      sync.Mutex
	calls   map[uint64]func(bindery.Result, error)
	last    uint64
	logs    int64 // bytes
	dropped int   // lines
	over    bool
}

func newServer(conn io.ReadWriter, e sandbox.Engine) *server {
	return &server{
		conn: conn, engine: e, out: newQueue(), calls: make(map[uint64]func(bindery.Result, error)),
		lower: func(sandbox.Limits) error { return nil },
	}
}

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
		return s.answer(h, f)
	default: // workerCaps lets no other kind through
		var h startHead
		if err := f.parseHead(&h); err != nil {
			return err
		}
		if s.running {
			return errors.New("second script")
		}
		body := f.bytes()
		if h.Source < 0 || h.Source > len(body) || h.Bound && s.bindings == nil {
			return errors.New("malformed start")
		}
		s.running, s.limits = true, h.Limits
		script := sandbox.Script{
			Source: string(body[:h.Source]), Data: body[h.Source:], Language: h.Language, Limits: h.Limits,
		}
		if len(script.Data) == 0 {
			script.Data = nil
		}
		if h.Bound {
			script.Bindings = s.bindings
		}
		s.wg.Go(func() { s.run(ctx, script) })
		return nil
	}
}

// run runs the script and sends how it ended.
func (s *server) run(ctx context.Context, script sandbox.Script) {
	ctx, cancel := context.WithTimeout(ctx, script.Limits.Wall)
	defer cancel()
	var out sandbox.Outcome
	err := s.lower(script.Limits)
	if err == nil {
		out, err = s.engine.Run(ctx, script, s)
	}
	s.mu.Lock()
	s.over = true
	dropped := max(s.dropped, out.LogsDropped)
	s.mu.Unlock()
	s.out.push(doneFrame(ctx, out, err, script.Limits, dropped))
}

// doneFrame encodes how a script ended, within the caps of the gateway.
func doneFrame(ctx context.Context, out sandbox.Outcome, err error, l sandbox.Limits, dropped int) frame {
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

// Start implements [sandbox.Host].
func (s *server) Start(_ context.Context, c bindery.Call, done func(bindery.Result, error)) {
	if n := int64(len(c.Args)); n > s.limits.Args {
		// The gateway would take such a frame for an attack.
		err := &bindery.Error{
			Code: bindery.Limit, Op: "call " + c.Tool.String(), Hint: "pass less data in one call",
			Err: fmt.Errorf("arguments of %s exceed the limit of %s (limits.args)",
				sandbox.FormatBytes(n), sandbox.FormatBytes(s.limits.Args)),
		}
		s.wg.Go(func() { done(bindery.Result{}, err) })
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	s.calls[s.last] = done
	// Pushed under the lock: the gateway wants ids in order.
	s.out.push(newFrame(kindCall, callHead{ID: s.last, Tool: c.Tool, Line: c.Line}, c.Args))
}

// answer hands an answer to whoever started the call.
func (s *server) answer(h answerHead, f frame) error {
	s.mu.Lock()
	done := s.calls[h.ID]
	delete(s.calls, h.ID)
	s.mu.Unlock()
	if done == nil {
		return fmt.Errorf("answer to call %d, which does not wait for one", h.ID)
	}
	r, err := h.result(f)
	done(r, err)
	return nil
}

// Log implements [sandbox.Host].
func (s *server) Log(l sandbox.Line) {
	s.mu.Lock()
	fits := !s.over && s.logs+lineSize(l) <= s.limits.Logs
	if fits {
		s.logs += lineSize(l)
	} else {
		s.dropped++
	}
	s.mu.Unlock()
	if fits {
		// Not under the lock, which the reading side needs to make progress.
		s.out.pushNow(newFrame(kindLog, logHead{Level: l.Level}, []byte(l.Text)))
	}
}

// lineSize is what a line takes of Limits.Logs: its text and a line end.
func lineSize(l sandbox.Line) int64 { return int64(len(l.Text)) + 1 }
