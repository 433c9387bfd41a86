//go:build !unix || !(amd64 || arm64) || nommap

// Copying is for systems that cannot map a file over a part of their memory. The
// tag nommap chooses it elsewhere, to test it.

package image

import "os"

// snapshot is the memory of an interpreter that waits for its script.
type snapshot struct {
	bytes []byte
	size  int64
}

func openSnapshot(path string, size int64) (*snapshot, error) {
	b, err := os.ReadFile(path)
	return &snapshot{bytes: b, size: size}, err
}

func (s *snapshot) close() { s.bytes = nil }

// linear is the memory of one fork: a copy.
type linear struct {
	from    *snapshot
	limit   int64
	refused bool
	bytes   []byte
}

func newLinear(s *snapshot) *linear { return &linear{from: s, limit: s.size} }

// Reallocate implements experimental.LinearMemory.
func (l *linear) Reallocate(size uint64) []byte {
	if int64(size) > l.limit {
		l.refused = true
		return nil
	}
	if size > uint64(cap(l.bytes)) {
		grown := make([]byte, size, min(int64(size)+int64(size)/4, max(l.limit, int64(size))))
		copy(grown, l.bytes)
		l.bytes = grown
	}
	l.bytes = l.bytes[:size]
	return l.bytes
}

// fill puts the snapshot where the memory begins.
func (l *linear) fill() error {
	copy(l.bytes, l.from.bytes)
	return nil
}

// Free implements experimental.LinearMemory.
func (l *linear) Free() { l.bytes = nil }
