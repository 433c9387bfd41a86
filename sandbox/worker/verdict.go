package worker

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// outOfMemory is in the last words of the Go runtime when the system gives it
// no more memory.
const outOfMemory = "out of memory"

// errOver is for a script that asks for something after its end.
var errOver = errors.New("the script is over")

// errClosed is the cause of the contexts that Close ends.
var errClosed = errors.New("the sandbox is shutting down")

// stopped returns the failure of a script whose context ended because of
// cause.
func stopped(cause error) *sandbox.Failure {
	switch {
	case errors.Is(cause, context.DeadlineExceeded):
		return &sandbox.Failure{Code: bindery.Timeout, Message: "the caller's deadline passed"}
	case errors.Is(cause, errClosed):
		return &sandbox.Failure{Code: bindery.Cancelled, Message: "the run was cancelled: " + errClosed.Error()}
	default:
		return &sandbox.Failure{Code: bindery.Cancelled, Message: "the run was cancelled"}
	}
}

// died returns the failure of a script whose worker did not say how the script
// ended: it exited on its own, or else broke the protocol. Nothing that the
// worker wrote is in the text.
func died(p *process, exited bool, l sandbox.Limits) *sandbox.Failure {
	if !exited {
		return &sandbox.Failure{Code: bindery.Internal, Message: "worker broke protocol and was stopped"}
	}
	state := p.cmd.ProcessState
	said := p.stderr.String()
	status, _ := state.Sys().(syscall.WaitStatus)
	switch {
	case status.Signaled() && p.usedCPU() >= l.CPU:
		return cpuFailure(l)
	case status.Signaled():
		return &sandbox.Failure{
			Code: bindery.Internal, Message: fmt.Sprintf("worker was ended from outside by a signal (%s)", status.Signal()),
			Hint: "if the machine ran out of memory, the system may have chosen it: see its log",
		}
	case strings.Contains(said, "stack exceeds") || strings.Contains(said, "fatal error: stack overflow"):
		return &sandbox.Failure{
			Code: bindery.Limit, Name: "RangeError", Message: "stack limit exceeded",
			Hint: "the script recurses, or nests brackets or data, too deeply",
		}
	case strings.Contains(said, outOfMemory) || strings.Contains(said, "cannot allocate memory") ||
		// A thread's stack was the last straw, without and with cgo.
		strings.Contains(said, "failed to create new OS thread") || strings.Contains(said, "pthread_create failed") ||
		// The collector uses memory for its queues without a look at whether
		// it got any (Go 1.26, spanQueue), on the stack of the scheduler.
		strings.Contains(said, "SIGSEGV") && strings.Contains(said, "goroutine 0 "):
		return &sandbox.Failure{
			Code: bindery.Limit, Message: fmt.Sprintf("memory limit of %s exceeded (limits.memory)", sandbox.FormatBytes(l.Memory)),
			Hint: "keep less data at once: filter results as they come, and page through them",
		}
	default:
		return &sandbox.Failure{
			Code: bindery.Internal, Message: fmt.Sprintf("worker ended unexpectedly (exit status %d)", state.ExitCode()),
		}
	}
}

func wallFailure(l sandbox.Limits) *sandbox.Failure {
	return &sandbox.Failure{
		Code: bindery.Timeout, Message: fmt.Sprintf("time limit of %s exceeded (limits.wall)", seconds(l.Wall)),
		Hint: "waiting for tools counts: make independent calls at once, or fewer",
	}
}

func cpuFailure(l sandbox.Limits) *sandbox.Failure {
	return &sandbox.Failure{
		Code: bindery.Limit, Message: fmt.Sprintf("CPU limit of %s exceeded (limits.cpu)", seconds(l.CPU)),
		Hint: "look for a loop that does not end; reduce data on the server rather than in the script",
	}
}

// seconds returns d as limits are written: "30 s", "1.5 s".
func seconds(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) + " s"
}
