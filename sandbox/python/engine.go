package python

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
	"github.com/bindery-mcp/bindery/sandbox/python/image"
)

// Engine runs scripts written in Python.
//
// It stops a script at Limits.Wall and enforces Memory, Source, Args, Result,
// Value, Logs and Grace. CPU is for the process around it, and so is InFlight
// for the host.
type Engine struct {
	dir string

	mu    sync.Mutex
	image *image.Image
	ready *interpreter
}

// New returns an engine that runs the interpreter prepared in dir, see
// [image.Prepare]. It does nothing until it is used, loaded or warmed.
func New(dir string) *Engine { return &Engine{dir: dir} }

// errWall is the cause of a context that ended at Limits.Wall.
var errWall = errors.New("wall limit")

// Load reads the image. After it the engine needs no files.
func (e *Engine) Load() error {
	_, err := e.open()
	return err
}

// Warm does ahead what the next Run would have to do before its script, and
// runs one script in an interpreter that is then thrown away, so that the code
// a run needs is in memory.
func (e *Engine) Warm() error {
	if err := e.rehearse(); err != nil {
		return err
	}
	return e.Prepare()
}

// Prepare makes the interpreter that the next Run uses; each Run needs one of
// its own.
func (e *Engine) Prepare() error {
	i, err := e.fork()
	if err != nil {
		return err
	}
	e.mu.Lock()
	before := e.ready
	e.ready = i
	e.mu.Unlock()
	before.close()
	return nil
}

// Close gives everything back. No Run may be under way or follow.
func (e *Engine) Close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ready.close()
	if e.image != nil {
		e.image.Close(context.Background())
	}
	e.ready, e.image = nil, nil
}

func (e *Engine) open() (*image.Image, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.image == nil {
		i, err := image.Open(context.Background(), e.dir)
		if err != nil {
			return nil, err
		}
		e.image = i
	}
	return e.image, nil
}

// take returns an interpreter that no script has used.
func (e *Engine) take() (*interpreter, error) {
	e.mu.Lock()
	i := e.ready
	e.ready = nil
	e.mu.Unlock()
	if i != nil {
		return i, nil
	}
	return e.fork()
}

// Run implements [sandbox.Engine]. When it returns, calls without an answer
// have had their context cancelled; their answers, should they come, go
// nowhere.
func (e *Engine) Run(ctx context.Context, s sandbox.Script, h sandbox.Host) (out sandbox.Outcome, err error) {
	start := time.Now()
	defer func() { out.Usage.Wall = time.Since(start) }()
	if fail := refuse(s); fail != nil {
		return sandbox.Outcome{Failure: fail}, nil
	}
	ctx, cancel := context.WithTimeoutCause(ctx, s.Limits.Wall, errWall)
	defer cancel()
	i, err := e.take()
	if err != nil {
		return sandbox.Outcome{}, err
	}
	defer i.close()
	return newSession(ctx, s, h).run(i), nil
}

// refuse checks what can be checked before anything is spent on a script.
func refuse(s sandbox.Script) *sandbox.Failure {
	switch {
	case s.Language != sandbox.Python:
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
	case isDeep(s.Data):
		return &sandbox.Failure{Code: bindery.Limit, Message: fmt.Sprintf("data is nested deeper than %d levels", maxDepth)}
	case len(s.Data) > 0 && !isJSON(s.Data):
		return &sandbox.Failure{Code: bindery.Invalid, Message: "read data: not valid JSON", Hint: "data must be JSON"}
	}
	return nil
}

var _ sandbox.Engine = (*Engine)(nil)
