package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery/benchmarks/report"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var update = flag.Bool("update", false, "write the golden files anew")

// sample has one of everything, and text that would be markup if it could.
func sample() report.Document {
	return report.Document{
		Title: "What it costs",
		Notes: []string{"o200k tokens; run `bindery bench tokens` for your own."},
		Sections: []report.Section{{
			Heading: "Servers & tools",
			Text:    []string{"It pays from 3 calls on.", "Names come from servers: <script>alert(1)</script> \x1b[31mred|x"},
			Tables: []report.Table{{
				Caption: "Tokens",
				Columns: []string{"way", "before", "ratio", "share"},
				Rows: [][]report.Cell{
					{report.Text("inline|all"), report.Int(1234567), report.Fixed(1, 2, "×"), report.Percent(1, 0)},
					{report.Text("code"), report.Int(238).With(report.Wins), report.Fixed(0.0002, 2, "×"), report.Percent(0.002, 1)},
					{report.Text("none"), report.Fixed(math.NaN(), 1, ""), report.Fixed(12.5, 1, "ms").With(report.Loses)},
				},
			}},
			Charts: []report.Chart{
				{
					Name: "by-servers", Title: "Tokens by servers <b>", Kind: report.Lines,
					X: report.Axis{Label: "servers"}, Y: report.Axis{Label: "tokens", Log: true},
					Series: []report.Series{
						{Name: "inline", Points: []report.Point{{X: 1, Y: 4089}, {X: 30, Y: 254556}, {X: 65, Y: 799444}}},
						{Name: "full", Points: []report.Point{{X: 1, Y: 3900}, {X: 30, Y: 250000}, {X: 65, Y: 790000}}},
						{Name: "code", Points: []report.Point{{X: 1, Y: 238}, {X: 30, Y: 300}, {X: 65, Y: 0}}},
						{Name: "nothing"},
					},
				},
				{
					Name: "by-task", Title: "Cost by task", Kind: report.Bars,
					X: report.Axis{Label: "task"}, Y: report.Axis{Label: "times the plain calls", Unit: "×"},
					Categories: []string{"T1 digest", "T6 one read"},
					Series: []report.Series{
						{Name: "uncached", Points: []report.Point{{X: 0, Y: 0.12}, {X: 1, Y: 1.4, Tone: report.Loses}}},
						{Name: "cached", Points: []report.Point{{X: 1, Y: 0.9, Note: "about even"}}},
					},
				},
			},
		}},
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	d := sample()
	for file, write := range map[string]func(io.Writer) error{
		"terminal.txt":   func(w io.Writer) error { return report.Terminal(w, d) },
		"document.json":  func(w io.Writer) error { return report.JSON(w, d) },
		"page.md":        func(w io.Writer) error { return report.Markdown(w, d, "pictures") },
		"page.html":      func(w io.Writer) error { return report.HTML(w, d) },
		"by-servers.svg": func(w io.Writer) error { return report.SVG(w, d.Sections[0].Charts[0]) },
		"by-task.svg":    func(w io.Writer) error { return report.SVG(w, d.Sections[0].Charts[1]) },
	} {
		var got bytes.Buffer
		if err := write(&got); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		path := filepath.Join("testdata", file)
		if *update {
			if err := os.WriteFile(path, got.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("%s is not what it was (-want +got); run with -update and look at the change:\n%s", file, diff)
		}
	}
}

// Nothing that a server says is markup, or acts on a terminal.
func TestTextStaysText(t *testing.T) {
	t.Parallel()
	d := sample()
	var page, term, pictures bytes.Buffer
	if err := errors.Join(report.HTML(&page, d), report.Terminal(&term, d)); err != nil {
		t.Fatal(err)
	}
	for _, c := range d.Sections[0].Charts {
		if err := report.SVG(&pictures, c); err != nil {
			t.Fatal(err)
		}
	}
	if strings.Contains(page.String(), "<script") || strings.Contains(page.String(), "<b>") {
		t.Error("text of a server became markup in the page")
	}
	if strings.ContainsAny(term.String(), "\x1b\x07\r") {
		t.Error("text of a server acts on the terminal")
	}
	for dec := xml.NewDecoder(&pictures); ; {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("a picture is not XML: %v", err)
		}
	}
}

func TestJSONHasNumbers(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := report.JSON(&b, sample()); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Sections []struct{ Tables []struct{ Rows [][]any } }
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := [][]any{{"inline|all", 1234567.0, 1.0, 1.0}, {"code", 238.0, 0.0002, 0.002}, {"none", "–", 12.5}}
	if diff := cmp.Diff(want, got.Sections[0].Tables[0].Rows); diff != "" {
		t.Error(diff)
	}
}

func TestSplice(t *testing.T) {
	t.Parallel()
	page := []byte("# By hand\n<!-- generated: a -->\nold\n<!-- end: a -->\nmore by hand\n<!-- generated: b -->\n<!-- end: b -->\n")
	got, err := report.Splice(page, "a", []byte("| new |\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := "# By hand\n<!-- generated: a -->\n\n| new |\n\n<!-- end: a -->\nmore by hand\n<!-- generated: b -->\n<!-- end: b -->\n"
	if string(got) != want {
		t.Errorf("got %q", got)
	}
	if again, err := report.Splice(got, "a", []byte("| new |")); err != nil || !bytes.Equal(again, got) {
		t.Errorf("the same part changed the page (%v): %q", err, again)
	}
	if part, err := report.Spliced(got, "a"); err != nil || string(part) != "| new |" {
		t.Errorf("read back %q, %v", part, err)
	}
	if _, err := report.Splice(page, "c", nil); err == nil || !strings.Contains(err.Error(), "generated: c") {
		t.Errorf("a name that the page does not have gave %v", err)
	}
}
