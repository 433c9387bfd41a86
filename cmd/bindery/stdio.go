package main

import (
	"io"
	"sync"
)

// input is a file of which a read ends when it is closed. A read of standard
// input does not end by itself: that is a file of whoever started the process,
// who may never write again, and closing it does not reach a read under way.
type input struct {
	file io.ReadCloser
	once sync.Once
	r    *io.PipeReader
	w    *io.PipeWriter
}

func newInput(file io.ReadCloser) *input {
	in := &input{file: file}
	in.r, in.w = io.Pipe()
	return in
}

// Read implements [io.Reader]. What reads the file goes on to the end of it, or
// of the process.
func (in *input) Read(p []byte) (int, error) {
	in.once.Do(func() {
		go func() {
			_, err := io.Copy(in.w, in.file)
			_ = in.w.CloseWithError(err)
		}()
	})
	return in.r.Read(p)
}

// Close implements [io.Closer].
func (in *input) Close() error {
	_ = in.r.Close()
	return in.file.Close()
}

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
