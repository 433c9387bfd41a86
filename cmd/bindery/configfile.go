package main

import (
	"io/fs"
	"os"
	"path/filepath"

	"github.com/fsnotify/fsnotify"
)

// configFile is a configuration file that may become another one.
type configFile struct {
	path string
	seen fs.FileInfo // nil if there was no file
}

func newConfigFile(path string) *configFile {
	f := &configFile{path: path}
	f.seen, _ = os.Stat(path)
	return f
}

// watch watches the folders in which a change of the file shows: its own, for a
// file that is replaced is another file, and that of the file it is a link to. A
// link to a folder on the way, as Kubernetes changes it, is in its own.
func (f *configFile) watch(w *fsnotify.Watcher) error {
	if target, err := filepath.EvalSymlinks(f.path); err == nil {
		_ = w.Add(filepath.Dir(target)) // if it cannot be, there is the other
	}
	return w.Add(filepath.Dir(f.path))
}

// changed reports whether the file is not what it was when this was asked last.
func (f *configFile) changed() bool {
	before := f.seen
	f.seen, _ = os.Stat(f.path)
	if before == nil || f.seen == nil {
		return before != f.seen
	}
	return !os.SameFile(before, f.seen) || !before.ModTime().Equal(f.seen.ModTime()) || before.Size() != f.seen.Size()
}
