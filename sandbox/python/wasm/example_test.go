package wasm_test

import (
	"fmt"
	"os"

	"github.com/bindery-mcp/bindery/sandbox/python/wasm"
)

func Example() {
	b, err := os.ReadFile("testdata/active.wasm")
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := wasm.Parse(b)
	if err != nil {
		fmt.Println(err)
		return
	}
	m.Strip()
	if err := m.Countdown(20_000, "wasi_snapshot_preview1", "sched_yield"); err != nil {
		fmt.Println(err)
		return
	}
	segments, err := m.TakeData()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range segments {
		fmt.Printf("%d %q\n", s.Offset, s.Data)
	}
	fmt.Println(len(b), "bytes became", len(m.Encode()))
	// Output:
	// 16 "once upon a time"
	// 21 "under"
	// 0 ""
	// 65532 "end."
	// 149 bytes became 109
}
