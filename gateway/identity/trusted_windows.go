package identity

import (
	"errors"
	"io/fs"
)

func trusted(info fs.FileInfo) error {
	if !info.Mode().IsRegular() {
		return errors.New("it is not a regular file")
	}
	return nil
}
