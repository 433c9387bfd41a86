//go:build unix

package identity

import (
	"errors"
	"io/fs"
)

// trusted refuses a file that others could have written.
func trusted(info fs.FileInfo) error {
	switch {
	case !info.Mode().IsRegular():
		return errors.New("it is not a regular file")
	case info.Mode().Perm()&0o022 != 0:
		return errors.New("others can write it; chmod go-w it")
	}
	return nil
}
