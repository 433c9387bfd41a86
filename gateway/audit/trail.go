package audit

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/internal/jsonscan"
	"github.com/bindery-mcp/bindery/internal/jsonstring"
)

// Outcomes of calls and executions, besides the names of a [bindery.Code].
const (
	OK = "ok"
	// ToolError is a result that says that the tool failed.
	ToolError = "tool_error"
	// Unsent is a call that was recorded and then not made.
	Unsent = "unsent"
	// Unknown is what began when a process ended without saying more.
	Unknown = "unknown"
)

// Execution is a script that is about to run, or a client that calls a tool
// without one.
type Execution struct {
	// ID names it; the calls in it have the same.
	ID      string
	Client  string
	Session string
	View    string
	// Trace is the id of its trace, if it has one.
	Trace string
	// Script is its text: its digest is recorded. The rest is for scripts only.
	Script    string
	Language  string
	Catalogue string // version of it
}

// Outcome is how a script ended.
type Outcome struct {
	// Code is OK or the name of a [bindery.Code].
	Code  string
	Usage Usage
}

// CodeOf returns the outcome of something that ended with err.
func CodeOf(err error) string {
	if err == nil {
		return OK
	}
	return bindery.CodeOf(err).String()
}

// Trail is what is recorded of one script, or of one call without a script.
type Trail struct {
	log     *Log
	of      Execution
	begin   uint64 // 0 if no execution was recorded
	started time.Time
}

// Execution records that a script begins. In a strict log an error means that
// it must not. Whoever gets a Trail ends it.
func (l *Log) Execution(ctx context.Context, e Execution) (*Trail, error) {
	sum := sha256.Sum256([]byte(e.Script))
	t := l.Direct(e)
	r := t.record(ExecutionBegin)
	r.Script, r.Language, r.Catalogue = hex.EncodeToString(sum[:]), cut(e.Language, maxName), cut(e.Catalogue, maxName)
	if l.opts.Scripts {
		r.Source = source(e.Script)
	}
	var err error
	// The first call's record is on the disk only when this is.
	if t.begin, err = l.begin(ctx, r, false); err != nil {
		return nil, refusal("run the script", err)
	}
	return t, nil
}

// source returns what of a script's text has room in a record, where a byte may
// take six.
func source(text string) string {
	text = cut(text, maxSource)
	for len(text) >= maxSource/3 && len(jsonstring.Append(nil, text)) > 2*maxSource {
		text = cut(text, len(text)/2)
	}
	return text
}

// Direct returns the trail of a client that calls without a script. It records
// nothing but the calls, and needs no end.
func (l *Log) Direct(e Execution) *Trail {
	e.ID, e.Client, e.Session = cut(e.ID, maxName), cut(e.Client, maxName), cut(e.Session, maxName)
	e.View, e.Trace, e.Script = cut(e.View, maxName), cut(e.Trace, maxName), ""
	return &Trail{log: l, of: e, started: time.Now()}
}

// record returns one that says whose it is.
func (t *Trail) record(k Kind) *Record {
	return &Record{
		Kind: k, Execution: t.of.ID, Client: t.of.Client, Session: t.of.Session, View: t.of.View, Trace: t.of.Trace,
	}
}

// End records how the script ended. It does nothing the second time, or if no
// begin was recorded.
func (t *Trail) End(o Outcome) {
	if t.begin == 0 {
		return
	}
	t.log.end(&Record{
		Kind: ExecutionEnd, Begin: t.begin, Execution: t.of.ID,
		Outcome: cut(o.Code, maxName), Took: time.Since(t.started), Usage: &o.Usage,
	})
	t.begin = 0
}

// Layer records each call that passes: its begin is on the disk before next is
// called, and its end follows. It belongs right above what sends the call. In a
// strict log a call that cannot be recorded is not made.
func (t *Trail) Layer(next bindery.Caller) bindery.Caller {
	return bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
		r := t.call(ctx, CallBegin, c)
		noted(ctx)
		seq, err := t.log.begin(ctx, r, true)
		if err != nil {
			return bindery.Result{}, refusal("call "+c.Tool.String(), err)
		}
		started := time.Now()
		res, err := next.Call(ctx, c)
		if seq != 0 {
			t.log.end(&Record{
				Kind: CallEnd, Begin: seq, Execution: t.of.ID,
				Outcome: outcomeOf(res, err), Bytes: max(len(res.Raw), len(res.Structured)), Took: time.Since(started),
			})
		}
		return res, err
	})
}

// call returns the record of a call.
func (t *Trail) call(ctx context.Context, k Kind, c bindery.Call) *Record {
	r := t.record(k)
	r.Server, r.Tool, r.Call, r.Line = cut(c.Tool.Server, maxName), cut(c.Tool.Name, maxName), c.Seq, c.Line
	r.Digest, r.Shape = describe(c.Args)
	r.Size = len(c.Args)
	if t.log.opts.Values != nil && len(c.Args) > 0 {
		r.Args = bounded(t.log.opts.Values(c.Args))
	}
	r.Decision, r.Rule = decided(ctx)
	return r
}

// bounded returns values that are JSON and not too long, or a string with the
// beginning of them.
func bounded(values json.RawMessage) json.RawMessage {
	if len(values) <= maxArgs && json.Valid(values) {
		return values
	}
	// A byte may take six as part of a string.
	text, err := json.Marshal(cut(string(values), maxArgs/6))
	if err != nil {
		return nil
	}
	return text
}

func outcomeOf(res bindery.Result, err error) string {
	switch {
	case err != nil:
		return CodeOf(err)
	case res.IsError, res.Content == nil && string(jsonscan.Member(res.Raw, "isError")) == "true":
		return ToolError // nobody has looked into a result that is only passed on
	}
	return OK
}

// refusal is the error of what is not done because it cannot be recorded, or
// because whoever wanted it gave up.
func refusal(op string, err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err // a model need not know where the log is
	}
	e := &bindery.Error{
		Code: bindery.Unavailable, Op: op, Unsent: true, Err: fmt.Errorf("no audit record could be written, and nothing is done without one: %w", err),
		Hint: "this is for the operator of bindery: see to the disk of audit.dir, or choose audit.mode: best-effort",
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		e.Code = bindery.Timeout
	case errors.Is(err, context.Canceled):
		e.Code = bindery.Cancelled
	default:
		return e
	}
	e.Err, e.Hint = fmt.Errorf("gave up before the audit record was on the disk: %w", err), ""
	return e
}

// Attempts records the calls that no [Trail.Layer] below gets to see, because
// policy or a check refused them. It belongs above those, where a view may have
// names of its own: tool returns what the configuration calls a tool, and nil
// takes its own name.
func (t *Trail) Attempts(tool func(bindery.ToolID) bindery.ToolID, next bindery.Caller) bindery.Caller {
	return bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
		n := new(attempt)
		ctx = context.WithValue(ctx, attemptKey{}, n)
		res, err := next.Call(ctx, c)
		if err == nil || n.sent.Load() {
			return res, err
		}
		if tool != nil {
			c.Tool = tool(c.Tool)
		}
		r := t.call(ctx, Refusal, c)
		r.Outcome = CodeOf(err)
		r.Decision = cmp.Or(r.Decision, "none")
		_ = t.log.note(r) // counted and logged there; the call was refused as it is
		return res, err
	})
}
