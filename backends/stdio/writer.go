package stdio

import (
	"context"
	"time"
)

// deadliner is a stream whose writes can be given up: pipes, except on Windows.
type deadliner interface{ SetWriteDeadline(time.Time) error }

// writeUntil writes text and gives up when ctx ends, if the stream allows it.
func (t *transport) writeUntil(ctx context.Context, text []byte) (int, error) {
	d, ok := t.out.(deadliner)
	if !ok {
		return t.out.Write(text)
	}
	set := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(set)
		_ = d.SetWriteDeadline(time.Unix(1, 0))
	})
	n, err := t.out.Write(text)
	if !stop() {
		<-set
		_ = d.SetWriteDeadline(time.Time{}) // not for whoever writes next
	}
	return n, err
}
