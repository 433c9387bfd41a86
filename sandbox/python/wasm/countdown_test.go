package wasm_test

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tetratelabs/wazero/sys"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox/python/wasm"
)

func TestSameResults(t *testing.T) {
	t.Parallel()
	b := testdata(t, "control")
	for _, period := range []uint32{1, 3, 1000, 1<<32 - 1} {
		yields := 0
		plain, counted := start(t, b, nil), start(t, counting(t, b, period), func(context.Context) { yields++ })
		for _, f := range []string{"turns", "fib", "params", "states", "nested", "even", "stacked", "dead", "yields"} {
			for _, n := range []uint64{0, 1, 2, 3, 7, 10, 15} {
				want, err := plain.ExportedFunction(f).Call(t.Context(), n)
				if err != nil {
					t.Fatal(f, n, err)
				}
				got, err := counted.ExportedFunction(f).Call(t.Context(), n)
				if err != nil || got[0] != want[0] {
					t.Errorf("%s(%d) = %v, %v with period %d, want %d", f, n, got, err, period, want)
				}
			}
		}
		if (yields > 7) != (period < 1<<31) { // "yields" calls once for each number
			t.Errorf("%d calls with period %d", yields, period)
		}
	}
}

func TestPeriod(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		function      string
		n             uint64
		period, calls int
	}{
		{"turns", 1000, 1, 1000},
		{"turns", 1000, 7, 142},
		{"turns", 1000, 64, 15},
		{"turns", 1000, 1000, 1},
		{"turns", 1000, 1001, 0},
		{"fib", 10, 1, 177}, // as many as there are calls of it
		{"fib", 10, 59, 3},
		{"params", 500, 100, 5},
		{"nested", 1, 1, 2},
		{"dead", 9, 1, 0},
		{"stacked", 99, 10, 10},
		{"even", 97, 1, 99},
	} {
		yields := 0
		m := start(t, counting(t, testdata(t, "control"), uint32(test.period)), func(context.Context) { yields++ })
		if _, err := m.ExportedFunction(test.function).Call(t.Context(), test.n); err != nil {
			t.Fatal(err)
		}
		if yields != test.calls {
			t.Errorf("%s(%d): %d calls with period %d, want %d", test.function, test.n, yields, test.period, test.calls)
		}
	}
}

// What is left of a period is counted on by the next call.
func TestCountGoesOn(t *testing.T) {
	t.Parallel()
	yields := 0
	m := start(t, counting(t, testdata(t, "control"), 10), func(context.Context) { yields++ })
	for i := 1; i <= 10; i++ {
		if _, err := m.ExportedFunction("turns").Call(t.Context(), 3); err != nil {
			t.Fatal(err)
		}
		if yields != i*3/10 {
			t.Errorf("after %d turns %d calls", i*3, yields)
		}
	}
}

func TestEndlessProgramsEnd(t *testing.T) {
	t.Parallel()
	for _, f := range []string{"spin_loop", "spin_if", "spin_params", "spin_table", "spin_far", "spin_calls", "spin_indirect"} {
		t.Run(f, func(t *testing.T) {
			t.Parallel()
			yields := 0
			m := start(t, counting(t, testdata(t, "control"), 100), func(context.Context) {
				if yields++; yields == 50 {
					panic(sys.NewExitError(7))
				}
			})
			_, err := m.ExportedFunction(f).Call(t.Context(), 1)
			var exit *sys.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != 7 {
				t.Errorf("ended by %v", err)
			}
		})
	}
}

// Collections stop all threads; one that ran native code for ever would never
// let them begin.
func TestCollectorRunsBesideEndlessProgram(t *testing.T) {
	t.Parallel()
	var collected atomic.Bool
	running := make(chan struct{})
	yields := 0
	m := start(t, counting(t, testdata(t, "control"), 10_000), func(context.Context) {
		if yields++; yields == 1 {
			close(running)
		}
		if collected.Load() {
			panic(sys.NewExitError(0))
		}
	})
	done := make(chan error)
	go func() {
		_, err := m.ExportedFunction("spin_loop").Call(t.Context(), 0)
		done <- err
	}()
	<-running
	for range 3 {
		runtime.GC()
	}
	collected.Store(true)
	if err := <-done; err == nil {
		t.Error("it ended by itself")
	}
}

func TestAllTogether(t *testing.T) {
	t.Parallel()
	m := parse(t, testdata(t, "active"))
	if err := m.Countdown(1, wasi, schedYield); err != nil {
		t.Fatal(err)
	}
	m.Strip()
	if err := m.ExportGlobal("count", 0); err != nil {
		t.Fatal(err)
	}
	if s, err := m.TakeData(); len(s) != 4 || err != nil {
		t.Fatal(s, err)
	}
	once := m.Encode()
	if !bytes.Equal(once, m.Encode()) {
		t.Error("it is encoded differently each time")
	}
	if !bytes.Equal(once, parse(t, once).Encode()) {
		t.Error("what was written is read differently")
	}
	r := start(t, once, nil)
	if got := r.ExportedGlobal("count").Get(); got != 1 {
		t.Errorf("the count is at %d", got)
	}
	if got, err := r.ExportedFunction("load").Call(t.Context(), 16); err != nil || got[0] != 0 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestCountdownRefuses(t *testing.T) {
	t.Parallel()
	wrong := vec(1, []byte{0x60, 1, 0x7f, 0}, []byte{0x60, 0, 2, 0x7f, 0x7f}, []byte{0x60, 0, 1, 0x7e})
	imported := func(what ...byte) []byte { return vec(2, slices.Concat(name("m"), name("f"), what)) }
	for name, test := range map[string]struct {
		in     []byte
		period uint32
		want   string
	}{
		"no import":      {module(), 1, "the module does not import m.f"},
		"other import":   {testdata(t, "control"), 1, "the module does not import m.f"},
		"global":         {module(wrong, imported(wasm.KindGlobal, 0x7f, 0)), 1, "the module does not import m.f"},
		"takes":          {module(wrong, imported(0, 0)), 1, "m.f does not take nothing and return an i32"},
		"returns two":    {module(wrong, imported(0, 1)), 1, "m.f does not take nothing and return an i32"},
		"returns i64":    {module(wrong, imported(0, 2)), 1, "m.f does not take nothing and return an i32"},
		"period of none": {module(), 0, "a period of 0"},
	} {
		m := parse(t, test.in)
		err := m.Countdown(test.period, "m", "f")
		if err == nil || !strings.Contains(err.Error(), test.want) || bindery.CodeOf(err) != bindery.Invalid || bindery.HintOf(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
		if !bytes.Equal(m.Encode(), test.in) {
			t.Errorf("%s: the module was changed", name)
		}
	}
	m := parse(t, testdata(t, "control"))
	if err := m.Countdown(1, wasi, schedYield); err != nil {
		t.Fatal(err)
	}
	if err := m.Countdown(1, wasi, schedYield); err == nil || !strings.Contains(err.Error(), "counts down already") {
		t.Error(err)
	}
}
