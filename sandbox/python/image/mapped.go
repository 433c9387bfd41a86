//go:build unix && (amd64 || arm64) && !nommap

package image

import (
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// snapshot is the memory of an interpreter that waits for its script: a file
// that forks map, so that all of them, in all processes, share what they do
// not write to.
type snapshot struct {
	file *os.File
	size int64
}

func openSnapshot(path string, size int64) (*snapshot, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return &snapshot{file: f, size: size}, nil
}

func (s *snapshot) close() { _ = s.file.Close() }

// linear is the memory of one fork: address space for all it could ever
// address, of which only what it has grown to can be touched.
type linear struct {
	from    *snapshot
	limit   int64
	refused bool

	region unsafe.Pointer
	open   uintptr // bytes that can be touched
}

func newLinear(s *snapshot) *linear { return &linear{from: s, limit: s.size} }

// Reallocate implements experimental.LinearMemory. The memory never moves.
func (l *linear) Reallocate(size uint64) []byte {
	if int64(size) > l.limit {
		l.refused = true
		return nil
	}
	if l.region == nil {
		region, err := unix.MmapPtr(-1, 0, nil, maxMemory, unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANON|unix.MAP_NORESERVE)
		if err != nil {
			return l.nothing()
		}
		l.region = region
	}
	if more := uintptr(size); more > l.open {
		b := unsafe.Slice((*byte)(unsafe.Add(l.region, l.open)), more-l.open) //nolint:gosec // within the region
		if err := unix.Mprotect(b, unix.PROT_READ|unix.PROT_WRITE); err != nil {
			return l.nothing()
		}
		l.open = more
	}
	return unsafe.Slice((*byte)(l.region), size) //nolint:gosec // the limit is within the region
}

func (l *linear) nothing() []byte {
	l.refused = true
	return nil
}

// fill puts the snapshot where the memory begins.
func (l *linear) fill() error {
	_, err := unix.MmapPtr(int(l.from.file.Fd()), 0, l.region, uintptr(l.from.size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_FIXED)
	if err != nil {
		return fmt.Errorf("map the interpreter's memory: %w", err)
	}
	return nil
}

// Free implements experimental.LinearMemory.
func (l *linear) Free() {
	if l.region != nil {
		_ = unix.MunmapPtr(l.region, maxMemory)
		l.region = nil
	}
}
