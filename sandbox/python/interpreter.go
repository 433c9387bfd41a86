package python

import (
	"context"
	"errors"

	"github.com/tetratelabs/wazero/sys"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox/python/image"
)

// interpreter is a fork with its streams, which a session takes over when there
// is a script.
type interpreter struct {
	fork *image.Fork
	*port
}

// port is where an interpreter's streams end.
type port struct{ session *session }

// Read implements io.Reader for the interpreter's file 0.
func (p *port) Read(b []byte) (int, error) { return p.session.read(b) }

// Write implements io.Writer for the interpreter's file 1.
func (p *port) Write(b []byte) (int, error) { return p.session.write(b) }

func (p *port) yield() {
	if p.session != nil {
		p.session.yield()
	}
}

func (e *Engine) fork() (*interpreter, error) {
	m, err := e.open()
	if err != nil {
		return nil, err
	}
	p := &port{}
	f, err := m.Fork(context.Background(), image.Streams{In: p, Out: p, Yield: p.yield})
	if err != nil {
		return nil, &bindery.Error{Code: bindery.Internal, Op: "start the Python interpreter", Err: err}
	}
	return &interpreter{fork: f, port: p}, nil
}

func (i *interpreter) close() {
	if i != nil {
		i.fork.Close(context.Background())
	}
}

// stopped is the exit code of an interpreter that its session ends.
const stopped = 0x73746f70

// halt leaves the interpreter at once: from a stream of it, on its goroutine.
func halt() { panic(sys.NewExitError(stopped)) }

// exitCode returns the code with which the interpreter ended itself.
func exitCode(err error) (uint32, bool) {
	e, ok := errors.AsType[*sys.ExitError](err)
	if !ok {
		return 0, false
	}
	return e.ExitCode(), true
}
