package js

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// Engine runs scripts written in JavaScript or TypeScript.
//
// It stops a script at Limits.Wall and enforces Source, Args, Result, Value,
// Logs, InFlight and Grace. Memory and CPU, and scripts that do not answer
// to an interrupt, are for the process around it.
type Engine struct {
	compile func() (*library, error)

	mu    sync.Mutex
	ready *execution
}

// New returns an engine. It does nothing until it is used or warmed.
func New() *Engine {
	return &Engine{compile: sync.OnceValues(compileLibrary)}
}

// errWall is the cause of a context that ended at Limits.Wall.
var errWall = errors.New("wall limit")

// Warm does ahead what the next Run would have to do before its script: it
// compiles and runs the standard library, and runs one script in a realm that
// is then thrown away, so that the code a run needs is in memory.
func (e *Engine) Warm() error {
	if err := e.rehearse(); err != nil {
		return err
	}
	return e.Prepare()
}

// Prepare makes all of the next Run that does not depend on its script, a realm
// of its own first of all.
func (e *Engine) Prepare() error {
	x, err := e.newExecution()
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ready = x
	return nil
}

func (e *Engine) newExecution() (*execution, error) {
	lib, err := e.compile()
	if err != nil {
		return nil, startError(err)
	}
	r, err := newRealm(lib)
	if err != nil {
		return nil, startError(err)
	}
	x, err := newExecution(r)
	if err != nil {
		return nil, startError(err)
	}
	return x, nil
}

func startError(err error) error {
	return &bindery.Error{Code: bindery.Internal, Op: "start the JavaScript engine", Err: err}
}

// take returns an execution that no script has used.
func (e *Engine) take() (*execution, error) {
	e.mu.Lock()
	x := e.ready
	e.ready = nil
	e.mu.Unlock()
	if x != nil {
		return x, nil
	}
	return e.newExecution()
}

// Run implements [sandbox.Engine]. When it returns, calls without an answer
// have had their context cancelled; their answers, should they come, go
// nowhere.
func (e *Engine) Run(ctx context.Context, s sandbox.Script, h sandbox.Host) (out sandbox.Outcome, err error) {
	start := time.Now()
	defer func() {
		// The interpreter must not fail, but it is large, and what it is fed
		// is chosen by others.
		if p := recover(); p != nil {
			out = sandbox.Outcome{Failure: &sandbox.Failure{Code: bindery.Internal, Message: "the interpreter failed on this script"}}
		}
		out.Usage.Wall = time.Since(start)
	}()
	if fail := refuse(s); fail != nil {
		return sandbox.Outcome{Failure: fail}, nil
	}
	ctx, cancel := context.WithTimeoutCause(ctx, s.Limits.Wall, errWall)
	defer cancel()
	var x *execution
	var preparing sync.WaitGroup
	preparing.Go(func() { x, err = e.take() })
	p, fail := compile(s.Source)
	preparing.Wait()
	if err != nil {
		return sandbox.Outcome{}, err
	}
	if fail != nil {
		return sandbox.Outcome{Failure: fail}, nil
	}
	switch err := x.accept(ctx, s, h); {
	case bindery.CodeOf(err) == bindery.Invalid:
		return sandbox.Outcome{Failure: &sandbox.Failure{Code: bindery.Invalid, Message: err.Error(), Hint: bindery.HintOf(err)}}, nil
	case err != nil:
		return sandbox.Outcome{}, startError(err)
	}
	return x.run(p), nil
}

// refuse checks what can be checked before anything is spent on a script.
func refuse(s sandbox.Script) *sandbox.Failure {
	switch {
	case s.Language != sandbox.TypeScript:
		return &sandbox.Failure{Code: bindery.Invalid, Message: fmt.Sprintf("language %q is not supported by this engine", s.Language)}
	case int64(len(s.Source)) > s.Limits.Source:
		return &sandbox.Failure{
			Code: bindery.Limit, Message: fmt.Sprintf("the script is %s, longer than the limit of %s", size(int64(len(s.Source))), size(s.Limits.Source)),
			Hint: "pass data in the data parameter, not in the script",
		}
	case int64(len(s.Data)) > s.Limits.Result:
		return &sandbox.Failure{
			Code: bindery.Limit, Message: fmt.Sprintf("data is %s, longer than the limit of %s", size(int64(len(s.Data))), size(s.Limits.Result)),
		}
	}
	return nil
}

// seconds writes a duration as "30 s".
func seconds(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.3f", d.Seconds()), "0"), ".") + " s"
}

var _ sandbox.Engine = (*Engine)(nil)
