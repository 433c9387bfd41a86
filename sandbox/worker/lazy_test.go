package worker_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
	"github.com/bindery-mcp/bindery/sandbox/worker"
)

// A lazy pool is opened once for however many scripts come, and again only
// after it failed.
func TestLazy(t *testing.T) {
	var mu sync.Mutex
	opened := 0
	l := worker.NewLazy(func(context.Context) (worker.Options, error) {
		mu.Lock()
		defer mu.Unlock()
		if opened++; opened == 1 {
			return worker.Options{}, &bindery.Error{Code: bindery.Unavailable, Err: errors.New("not yet")}
		}
		return worker.Options{Command: []string{program, worker.Arg}, Size: 1}, nil
	})
	l.SetBindings(bindings())
	if got := l.Stats(); got != (worker.Stats{}) {
		t.Errorf("before there is a pool: %+v", got)
	}
	host := sandbox.NewDispatcher(answering(bindery.Result{}), bindings(), limits(), nil)
	defer host.Close()
	s := sandbox.Script{Source: "bound", Bindings: bindings(), Limits: limits()}
	if _, err := l.Run(t.Context(), s, host); bindery.CodeOf(err) != bindery.Unavailable {
		t.Errorf("the first script: %v", err)
	}
	var scripts sync.WaitGroup
	for range 8 {
		scripts.Go(func() {
			if out, err := l.Run(t.Context(), s, host); err != nil || out.Failure != nil {
				t.Errorf("%+v, %v", out.Failure, err)
			}
		})
	}
	scripts.Wait()
	if got := l.Stats(); got.Runs != 8 || got.Spawned == 0 {
		t.Errorf("after eight scripts: %+v", got)
	}
	if opened != 2 {
		t.Errorf("opened %d times, want 2", opened)
	}
	if err := l.Close(context.Background()); err != nil {
		t.Error(err)
	}
	if _, err := l.Run(t.Context(), s, host); bindery.CodeOf(err) != bindery.Unavailable {
		t.Errorf("after the end: %v", err)
	}
}

// Whoever waits for an engine that is being prepared can give up, and closing
// ends the preparation.
func TestLazyGivesUp(t *testing.T) {
	began := make(chan struct{})
	l := worker.NewLazy(func(ctx context.Context) (worker.Options, error) {
		close(began)
		<-ctx.Done()
		return worker.Options{}, &bindery.Error{Code: bindery.Cancelled, Err: ctx.Err()}
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-began
		cancel()
	}()
	host := sandbox.NewDispatcher(answering(bindery.Result{}), nil, limits(), nil)
	defer host.Close()
	out, err := l.Run(ctx, sandbox.Script{Limits: limits()}, host)
	if err != nil || out.Failure == nil || out.Failure.Code != bindery.Cancelled {
		t.Errorf("%+v, %v", out.Failure, err)
	}
	if err := l.Close(context.Background()); err != nil {
		t.Error(err)
	}
}
