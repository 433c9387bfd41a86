package image

import (
	"context"
	"crypto/rand"
	"errors"
	"io"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// Streams are what a fork is connected to. All three are used by the goroutine
// that calls its methods, and may end the call by a panic with a
// *[github.com/tetratelabs/wazero/sys.ExitError].
type Streams struct {
	In  io.Reader
	Out io.Writer
	// Yield is called every millisecond or so of running.
	Yield func()
}

// Fork is an interpreter for one script.
type Fork struct {
	image  *Image
	module api.Module
	memory *linear
}

// discard takes what the interpreter says when it dies, which may hold paths.
type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

// Fork makes an interpreter that is about to run its script.
func (i *Image) Fork(ctx context.Context, s Streams) (*Fork, error) {
	f := &Fork{image: i, memory: newLinear(i.memory)}
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions().WithFSConfig(i.files).
		WithStdin(s.In).WithStdout(s.Out).WithStderr(discard{}).WithOsyield(s.Yield).
		WithSysWalltime().WithSysNanotime().WithRandSource(rand.Reader)
	allocator := experimental.MemoryAllocatorFunc(func(_, _ uint64) experimental.LinearMemory { return f.memory })
	m, err := i.runtime.InstantiateModule(experimental.WithMemoryAllocator(ctx, allocator), i.compiled, config)
	if err != nil {
		f.memory.Free()
		return nil, err
	}
	f.module = m
	pages := uint32(i.manifest.Memory / pageSize)
	if have := m.Memory().Size() / pageSize; have < pages {
		if _, ok := m.Memory().Grow(pages - have); !ok {
			f.Close(ctx)
			return nil, errors.New("there is no memory for an interpreter")
		}
	}
	if err := f.memory.fill(); err != nil {
		f.Close(ctx)
		return nil, err
	}
	stack, ok := m.ExportedGlobal(exportStack).(api.MutableGlobal)
	if !ok {
		f.Close(ctx)
		return nil, errors.New("the interpreter's stack pointer is constant")
	}
	stack.Set(uint64(i.manifest.StackPointer))
	return f, nil
}

// Run runs the script, which comes through the streams. The interpreter's
// memory never exceeds limit bytes. An error is the interpreter's end, not the
// script's.
func (f *Fork) Run(ctx context.Context, limit int64) error {
	f.memory.limit = limit / pageSize * pageSize
	_, err := f.module.ExportedFunction(exportRun).Call(ctx, uint64(f.image.manifest.Run), 0)
	return err
}

// Where has the interpreter tell where its script is, after a Run that its
// streams ended. What it was at may be half done, so it may fail in any way.
func (f *Fork) Where(ctx context.Context) error {
	_, err := f.module.ExportedFunction(exportRun).Call(ctx, uint64(f.image.manifest.Where), 0)
	return err
}

// Starved reports whether the script was refused memory.
func (f *Fork) Starved() bool { return f.memory.refused }

// Close gives the memory back.
func (f *Fork) Close(ctx context.Context) { _ = f.module.Close(ctx) }
