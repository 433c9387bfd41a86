package python_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// knownDifferences are the snippets of testdata/cpython that end here otherwise
// than in the machine's CPython, and why. Each must still differ, or it leaves
// the list.
func knownDifferences() map[string]string {
	return map[string]string{
		"data/a digest in parts":             "hashlib without OpenSSL has no pbkdf2_hmac",
		"data/sqlite in memory":              "there is no sqlite3",
		"data/sqlite with a wrong statement": "there is no sqlite3",
		"flow/exit with a number":            "the message says that it is about an exit",
		"flow/exit with a text":              "the message says that it is about an exit",
		"flow/numbers of OSError":            "the numbers are those of WASI",
		"numbers/a power that is too large":  "the texts of the C library are its own",
		"numbers/hash of a long integer":     "a word has 32 bits",
	}
}

// ended is how a snippet ended.
type ended struct {
	Name, Source   string
	Value          json.RawMessage
	Error, Message string
	Output         string
}

// askCPython runs every snippet in the machine's CPython.
func askCPython(t *testing.T) []ended {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err == nil {
		// Older ones do not know all that the snippets use.
		err = exec.CommandContext(t.Context(), python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))").Run()
	}
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("python3 3.11 or newer is not installed, and this is CI: %v", err)
		}
		t.Skipf("python3 3.11 or newer is not installed: %v", err)
	}
	files, err := filepath.Glob("testdata/cpython/*.py")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), python, append([]string{"-B", "-X", "utf8", "testdata/native.py"}, files...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "PYTHONWARNINGS=", "PYTHONPATH=")
	cmd.Stderr = os.Stderr
	raw, err := cmd.Output()
	if err != nil {
		t.Fatalf("python3: %v", err)
	}
	var list []ended
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	if len(list) < 500 {
		t.Fatalf("only %d snippets", len(list))
	}
	return list
}

// TestSameAsCPython runs every snippet here and in the machine's CPython and
// compares values, output and exceptions.
func TestSameAsCPython(t *testing.T) {
	engine(t)
	known := knownDifferences()
	seen := make(map[string]bool)
	for _, want := range askCPython(t) {
		if seen[want.Name] {
			t.Errorf("there are two snippets %s", want.Name)
		}
		seen[want.Name] = true
		t.Run(want.Name, func(t *testing.T) {
			got := runHere(t, want.Source)
			differs := difference(got, want)
			reason, listed := known[want.Name]
			switch {
			case listed && differs == "":
				t.Errorf("no longer differs from CPython: take it off the list (%s)", reason)
			case !listed && differs != "":
				t.Errorf("%s%s", want.Source, differs)
			}
		})
	}
	for name := range known {
		if !seen[name] {
			t.Errorf("%s is on the list of differences, but in no file", name)
		}
	}
}

func runHere(t *testing.T, source string) ended {
	t.Helper()
	out, _ := run(t, script(source))
	got := ended{Source: source, Value: out.Value}
	for _, line := range out.Logs {
		got.Output += line.Text + "\n"
	}
	if f := out.Failure; f != nil {
		got.Error, got.Message = f.Name, f.Message
	}
	return got
}

// difference tells what differs, "" if nothing does. A line that is not ended
// is a line all the same, and an exception without a text says so.
func difference(got, want ended) string {
	if want.Output != "" && !strings.HasSuffix(want.Output, "\n") {
		want.Output += "\n"
	}
	if want.Error != "" && want.Message == "" {
		want.Message = "no message"
	}
	// What was behind an exception is told with it.
	got.Message, _, _ = strings.Cut(got.Message, "; caused by ")
	var d strings.Builder
	tell := func(what, got, want string) {
		if got != want {
			d.WriteString("\n" + what + " here:    " + got + "\n" + what + " CPython: " + want)
		}
	}
	tell("exception", got.Error, want.Error)
	tell("message", got.Message, want.Message)
	tell("output", got.Output, want.Output)
	if !sameJSON(got.Value, want.Value) {
		tell("value", string(got.Value), string(want.Value))
	}
	return d.String()
}

// sameJSON compares two values, numbers as numbers, names in their order.
// Nothing at all is null.
func sameJSON(a, b json.RawMessage) bool {
	x, y := tokens(a), tokens(b)
	for {
		s, e := x.Token()
		u, f := y.Token()
		switch {
		case errors.Is(e, io.EOF) && errors.Is(f, io.EOF):
			return true
		case e != nil || f != nil:
			return false
		case s != u && !sameNumber(s, u):
			return false
		}
	}
}

func tokens(v json.RawMessage) *json.Decoder {
	if v == nil {
		v = json.RawMessage("null")
	}
	d := json.NewDecoder(bytes.NewReader(v))
	d.UseNumber()
	return d
}

func sameNumber(a, b json.Token) bool {
	x, ok := a.(json.Number)
	y, too := b.(json.Number)
	if !ok || !too || !strings.ContainsAny(string(x+y), ".eE") {
		return false // integers keep every digit
	}
	f, err := x.Float64()
	g, err2 := y.Float64()
	return err == nil && err2 == nil && f == g
}
