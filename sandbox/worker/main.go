package worker

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/bindery-mcp/bindery/sandbox"
)

// Arg is the first argument with which a binary re-executes itself as a
// worker: it must then call [Main] and nothing else.
const Arg = "__sandbox-worker"

const (
	// hurry is a last argument that tells a worker that its script waits.
	hurry = "now"
	// maxStack ends a runaway recursion of native code, such as a parser's,
	// within a second. The default of 1 GB would take ten and the memory.
	maxStack = 64 << 20
	// maxFiles leaves room for the runtime's own descriptors. A script cannot
	// open any.
	maxFiles = 32
)

// Main serves scripts with e in this process, which a [Pool] started, and
// returns the exit code. It confines the process for good.
//
// If e has a method Load() error, it is called before the process is confined:
// the place to read files. If e has a method Warm() error, it is called after
// that, unless a script waits already: the place to compile and allocate ahead
// what every script needs. If it has a method Prepare() error, that is called
// between two scripts: the place for what each of them needs for itself.
func Main(e sandbox.Engine) int {
	if err := closeInherited(); err != nil {
		fmt.Fprintln(os.Stderr, "sandbox worker:", err)
		return 1
	}
	conn, err := inheritedConn()
	if err != nil {
		fmt.Fprintln(os.Stderr, "sandbox worker:", err)
		return 1
	}
	// Scripts read the clock, not where the gateway stands; and the zone
	// files cannot be opened later.
	time.Local = time.UTC
	debug.SetMaxStack(maxStack)
	// One for the script, one for the collector and the connection.
	runtime.GOMAXPROCS(2)

	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	cpu := make(chan os.Signal, 1)
	if sig := cpuSignal(); sig != nil {
		signal.Notify(cpu, sig)
	}
	debug.SetGCPercent(gcPercent)
	if l, ok := e.(interface{ Load() error }); ok {
		if err := l.Load(); err != nil {
			fmt.Fprintln(os.Stderr, "sandbox worker:", err)
			return 1
		}
	}
	if os.Args[len(os.Args)-1] != hurry {
		if err := warm(e); err != nil {
			fmt.Fprintln(os.Stderr, "sandbox worker:", err)
			return 1
		}
	}
	self, err := confineSelf()
	if err != nil {
		fmt.Fprintln(os.Stderr, "sandbox worker:", err)
		return 1
	}

	gone := make(chan struct{})
	go func() {
		<-cpu
		cancel(errCPU)
	}()
	s := newServer(&hangup{conn, gone}, e)
	s.self = self
	go func() { _ = s.serve(ctx) }() // the gateway sees the end, and asks nobody why
	// The engine may be in a loop that nothing but the end of the process
	// ends, so serve is not waited for.
	<-gone
	return 0
}

// warm does ahead what a script would otherwise wait for.
func warm(e sandbox.Engine) error {
	if w, ok := e.(interface{ Warm() error }); ok {
		if err := w.Warm(); err != nil {
			return err
		}
	}
	if err := rehearse(); err != nil {
		return err
	}
	memory()
	// What that left behind would stay until a script has made as much.
	debug.FreeOSMemory()
	return forgetProgram()
}

// hangup closes gone when the other end has hung up.
type hangup struct {
	io.ReadWriter
	gone chan struct{}
}

// Read is called by one goroutine, and not again after an error.
func (h *hangup) Read(b []byte) (int, error) {
	n, err := h.ReadWriter.Read(b)
	if err != nil {
		close(h.gone)
	}
	return n, err
}
