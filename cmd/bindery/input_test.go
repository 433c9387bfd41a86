package main

import (
	"context"
	"errors"
	"io"
	"testing"
)

// terminal is what nobody types into: closing it does not end a read.
type terminal struct{ reads, gone chan struct{} }

func (s terminal) Read([]byte) (int, error) {
	close(s.reads)
	<-s.gone
	return 0, io.EOF
}

func (terminal) Close() error { return nil }

func TestReadInputIsInterrupted(t *testing.T) {
	in := terminal{reads: make(chan struct{}), gone: make(chan struct{})}
	defer close(in.gone)
	ctx, interrupt := context.WithCancel(t.Context())
	go func() { <-in.reads; interrupt() }()
	if data, err := readInput(ctx, in, 100); !errors.Is(err, context.Canceled) {
		t.Errorf("read %q, %v", data, err)
	}
}
