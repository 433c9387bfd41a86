package link

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/bindery-mcp/bindery/internal/atomicfile"
)

// backupSuffix ends the name of the copy of a file as it was before the first
// edit. Later copies have the time after it.
const backupSuffix = ".bindery-backup"

// Read returns the content of a client's configuration, nil if it does not
// exist, for [Codex] to edit.
func Read(path string) ([]byte, error) {
	data, err := atomicfile.Read(path, maxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the client's configuration %s: %w", path, err)
	}
	return data, nil
}

// Apply writes an edit to the file at path, following symbolic links, and
// returns the name of the copy it made of the file as it was, "" if there was
// no file. The file is replaced in one step and keeps its mode. If it has
// changed since the edit was made, nothing is written.
func Apply(path string, e Edit) (backup string, err error) {
	if !e.Changed {
		return "", nil
	}
	if path, err = target(path); err != nil {
		return "", fmt.Errorf("link: %w", err)
	}
	now, err := Read(path)
	if err != nil {
		return "", err
	}
	if (now == nil) != (e.Before == nil) || !bytes.Equal(now, e.Before) {
		return "", fmt.Errorf("link: %s has changed in the meantime; try again", path)
	}
	mode := fs.FileMode(0o600)
	if now != nil {
		info, err := os.Stat(path)
		if err != nil {
			return "", fmt.Errorf("link: %w", err)
		}
		mode = info.Mode().Perm()
		if backup, err = keepCopy(path, now, mode); err != nil {
			return "", fmt.Errorf("link: keep a copy: %w", err)
		}
	} else if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("link: %w", err)
	}
	if err := atomicfile.Write(path, e.After, mode); err != nil {
		return backup, fmt.Errorf("link: write %s: %w", path, err)
	}
	return backup, nil
}

// target follows symbolic links: what they point to is replaced, not they.
func target(path string) (string, error) {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return path, nil
	}
	return filepath.EvalSymlinks(path)
}

func keepCopy(path string, data []byte, mode fs.FileMode) (string, error) {
	name := path + backupSuffix
	for i := 1; ; i++ {
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if err == nil {
			_, err = f.Write(data)
			return name, errors.Join(err, f.Sync(), f.Close())
		}
		if !errors.Is(err, fs.ErrExist) || i > 100 {
			return "", err
		}
		name = laterCopy(path)
		if i > 1 {
			name = fmt.Sprintf("%s-%d", name, i)
		}
	}
}

func laterCopy(path string) string {
	return path + backupSuffix + "-" + time.Now().UTC().Format("20060102T150405Z")
}
