package main

import (
	"context"
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

// readInput reads at most so many bytes of standard input, until ctx is done.
func readInput(ctx context.Context, file io.ReadCloser, most int64) ([]byte, error) {
	in := newInput(file)
	defer context.AfterFunc(ctx, func() { _ = in.Close() })()
	data, err := io.ReadAll(io.LimitReader(in, most))
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return data, err
}
