package python_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/bindery-mcp/bindery/sandbox"
)

var update = flag.Bool("update", false, "rewrite the expected outcomes in testdata")

// TestScripts runs every script of testdata and compares everything a model
// would be told. An archive holds pairs: NAME.py and NAME.out.
func TestScripts(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	engine(t)
	for _, path := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			next := &txtar.Archive{Comment: a.Comment}
			want := make(map[string]string)
			for _, f := range a.Files {
				want[f.Name] = string(f.Data)
			}
			for _, f := range a.Files {
				name, isScript := strings.CutSuffix(f.Name, ".py")
				if !isScript {
					continue
				}
				got := transcript(t, strings.TrimSuffix(string(f.Data), "\n"))
				next.Files = append(next.Files, f, txtar.File{Name: name + ".out", Data: []byte(got)})
				if diff := cmp.Diff(want[name+".out"], got); diff != "" && !*update {
					t.Errorf("%s\n%s\n(-want +got)\n%s", name, f.Data, diff)
				}
			}
			if *update {
				if err := os.WriteFile(path, txtar.Format(next), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// transcript runs a script and writes down all of its outcome.
func transcript(t *testing.T, source string) string {
	t.Helper()
	s := script(source)
	s.Data = []byte(`{"owner":"ada","big":9007199254740993}`)
	if strings.Contains(source, "# short grace") {
		s.Limits.Grace = 50 * time.Millisecond
	}
	out, h := run(t, s)
	var b strings.Builder
	for _, d := range h.drafts {
		if strings.Contains(source, "# show drafts") {
			fmt.Fprintf(&b, "drafts: %s\n", d)
		}
	}
	for _, c := range h.calls {
		fmt.Fprintf(&b, "call %d line %d: %s %s\n", c.Seq, c.Line, c.Tool, c.Args)
	}
	for _, l := range out.Logs {
		fmt.Fprintf(&b, "%s: %s\n", l.Level, l.Text)
	}
	if diff := cmp.Diff(out.Logs, h.lines); diff != "" {
		t.Errorf("the logs that were streamed differ from the outcome's: %s", diff)
	}
	for _, n := range out.Notes {
		fmt.Fprintf(&b, "note: %s\n", n)
	}
	if out.Value != nil {
		fmt.Fprintf(&b, "value: %s\n", out.Value)
	}
	if f := out.Failure; f != nil {
		writeFailure(&b, f)
	}
	return b.String()
}

func writeFailure(b *strings.Builder, f *sandbox.Failure) {
	fmt.Fprintf(b, "%s %s at %d:%d: %s\n", f.Code, f.Name, f.Line, f.Column, f.Message)
	if f.Hint != "" {
		fmt.Fprintf(b, "hint: %s\n", f.Hint)
	}
	if f.SourceLine != "" {
		fmt.Fprintf(b, "source: %s\n", f.SourceLine)
	}
}
