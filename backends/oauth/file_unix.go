//go:build unix

package oauth

import (
	"io/fs"
	"syscall"
)

// fileID tells a file from one that has its name after it.
func fileID(info fs.FileInfo) uint64 {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return st.Ino
	}
	return 0
}
