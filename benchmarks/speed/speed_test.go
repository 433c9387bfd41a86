package speed

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/benchmarks/report"
)

// output is what go test prints where each figure has the value that of gives
// it, in the unit of its table.
func output(of func(figure) float64) string {
	var b strings.Builder
	b.WriteString("goos: linux\ngoarch: amd64\ncpu: A Processor\n")
	for _, s := range sections() {
		for _, f := range s.figures {
			fmt.Fprintf(&b, "pkg: %s\nBenchmark%s-2 \t 5\t %g %s\n", f.source.pkg, f.source.benchmark, of(f)/f.unit.times, f.source.metric)
		}
	}
	b.WriteString("PASS\nok  \texample.com\t1.0s\n")
	return b.String()
}

func reported(t *testing.T, text string) report.Document {
	t.Helper()
	s, err := Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	d, err := Report(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestBars(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		of    func(figure) float64
		loses bool
	}{
		"at the bar": {func(f figure) float64 { return f.bar.value }, false},
		"worse": {func(f figure) float64 {
			if f.bar.least {
				return f.bar.value / 2
			}
			return 2*f.bar.value + 1
		}, true},
	} {
		d, rows := reported(t, output(tc.of)), 0
		for i, s := range d.Sections {
			for j, row := range s.Tables[0].Rows {
				rows++
				f := sections()[i].figures[j]
				if want := tc.loses && f.bar != (bar{}); (row[1].Tone == report.Loses) != want {
					t.Errorf("%s: %q is %s with %s: marked %v, want %v", name, row[0].Text, row[1].Text, row[2].Text, !want, want)
				}
			}
		}
		if rows < 30 {
			t.Errorf("%d rows; the page has more", rows)
		}
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	d := reported(t, output(func(figure) float64 { return 1234.5 }))
	if !strings.Contains(d.Notes[0], "linux/amd64 (A Processor)") {
		t.Errorf("notes: %q", d.Notes)
	}
	cold, rate := d.Sections[0].Tables[0].Rows[3], d.Sections[2].Tables[0].Rows[1]
	for _, tc := range []struct{ got, want string }{
		{cold[1].Text, "1,234 ms"}, {cold[2].Text, "at most 25 ms"}, {rate[1].Text, "1,234 a second"}, {rate[2].Text, "at least 1,000 a second"},
	} {
		if tc.got != tc.want {
			t.Errorf("got %q, want %q", tc.got, tc.want)
		}
	}
}

// Times of the testing package are in nanoseconds, several runs are their
// median, and what else go test prints is passed over.
func TestRead(t *testing.T) {
	t.Parallel()
	s, err := Read(strings.NewReader("pkg: x/y\nBenchmarkA/b-c-8 1 3000000000 ns/op 7 p50-ms\nBenchmarkA/b-c-8 1 1000000000 ns/op\nBenchmarkA/b-c-8 1 2000000000 ns/op\n" +
		"--- BENCH: BenchmarkA\n    x_test.go:1: hello\nBenchmarkOne 1 5 things\nFAIL\n"))
	if err != nil {
		t.Fatal(err)
	}
	for from, want := range map[source]float64{
		{"x/y", "A/b-c", "sec/op"}: 2, {"x/y", "A/b-c", "p50-ms"}: 7, {"x/y", "One", "things"}: 5,
	} {
		if got, ok := s.median(from); !ok || math.Abs(got-want) > 1e-9 {
			t.Errorf("%+v: %v, %v; want %v", from, got, ok, want)
		}
	}
	if _, ok := s.median(source{"x/z", "One", "things"}); ok {
		t.Error("a benchmark of another package counts")
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing":       "",
		"no benchmarks": "PASS\nok\n",
		"no number":     "BenchmarkA 1 fast ns/op\n",
		"not finite":    "BenchmarkA 1 NaN ms\n",
		"too much":      "BenchmarkA 1 5 ns/op\n" + strings.Repeat("x\n", maxOutput/2+1),
		"a long line":   "BenchmarkA 1 5 ns/op\n" + strings.Repeat("x", 1<<20) + "\n",
	} {
		if _, err := Read(strings.NewReader(text)); bindery.CodeOf(err) != bindery.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A benchmark that is renamed, or reports a figure under another name, would
// only be missed when the page is written anew.
func TestFiguresAreMeasured(t *testing.T) {
	t.Parallel()
	sources := map[string]string{}
	for pkg, dir := range map[string]string{harness: "..", compiler: "../../codegen"} {
		files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
		if err != nil || len(files) == 0 {
			t.Fatal(files, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			sources[pkg] += string(text)
		}
	}
	for _, s := range sections() {
		for _, f := range s.figures {
			name, _, _ := strings.Cut(f.source.benchmark, "/")
			if !strings.Contains(sources[f.source.pkg], "\nfunc Benchmark"+name+"(b *testing.B)") {
				t.Errorf("%q: no Benchmark%s in %s", f.what, name, f.source.pkg)
			}
			if f.source.metric != "sec/op" && !strings.Contains(sources[f.source.pkg], strconv.Quote(f.source.metric)) {
				t.Errorf("%q: no benchmark in %s reports %s", f.what, f.source.pkg, f.source.metric)
			}
		}
	}
}

// Whatever was measured, the published tables are of these figures and bars.
func TestPageHasTheFigures(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("../../docs/benchmarks.md")
	if err != nil {
		t.Fatal(err)
	}
	page, err := report.Spliced(file, "speed")
	if err != nil {
		t.Fatal(err)
	}
	var now strings.Builder
	if err := report.Markdown(&now, reported(t, output(func(figure) float64 { return 1 })), ""); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(unmeasured(string(page)), unmeasured(now.String())); diff != "" {
		t.Errorf("docs/benchmarks.md has other figures or bars; make bench writes it anew (-page +now):\n%s", diff)
	}
}

// unmeasured returns the rows of all tables without what was measured.
func unmeasured(markdown string) []string {
	var rows []string
	for line := range strings.Lines(markdown) {
		if cells := strings.Split(line, "|"); len(cells) == 5 {
			rows = append(rows, cells[1]+"|"+cells[3])
		}
	}
	return rows
}

func FuzzRead(f *testing.F) {
	f.Add(output(func(figure) float64 { return 1 }))
	f.Add("BenchmarkA-2 1 1e309 ns/op\nBenchmark-2 1 1 x\nUnit x better=lower\nkey: value\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Read(strings.NewReader(text))
		if err != nil {
			if bindery.CodeOf(err) != bindery.Invalid {
				t.Errorf("the error is no Invalid: %v", err)
			}
			return
		}
		for from := range s.values {
			if v, ok := s.median(from); !ok || math.IsNaN(v) || math.IsInf(v, 0) {
				t.Errorf("%+v is %v, %v", from, v, ok)
			}
		}
		if _, err := Report(s); err != nil && bindery.CodeOf(err) != bindery.NotFound {
			t.Errorf("the error is no NotFound: %v", err)
		}
	})
}
