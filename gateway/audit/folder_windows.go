package audit

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

var errLocked = errors.New("another process writes it")

// lock takes the file for this process until it is closed.
func lock(f *os.File) error {
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, new(windows.Overlapped))
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return errLocked
	}
	return err
}

// SyncDir does nothing: folders cannot be synced on Windows, whose file
// systems journal names.
func (osDisk) SyncDir(string) error { return nil }
