package image

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"io/fs"

	"github.com/tetratelabs/wazero"
)

// maxLibraryFile bounds one file of the standard library, unpacked.
const maxLibraryFile = 16 << 20

// mount gives an interpreter its standard library, and no other file.
func mount(archive []byte, at string) (wazero.FSConfig, error) {
	files := wazero.NewFSConfig()
	if len(archive) == 0 {
		return files, nil
	}
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, fmt.Errorf("read the standard library: %w", err)
	}
	return files.WithFSMount(library{z}, at), nil
}

// library is an archive whose files can be read from any place, as those of
// archive/zip cannot.
type library struct{ archive *zip.Reader }

// Open implements [fs.FS].
func (l library) Open(name string) (fs.File, error) {
	f, err := l.archive.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return f, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxLibraryFile))
	if err != nil {
		return nil, fmt.Errorf("read %s of the standard library: %w", name, err)
	}
	return &libraryFile{bytes.NewReader(data), info}, nil
}

// libraryFile is a file of the library, open.
type libraryFile struct {
	*bytes.Reader
	info fs.FileInfo
}

// Stat implements [fs.File].
func (f *libraryFile) Stat() (fs.FileInfo, error) { return f.info, nil }

// Close implements [fs.File].
func (*libraryFile) Close() error { return nil }
