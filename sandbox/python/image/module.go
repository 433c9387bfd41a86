package image

import (
	"github.com/bindery-mcp/bindery/sandbox/python/interpreter"
	"github.com/bindery-mcp/bindery/sandbox/python/wasm"
)

// The exports that a module is given.
const (
	exportRun   = "bindery_run"
	exportStack = "bindery_stack"
)

// period is how many checks of the countdown are between two calls of the
// host: about a millisecond. A longer one saves nothing that can be measured.
const period = 20_000

const wasi = "wasi_snapshot_preview1"

// rewrite makes an artefact one that can be kept, forked and interrupted. The
// segments are what its memory begins with.
func rewrite(p interpreter.Interpreter, artefact []byte) (module []byte, segments []wasm.Segment, err error) {
	m, err := wasm.Parse(artefact)
	if err != nil {
		return nil, nil, err
	}
	m.Strip()
	if segments, err = m.TakeData(); err != nil {
		return nil, nil, err
	}
	if err := m.ExportFunction(exportRun, p.RunString); err != nil {
		return nil, nil, err
	}
	if err := m.ExportGlobal(exportStack, p.StackPointer); err != nil {
		return nil, nil, err
	}
	if err := m.Countdown(period, wasi, "sched_yield"); err != nil {
		return nil, nil, err
	}
	return m.Encode(), segments, nil
}
