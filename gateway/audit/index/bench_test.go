package index_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/bindery-mcp/bindery/gateway/audit"
	"github.com/bindery-mcp/bindery/gateway/audit/index"
)

// benchCalls is how long the log is that is asked.
const benchCalls = 200_000

// BenchmarkQuery asks one log by reading it, and its index, brought up to date
// each time as the command does: "rare" is one outcome in fifty, "execution"
// ten calls of all. Built is the index made from nothing.
func BenchmarkQuery(b *testing.B) {
	l := newLog(b)
	for i := range 10 {
		if i > 0 {
			l.rotate()
		}
		l.calls(benchCalls / 10)
	}
	b.Run("built", func(b *testing.B) {
		for b.Loop() {
			closed(b, open(b, l.dir, true))
		}
		b.ReportMetric(size(b, index.Path(l.dir))/size(b, l.dir), "index/log")
	})
	for name, f := range map[string]audit.Filter{"rare": {Outcome: "tool_error", Client: "ci"}, "execution": {Execution: "x1000"}, "all": {}} {
		b.Run(name+"/scan", func(b *testing.B) {
			for b.Loop() {
				last := make([]audit.Entry, 0, 101)
				for e, err := range audit.Query(b.Context(), l.dir, f) {
					if err != nil {
						b.Fatal(err)
					}
					if last = append(last, e); len(last) > 100 {
						last = last[1:]
					}
				}
			}
		})
		b.Run(name+"/index", func(b *testing.B) {
			for b.Loop() {
				x := open(b, l.dir, false)
				if _, err := x.Query(f, 100); err != nil {
					b.Fatal(err)
				}
				closed(b, x)
			}
		})
	}
}

// size is of a file, or of the log in a folder.
func size(b *testing.B, path string) (bytes float64) {
	b.Helper()
	files := []string{path}
	if logs, err := filepath.Glob(filepath.Join(path, "audit-*")); err == nil && len(logs) > 0 {
		files = logs
	}
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			b.Fatal(err)
		}
		bytes += float64(info.Size())
	}
	return bytes
}

func open(b *testing.B, dir string, rebuild bool) *index.Index {
	b.Helper()
	x, err := index.Open(b.Context(), dir, index.Options{Rebuild: rebuild})
	if err != nil {
		b.Fatal(err)
	}
	return x
}

func closed(b *testing.B, x *index.Index) {
	b.Helper()
	if err := x.Close(); err != nil {
		b.Fatal(err)
	}
}
