package image

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// The files of an image.
const (
	manifestFile = "manifest.json"
	moduleFile   = "module.wasm"
	memoryFile   = "memory"
	libraryName  = "library.zip"
	codeFolder   = "code"
)

// maxManifest bounds what is read of a manifest.
const maxManifest = 16 << 10

// manifest says what an image holds. It is written last, so that an image with
// one is whole.
type manifest struct {
	Key     string `json:"key"`
	Version string `json:"version"`
	// Compiler is the version of wazero whose code is kept.
	Compiler    string `json:"compiler"`
	LibraryPath string `json:"libraryPath,omitempty"`
	// Sizes are those of the files, in bytes.
	Module  int64 `json:"module"`
	Memory  int64 `json:"memory"`
	Library int64 `json:"library,omitempty"`
	// StackPointer is the value of that global when the memory was kept.
	StackPointer uint32 `json:"stackPointer"`
	// Programs are the places in memory of the Python programs that run a
	// script, and that tell where it is.
	Run   uint32 `json:"run"`
	Where uint32 `json:"where"`
}

func readManifest(dir string) (manifest, error) {
	var m manifest
	f, err := os.Open(filepath.Join(dir, manifestFile))
	if err != nil {
		return m, err
	}
	defer f.Close()
	data := make([]byte, maxManifest)
	n, err := f.Read(data)
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(data[:n], &m); err != nil {
		return m, fmt.Errorf("%s: %w", manifestFile, err)
	}
	return m, nil
}

// check reports what is wrong with the folder, as far as a look tells.
func (m manifest) check(dir string) error {
	if m.Key != filepath.Base(dir) {
		return errors.New("it is the image of another interpreter")
	}
	if m.Compiler != wazeroVersion() {
		return errors.New("it was compiled by another build of bindery")
	}
	if m.Memory <= 0 || m.Memory%pageSize != 0 || m.Memory > maxMemory {
		return fmt.Errorf("a memory of %d bytes", m.Memory)
	}
	for name, size := range map[string]int64{moduleFile: m.Module, memoryFile: m.Memory, libraryName: m.Library} {
		info, err := os.Stat(filepath.Join(dir, name))
		if size == 0 && name == libraryName && errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if info.Size() != size {
			return fmt.Errorf("%s has %d bytes instead of %d", name, info.Size(), size)
		}
	}
	return nil
}

func (m manifest) write(dir string) error {
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, manifestFile), append(data, '\n'), 0o600)
}
