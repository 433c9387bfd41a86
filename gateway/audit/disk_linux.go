package audit

import (
	"errors"

	"golang.org/x/sys/unix"
)

// Sync does without what does not matter to a reader, such as the time of
// the last change.
func (f osFile) Sync() error {
	return f.control(unix.Fdatasync)
}

func (f osFile) Reserve(size int64) error {
	err := f.control(func(fd int) error { return unix.Fallocate(fd, unix.FALLOC_FL_KEEP_SIZE, 0, size) })
	if errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.ENOSYS) {
		return errNoReserve
	}
	return err
}

func (f osFile) control(do func(fd int) error) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Control(func(fd uintptr) {
		for {
			if failed = do(int(fd)); !errors.Is(failed, unix.EINTR) {
				return
			}
		}
	})
	return errors.Join(err, failed)
}
