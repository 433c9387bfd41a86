package main

import (
	"io"
	"sync"
)

// output is a file of which a write ends when it is closed, as with input.
type output struct {
	file   io.WriteCloser
	once   sync.Once
	closed chan struct{}
}

func newOutput(file io.WriteCloser) *output {
	return &output{file: file, closed: make(chan struct{})}
}

// Write implements [io.Writer].
func (out *output) Write(p []byte) (int, error) {
	type written struct {
		n   int
		err error
	}
	done := make(chan written, 1)
	go func() {
		n, err := out.file.Write(p)
		done <- written{n, err}
	}()
	select {
	case w := <-done:
		return w.n, w.err
	case <-out.closed:
		return 0, io.ErrClosedPipe
	}
}

// Close implements [io.Closer].
func (out *output) Close() error {
	out.once.Do(func() { close(out.closed) })
	return out.file.Close()
}
