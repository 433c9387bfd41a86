package backends_test

import (
	"context"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
)

// BenchmarkCall measures one small call, the server's part included.
func BenchmarkCall(b *testing.B) {
	for kind, spec := range kinds() {
		b.Run(kind, func(b *testing.B) {
			s := open(b, backends.Options{}, spec(b))
			c := bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "echo"}, Args: []byte(`{"a":1}`)}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.Call(context.Background(), c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkBigResult measures a result of 500 kB, passed on as it came.
func BenchmarkBigResult(b *testing.B) {
	for kind, spec := range kinds() {
		b.Run(kind, func(b *testing.B) {
			s := open(b, backends.Options{}, spec(b))
			b.SetBytes(500_000)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.Do(context.Background(), "srv", "tools/call", []byte(`{"name":"big","arguments":{"bytes":500000}}`)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
