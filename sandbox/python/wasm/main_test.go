package wasm_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery/sandbox/python/wasm"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	wasi       = "wasi_snapshot_preview1"
	schedYield = "sched_yield"
)

func testdata(tb testing.TB, name string) []byte {
	tb.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name+".wasm"))
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func allTestdata(tb testing.TB) map[string][]byte {
	tb.Helper()
	files, err := filepath.Glob("testdata/*.wasm")
	if err != nil || len(files) == 0 {
		tb.Fatal(files, err)
	}
	all := map[string][]byte{}
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".wasm")
		all[name] = testdata(tb, name)
	}
	return all
}

func parse(tb testing.TB, b []byte) *wasm.Module {
	tb.Helper()
	m, err := wasm.Parse(b)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// counting returns the module with a check every so often.
func counting(tb testing.TB, b []byte, period uint32) []byte {
	tb.Helper()
	m := parse(tb, b)
	if err := m.Countdown(period, wasi, schedYield); err != nil {
		tb.Fatal(err)
	}
	return m.Encode()
}

// start runs a module whose sched_yield is the given function.
func start(tb testing.TB, b []byte, yield func(context.Context)) api.Module {
	tb.Helper()
	ctx := tb.Context()
	r := wazero.NewRuntime(ctx)
	tb.Cleanup(func() { r.Close(context.WithoutCancel(ctx)) })
	host := func(ctx context.Context, stack []uint64) {
		if yield != nil {
			yield(ctx)
		}
		stack[0] = 0
	}
	_, err := r.NewHostModuleBuilder(wasi).NewFunctionBuilder().
		WithGoFunction(api.GoFunc(host), nil, []api.ValueType{api.ValueTypeI32}).
		Export(schedYield).Instantiate(ctx)
	if err != nil {
		tb.Fatal(err)
	}
	m, err := r.Instantiate(ctx, b)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}
