package image

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"

	"github.com/bindery-mcp/bindery"
)

const (
	// pageSize is WebAssembly's unit of memory.
	pageSize = 64 << 10
	// maxMemory is what a module of 32 bits can address.
	maxMemory = 4 << 30
)

// Image is a prepared interpreter, open: its forks need no file.
type Image struct {
	manifest manifest
	cache    wazero.CompilationCache
	runtime  wazero.Runtime
	compiled wazero.CompiledModule
	memory   *snapshot
	files    wazero.FSConfig
}

// runtimeConfig is how scripts are executed. Closing on the end of a context is
// what the countdown is for: wazero's own way costs up to six times the time.
func runtimeConfig(cache wazero.CompilationCache) wazero.RuntimeConfig {
	return wazero.NewRuntimeConfigCompiler().WithCompilationCache(cache).WithDebugInfoEnabled(false)
}

// supported reports whether wazero has a compiler for this machine. Its
// interpreter would take 20 seconds to start Python.
func supported() error {
	switch runtime.GOOS {
	case "linux", "darwin", "freebsd", "netbsd", "dragonfly", "windows":
		if runtime.GOARCH == "amd64" || runtime.GOARCH == "arm64" {
			return nil
		}
	}
	return fmt.Errorf("there is no compiler for %s/%s: Python needs a 64-bit x86 or ARM processor", runtime.GOOS, runtime.GOARCH)
}

// Open opens the image in dir, which [Prepare] made. Whoever opens it closes it.
func Open(ctx context.Context, dir string) (*Image, error) {
	m, err := open(ctx, dir)
	if err != nil {
		return nil, &bindery.Error{
			Code: bindery.Unavailable, Op: "open the Python interpreter", Err: err, Hint: "prepare it again: bindery python install",
		}
	}
	return m, nil
}

func open(ctx context.Context, dir string) (_ *Image, err error) {
	if err := supported(); err != nil {
		return nil, err
	}
	i := &Image{}
	defer func() {
		if err != nil {
			i.Close(ctx)
		}
	}()
	if i.manifest, err = readManifest(dir); err != nil {
		return nil, err
	}
	if err := i.manifest.check(dir); err != nil {
		return nil, err
	}
	now := time.Now()
	_ = os.Chtimes(filepath.Join(dir, manifestFile), now, now) // it is in use, see tidy
	module, err := os.ReadFile(filepath.Join(dir, moduleFile))
	if err != nil {
		return nil, err
	}
	if i.cache, err = wazero.NewCompilationCacheWithDir(filepath.Join(dir, codeFolder)); err != nil {
		return nil, err
	}
	i.runtime = wazero.NewRuntimeWithConfig(ctx, runtimeConfig(i.cache))
	if i.compiled, err = i.runtime.CompileModule(ctx, module); err != nil {
		return nil, fmt.Errorf("load the compiled module: %w", err)
	}
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, i.runtime); err != nil {
		return nil, err
	}
	if i.memory, err = openSnapshot(filepath.Join(dir, memoryFile), i.manifest.Memory); err != nil {
		return nil, err
	}
	library, err := readLibrary(filepath.Join(dir, libraryName), i.manifest.Library)
	if err != nil {
		return nil, err
	}
	i.files, err = mount(library, i.manifest.LibraryPath)
	return i, err
}

func readLibrary(path string, size int64) ([]byte, error) {
	if size == 0 {
		return nil, nil
	}
	return os.ReadFile(path)
}

// Version is Python's.
func (i *Image) Version() string { return i.manifest.Version }

// Memory is how many bytes of private memory each fork has mapped before its
// script begins.
func (i *Image) Memory() int64 { return i.manifest.Memory }

// Close releases the image. No fork may be left. It may be called again.
func (i *Image) Close(ctx context.Context) {
	if i.runtime != nil {
		_ = i.runtime.Close(ctx)
	}
	if i.cache != nil {
		_ = i.cache.Close(ctx)
	}
	if i.memory != nil {
		i.memory.close()
	}
	i.runtime, i.cache, i.memory = nil, nil, nil
}
