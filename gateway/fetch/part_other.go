//go:build !darwin && !dragonfly && !freebsd && !linux && !netbsd && !openbsd

package fetch

import "os"

// lock takes nothing where the standard library has no locks. Two downloads at
// once write the same bytes to the same places, and the digest tells if not.
func lock(*os.File) error { return nil }

// place renames the part closed: an open file cannot be renamed everywhere.
func place(p *part) error {
	if err := p.file.Close(); err != nil {
		return err
	}
	p.file = nil
	return os.Rename(p.path(), p.target)
}
