package sandboxtest

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// table returns the table in the package's documentation, a text for each
// number of an attack.
func table(t *testing.T) map[int]string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`^\t *(\d+)(?:–(\d+))?\s+(.*)`)
	rows := make(map[int]string)
	from, to := 1, 0
	for line := range strings.Lines(f.Doc.Text()) {
		if m := row.FindStringSubmatch(line); m != nil {
			from, _ = strconv.Atoi(m[1])
			if to = from; m[2] != "" {
				to, _ = strconv.Atoi(m[2])
			}
		}
		for n := from; n <= to; n++ {
			rows[n] += line
		}
	}
	return rows
}

func TestEveryAttackIsTried(t *testing.T) {
	const attacks = 72
	rows := table(t)
	if len(rows) != attacks {
		t.Errorf("the table has %d attacks, want %d", len(rows), attacks)
	}
	for _, l := range []sandbox.Language{sandbox.TypeScript, sandbox.Python} {
		t.Run(string(l), func(t *testing.T) {
			seen := tried(t, Cases(l), rows)
			for n := 1; n <= attacks; n++ {
				if !seen[n] && !strings.Contains(rows[n], " Test") {
					t.Errorf("attack %d is no case, and the table does not say where it is tried", n)
				}
			}
		})
	}
}

// tried returns the numbers of the attacks that are cases.
func tried(t *testing.T, cases []Case, rows map[int]string) map[int]bool {
	t.Helper()
	seen := make(map[int]bool)
	names := make(map[string]bool)
	for _, c := range cases {
		if c.Name == "" || names[c.Name] {
			t.Errorf("there are two cases %q", c.Name)
		}
		names[c.Name], seen[c.Corpus] = true, true
		if rows[c.Corpus] == "" {
			t.Errorf("%s is attack %d, which the table does not have", c.Name, c.Corpus)
		}
		if len(c.Want.Codes) == 0 && c.Want.Value == "" {
			t.Errorf("%s passes whatever comes", c.Name)
		}
		if l := c.limits(); l.Wall <= 0 || l.Wall > time.Minute {
			t.Errorf("%s has %v", c.Name, l.Wall)
		}
	}
	return seen
}

// The tests that the table names elsewhere must be there.
func TestPlacesExist(t *testing.T) {
	word := regexp.MustCompile(`(?:Test|Fuzz)[A-Z]\w+|[a-z][\w/]*/[\w/]+|\b(?:gateway|codegen|sandbox|backends)\b`)
	found := 0
	for _, row := range table(t) {
		folder := ""
		for _, w := range word.FindAllString(row, -1) {
			if !strings.HasPrefix(w, "Test") && !strings.HasPrefix(w, "Fuzz") {
				folder = w
				continue
			}
			found++
			files, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(folder), "*_test.go"))
			if err != nil {
				t.Fatal(err)
			}
			if !defines(t, files, "func "+w+"(") {
				t.Errorf("%q has no test %s", folder, w)
			}
		}
	}
	if found < 15 {
		t.Errorf("the table names %d tests", found)
	}
}

func defines(t *testing.T, files []string, function string) bool {
	t.Helper()
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), "\n"+function) {
			return true
		}
	}
	return false
}

func TestWant(t *testing.T) {
	fail := func(c bindery.Code, message string) sandbox.Outcome {
		return sandbox.Outcome{Failure: &sandbox.Failure{Code: c, Message: message}}
	}
	val := func(s string) sandbox.Outcome { return sandbox.Outcome{Value: []byte(s)} }
	for _, test := range []struct {
		name     string
		want     Want
		out      sandbox.Outcome
		ok, calm bool // checked; tolerated under stress
	}{
		{"value", value("1"), val("1"), true, true},
		{"other value", value("1"), val("2"), false, false},
		{"no value", value("1"), sandbox.Outcome{}, false, false},
		{"failure for a value", value("1"), fail(bindery.Script, "x"), false, false},
		{"time limit for a value", value("1"), fail(bindery.Timeout, "x"), false, true},
		{"any value", finished("*"), val("[]"), true, true},
		{"no JSON", finished("*"), val("["), false, false},
		{"limit", exhausted(), fail(bindery.Limit, "x"), true, true},
		{"limit without a word", exhausted(), fail(bindery.Limit, ""), false, false},
		{"value for a limit", exhausted(), val("1"), false, false},
		{"dead worker", exhausted(), fail(bindery.Internal, "x"), false, false},
		{"message", failed("deep"), fail(bindery.Script, "too deep"), true, true},
		{"other message", failed("deep"), fail(bindery.Script, "too long"), false, false},
		{"no line", Want{Value: "1", Log: "x"}, val("1"), false, false},
		{"no note", Want{Value: "1", Note: "x"}, val("1"), false, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			if wrong := test.want.check(test.out); (wrong == "") != test.ok {
				t.Errorf("check says %q", wrong)
			}
			if wrong := test.want.tolerate(test.out); (wrong == "") != test.calm {
				t.Errorf("tolerate says %q", wrong)
			}
		})
	}
}

func TestExcess(t *testing.T) {
	long := strings.Repeat("x", 1<<21)
	for _, out := range []sandbox.Outcome{
		{Value: []byte(long)}, {Logs: []sandbox.Line{{Text: long}}}, {Notes: []string{long}}, {LogsDropped: -1},
		{Failure: &sandbox.Failure{Message: long}}, {Failure: &sandbox.Failure{Line: -1}},
	} {
		if excess(out, Limits()) == "" {
			t.Errorf("%.200v passes", out)
		}
	}
	if over := excess(sandbox.Outcome{Value: []byte("1"), Failure: &sandbox.Failure{Message: "x"}}, Limits()); over != "" {
		t.Error(over)
	}
}

func TestObserve(t *testing.T) {
	before := Observe()
	if before.Goroutines == 0 {
		t.Error("no goroutine")
	}
	if before.Memory == 0 {
		t.Skip("this system does not tell")
	}
	f, err := os.Open(".")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if after := Observe(); after.Files != before.Files+1 {
		t.Errorf("%d files before, %d after one more was opened", before.Files, after.Files)
	}
}
