package image

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"

	"github.com/bindery-mcp/bindery/sandbox/python/wasm"
	"github.com/bindery-mcp/bindery/stdlib"
)

// captured is an interpreter that waits for its script.
type captured struct {
	memory     []byte
	stack      uint32
	run, where uint32
}

// captureExit ends the run of the prelude, after its memory was copied.
const captureExit = 0x62696e64

// capture runs the prelude and keeps the interpreter as it is at the call of
// clock_res_get after its first frame. It must be such a call: Python keeps its
// lock over it, as it does not over reading and writing.
func capture(ctx context.Context, r wazero.Runtime, compiled wazero.CompiledModule, segments []wasm.Segment, files wazero.FSConfig) (captured, error) {
	var c captured
	var kept bool
	host := r.NewHostModuleBuilder(wasi)
	wasi_snapshot_preview1.NewFunctionExporter().ExportFunctions(host)
	var out bytes.Buffer
	host.NewFunctionBuilder().WithFunc(func(_ context.Context, m api.Module, _, resolution uint32) uint32 {
		if out.Len() == 0 {
			m.Memory().WriteUint64Le(resolution, 1000)
			return 0
		}
		memory, _ := m.Memory().Read(0, m.Memory().Size())
		c.memory = bytes.Clone(memory)
		c.stack = uint32(m.ExportedGlobal(exportStack).Get())
		kept = true
		panic(sys.NewExitError(captureExit))
	}).Export("clock_res_get")
	host.NewFunctionBuilder().WithFunc(func(context.Context) uint32 {
		if ctx.Err() != nil {
			panic(sys.NewExitError(sys.ExitCodeContextCanceled))
		}
		return 0
	}).Export("sched_yield")
	if _, err := host.Instantiate(ctx); err != nil {
		return c, err
	}
	said := &beginning{}
	config := wazero.NewModuleConfig().WithStartFunctions().WithFSConfig(files).
		WithStdout(&out).WithStderr(said).WithSysWalltime().WithSysNanotime().WithRandSource(zeros{}).
		WithArgs("python", "-I", "-B", "-S", "-X", "utf8", "-c", stdlib.Python().Code)
	m, err := r.InstantiateModule(ctx, compiled, config)
	if err != nil {
		return c, err
	}
	defer m.Close(ctx)
	for _, s := range segments {
		if !m.Memory().Write(s.Offset, s.Data) {
			return c, errors.New("the module's data is outside of its memory")
		}
	}
	_, err = m.ExportedFunction("_start").Call(ctx)
	if ctx.Err() != nil {
		return c, ctx.Err()
	}
	if !kept {
		return c, fmt.Errorf("the prelude did not come to its end: %w: %s", err, strings.TrimSpace(said.String()+" "+strings.ToValidUTF8(string(out.Bytes()[:min(out.Len(), 4<<10)]), "")))
	}
	err = c.read(out.Bytes())
	return c, err
}

// read takes the places of the programs from what the prelude wrote.
func (c *captured) read(out []byte) error {
	var ready struct {
		Kind     string   `json:"k"`
		Programs []uint32 `json:"programs"`
	}
	if len(out) < 4 || int(binary.LittleEndian.Uint32(out)) != len(out)-4 {
		return fmt.Errorf("the prelude wrote something else than it should: %.100q", out)
	}
	if err := json.Unmarshal(out[4:], &ready); err != nil {
		return fmt.Errorf("read what the prelude wrote: %w", err)
	}
	if ready.Kind != "ready" || len(ready.Programs) != 2 {
		return errors.New("the prelude is not ready")
	}
	c.run, c.where = ready.Programs[0], ready.Programs[1]
	return nil
}

// zeros stands for randomness while the prelude runs: equal inputs, equal
// images. A script has its own.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// beginning is a writer that keeps the first kilobytes.
type beginning struct{ strings.Builder }

func (w *beginning) Write(b []byte) (int, error) {
	w.WriteString(string(b[:min(len(b), max(0, 8<<10-w.Len()))]))
	return len(b), nil
}

var _ io.Writer = (*beginning)(nil)
