package session

import "context"

type progressKey struct{}

// WithProgress returns a context in which moved is called whenever a server
// tells of progress of a request, which it does for callers that ask for it. It
// must not block.
func WithProgress(ctx context.Context, moved func()) context.Context {
	return context.WithValue(ctx, progressKey{}, moved)
}

// progressOf returns what is to be called, or nil.
func progressOf(ctx context.Context) func() {
	moved, _ := ctx.Value(progressKey{}).(func())
	return moved
}
