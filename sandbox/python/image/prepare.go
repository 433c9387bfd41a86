package image

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox/python/interpreter"
)

// Progress is told how far a preparation is: done of total units of a step,
// total 0 if nobody knows.
type Progress func(step string, done, total int64)

// steps is how many steps a preparation has.
const steps = 4

// Prepare makes the image of p in a folder of its own under root, unless it is
// there, and returns the folder. It takes some seconds and may run in several
// processes at once; one of them wins. Images that nobody has used for a day
// are removed. progress may be nil.
func Prepare(ctx context.Context, p interpreter.Interpreter, root string, progress Progress) (string, error) {
	if dir, ok := Find(p, root); ok {
		return dir, nil
	}
	fail := func(err error) (string, error) {
		if ctx.Err() != nil {
			return "", &bindery.Error{Code: bindery.Cancelled, Op: "prepare Python " + p.Version, Err: ctx.Err()}
		}
		return "", &bindery.Error{
			Code: bindery.CodeOf(err), Op: "prepare Python " + p.Version, Err: err,
			Hint: "check that " + root + " can be written to and that the interpreter is the one that bindery knows",
		}
	}
	if err := supported(); err != nil {
		return fail(err)
	}
	if err := os.MkdirAll(root, 0o700); err != nil {
		return fail(err)
	}
	tidy(root, keyOf(p))
	made, err := os.MkdirTemp(root, temporary)
	if err != nil {
		return fail(err)
	}
	defer os.RemoveAll(made)
	if progress == nil {
		progress = func(string, int64, int64) {}
	}
	if err := build(ctx, p, made, progress); err != nil {
		return fail(err)
	}
	dir := filepath.Join(root, keyOf(p))
	if _, ok := Find(p, root); ok {
		return dir, nil // another process was faster
	}
	if err := os.RemoveAll(dir); err != nil { // what is there is damaged
		return fail(err)
	}
	if err := os.Rename(made, dir); err != nil {
		if _, ok := Find(p, root); ok {
			return dir, nil
		}
		return fail(err)
	}
	return dir, nil
}

// build fills the folder made.
func build(ctx context.Context, p interpreter.Interpreter, made string, progress Progress) error {
	progress("read the interpreter", 0, steps)
	artefact, err := p.Wasm()
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(artefact); hex.EncodeToString(sum[:]) != p.SHA256 {
		return fmt.Errorf("the interpreter has the SHA-256 %x, and should have %s", sum, p.SHA256)
	}
	progress("rewrite it", 1, steps)
	module, segments, err := rewrite(p, artefact)
	if err != nil {
		return err
	}
	m := manifest{Key: keyOf(p), Version: p.Version, Compiler: wazeroVersion(), LibraryPath: p.LibraryPath, Module: int64(len(module)), Library: int64(len(p.Library))}
	if err := os.WriteFile(filepath.Join(made, moduleFile), module, 0o600); err != nil {
		return err
	}
	if len(p.Library) > 0 {
		if err := os.WriteFile(filepath.Join(made, libraryName), p.Library, 0o600); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	progress("compile it", 2, steps)
	cache, err := wazero.NewCompilationCacheWithDir(filepath.Join(made, codeFolder))
	if err != nil {
		return err
	}
	defer cache.Close(ctx)
	r := wazero.NewRuntimeWithConfig(ctx, runtimeConfig(cache))
	defer r.Close(ctx)
	compiled, err := r.CompileModule(experimental.WithCompilationWorkers(ctx, runtime.GOMAXPROCS(0)), module)
	if err != nil {
		return fmt.Errorf("compile: %w", err)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	progress("start it", 3, steps)
	files, err := mount(p.Library, p.LibraryPath)
	if err != nil {
		return err
	}
	c, err := capture(ctx, r, compiled, segments, files)
	if err != nil {
		return fmt.Errorf("start: %w", err)
	}
	m.Memory, m.StackPointer, m.Run, m.Where = int64(len(c.memory)), c.stack, c.run, c.where
	if err := writeMemory(filepath.Join(made, memoryFile), c.memory); err != nil {
		return err
	}
	progress("done", steps, steps)
	return m.write(made)
}

// writeMemory writes a file without the parts that are zero, which take no
// space on most file systems.
func writeMemory(path string, memory []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	err = f.Truncate(int64(len(memory)))
	const part = 4 << 10
	for at := 0; at < len(memory) && err == nil; at += part {
		b := memory[at:min(at+part, len(memory))]
		if !isZero(b) {
			_, err = f.WriteAt(b, int64(at))
		}
	}
	return errors.Join(err, f.Close())
}

func isZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// temporary begins the names of folders that are not finished.
const temporary = ".python-making-"

// unused is how long an image, or a folder that was not finished, stays that
// nobody uses. A gateway of another version may be running.
const unused = 24 * time.Hour

// tidy removes what nobody uses any more. That it cannot is no harm.
func tidy(root, key string) {
	entries, err := os.ReadDir(root)
	if err != nil {
		return
	}
	for _, e := range entries {
		made := strings.HasPrefix(e.Name(), temporary)
		if !e.IsDir() || e.Name() == key || !made && !strings.HasPrefix(e.Name(), prefix) {
			continue
		}
		dir := filepath.Join(root, e.Name())
		used := filepath.Join(dir, manifestFile)
		if made || !exists(used) {
			used = dir
		}
		if info, err := os.Stat(used); err == nil && time.Since(info.ModTime()) > unused {
			_ = os.RemoveAll(dir)
		}
	}
}
