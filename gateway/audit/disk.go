package audit

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// disk is what the log does to its folder.
type disk interface {
	// Create makes a file, which must not be there.
	Create(path string) (file, error)
	// Open opens a file for writing.
	Open(path string) (file, error)
	Rename(from, to string) error
	Remove(path string) error
	SyncDir(dir string) error
}

// file is what it does to the file that it writes.
type file interface {
	WriteAt(b []byte, at int64) (int, error)
	Truncate(size int64) error
	// Sync returns when what was written outlives the machine.
	Sync() error
	// Reserve sets blocks aside so that the file can grow to that size on a
	// full disk; errNoReserve if this cannot be done here at all.
	Reserve(size int64) error
	Close() error
}

var errNoReserve = errors.New("space cannot be set aside on this file system")

// osDisk is the disk of the operating system.
type osDisk struct{}

const openFlags = os.O_WRONLY

func (osDisk) Create(path string) (file, error) {
	return opened(os.OpenFile(path, openFlags|os.O_CREATE|os.O_EXCL, 0o600))
}

func (osDisk) Open(path string) (file, error) { return opened(os.OpenFile(path, openFlags, 0)) }

func opened(f *os.File, err error) (file, error) {
	if err != nil {
		return nil, err
	}
	return osFile{f}, nil
}

func (osDisk) Rename(from, to string) error { return os.Rename(from, to) }
func (osDisk) Remove(path string) error     { return os.Remove(path) }

type osFile struct{ *os.File }

// Names of files in the folder.
const (
	filePrefix = "audit-"
	fileSuffix = ".jsonl"
	lockName   = "lock"
	nextName   = "next" // a file before it has its name
	seqDigits  = 20
)

// fileName is the name of the file that begins with a record.
func fileName(first uint64) string {
	return fmt.Sprintf("%s%0*d%s", filePrefix, seqDigits, first, fileSuffix)
}

// logFile is one file of a log.
type logFile struct {
	path  string
	first uint64 // record
}

// listFiles returns the files of a log in their order.
func listFiles(dir string) ([]logFile, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var files []logFile
	for _, e := range entries {
		digits, ok := strings.CutPrefix(e.Name(), filePrefix)
		digits, is := strings.CutSuffix(digits, fileSuffix)
		first, err := strconv.ParseUint(digits, 10, 64)
		if ok && is && err == nil && e.Name() == fileName(first) {
			files = append(files, logFile{filepath.Join(dir, e.Name()), first})
		}
	}
	slices.SortFunc(files, func(a, b logFile) int { return strings.Compare(a.path, b.path) })
	return files, nil
}
