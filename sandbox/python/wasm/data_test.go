package wasm_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero/api"

	"github.com/bindery-mcp/bindery/sandbox/python/wasm"
)

func memory(t *testing.T, m api.Module) []byte {
	t.Helper()
	b, ok := m.Memory().Read(0, m.Memory().Size())
	if !ok {
		t.Fatal("no memory")
	}
	return b
}

func TestTakenDataFillsTheSameMemory(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"active", "passive"} {
		b := testdata(t, name)
		want := memory(t, start(t, b, nil))
		m := parse(t, b)
		segments, err := m.TakeData()
		if err != nil {
			t.Fatal(err)
		}
		r := start(t, m.Encode(), nil)
		got := memory(t, r)
		if len(bytes.Trim(got, "\x00")) != 0 {
			t.Errorf("%s: the memory is not empty", name)
		}
		for _, s := range segments {
			if !r.Memory().Write(s.Offset, s.Data) {
				t.Errorf("%s: segment of %d bytes at %d", name, len(s.Data), s.Offset)
			}
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s: the memory is not the same", name)
		}
		if again, err := m.TakeData(); len(again) != 0 || err != nil {
			t.Errorf("%s: there was more: %v, %v", name, again, err)
		}
	}
}

func TestTakeDataKeepsOrder(t *testing.T) {
	t.Parallel()
	got, err := parse(t, testdata(t, "active")).TakeData()
	if err != nil {
		t.Fatal(err)
	}
	want := []wasm.Segment{{16, []byte("once upon a time")}, {21, []byte("under")}, {0, nil}, {65532, []byte("end.")}}
	if len(got) != len(want) {
		t.Fatalf("%d segments", len(got))
	}
	for i := range want {
		if got[i].Offset != want[i].Offset || !bytes.Equal(got[i].Data, want[i].Data) {
			t.Errorf("segment %d: %q at %d", i, got[i].Data, got[i].Offset)
		}
	}
}

func TestPassiveDataKeepsItsNumber(t *testing.T) {
	t.Parallel()
	m := parse(t, testdata(t, "passive"))
	if _, err := m.TakeData(); err != nil {
		t.Fatal(err)
	}
	r := start(t, m.Encode(), nil)
	if _, err := r.ExportedFunction("copy").Call(t.Context(), 100); err != nil {
		t.Fatal(err)
	}
	if got, _ := r.Memory().Read(100, 18); string(got) != "passive 1passive 3" {
		t.Errorf("copied %q", got)
	}
	if _, err := r.ExportedFunction("trap").Call(t.Context(), 0); err == nil {
		t.Error("there is something left of an active segment")
	}
}

// Passive segments that no instruction refers to stay, and those before them
// need no place.
func TestUnusedPassiveData(t *testing.T) {
	t.Parallel()
	active, passive := []byte{0, 0x41, 0x7f, 0x0b, 1, 'a'}, []byte{1, 1, 'p'}
	m := parse(t, module(vec(5, []byte{0, 1}), section(12, 3), vec(11, active, passive, active)))
	got, err := m.TakeData()
	if err != nil || len(got) != 2 || got[0].Offset != 1<<32-1 {
		t.Errorf("%v, %v", got, err)
	}
	if got, want := m.Encode(), module(vec(5, []byte{0, 1}), section(12, 1), vec(11, passive)); !bytes.Equal(got, want) {
		t.Errorf("%x, want %x", got, want)
	}
	m = parse(t, module(vec(5, []byte{0, 1}), section(12, 1), vec(11, active)))
	if _, err := m.TakeData(); err != nil {
		t.Error(err)
	}
	if got, want := m.Encode(), module(vec(5, []byte{0, 1})); !bytes.Equal(got, want) {
		t.Errorf("%x, want %x", got, want)
	}
}

func TestNoDataToTake(t *testing.T) {
	t.Parallel()
	for _, b := range [][]byte{module(), testdata(t, "control"), testdata(t, "instructions")} {
		m := parse(t, b)
		if got, err := m.TakeData(); len(got) != 0 || err != nil {
			t.Errorf("%v, %v", got, err)
		}
		if !bytes.Equal(m.Encode(), b) {
			t.Error("the module is not the same")
		}
	}
}

func TestPlacedDataIsNotTaken(t *testing.T) {
	t.Parallel()
	b := testdata(t, "placed")
	m := parse(t, b)
	if _, err := m.TakeData(); err == nil || !strings.Contains(err.Error(), "the place of data segment 1 is not a constant") {
		t.Error(err)
	}
	if !bytes.Equal(m.Encode(), b) {
		t.Error("the module was changed")
	}
}
