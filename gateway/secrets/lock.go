package secrets

import (
	"context"
	"errors"
	"time"

	"github.com/gofrs/flock"
)

// Bounds on waiting for whoever changes the store.
const (
	lockPatience = 5 * time.Second
	lockRetry    = 20 * time.Millisecond
)

// lockFile takes a file for this process until it is unlocked.
func lockFile(ctx context.Context, path string) (unlock func(), err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, lockPatience, errors.New("another process holds it"))
	defer cancel()
	l := flock.New(path, flock.SetPermissions(0o600))
	if _, err := l.TryLockContext(ctx, lockRetry); err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return nil, errors.Join(err, l.Close())
	}
	return func() { _ = l.Close() }, nil // nothing was written to it
}
