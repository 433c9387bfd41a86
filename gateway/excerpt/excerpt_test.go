package excerpt_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery/gateway/excerpt"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func list(element string, n int) string {
	return "[" + strings.TrimSuffix(strings.Repeat(element+",", n), ",") + "]"
}

func TestOf(t *testing.T) {
	long := strings.Repeat("x", 2000)
	for _, tc := range []struct {
		name, value string
		want        []string // parts of the excerpt
		note        string
	}{
		{"small", ` {"a":1} `, []string{`{"a":1}`}, ""},
		{"list", list(`{"id":1}`, 500), []string{`[{"id":1},{"id":1},`, `"…477 more"]`}, "the first 23 of 500 elements"},
		{"list of one", `["` + long + `"]`, []string{`["xxx`, ` more characters"]`}, "all 1 elements, the last one cut"},
		{"first element is long", `["` + long + `",1,2]`, []string{`["xxx`, ` more characters","…2 more"]`}, "the first 1 of 3 elements"},
		{"object", `{"id":7,"body":"` + long + `","state":"open"}`, []string{`{"id":7,"body":"xxx`, ` more characters","state":"open"}`}, "cut inside body"},
		{
			"two long members share", `{"a":"` + long + `","b":"` + long + `"}`,
			[]string{`{"a":"xxxxx`, `more characters","b":"xxxxx`, `more characters"}`}, "cut inside a, b",
		},
		{"long key", `{"` + long + `":1,"b":2}`, []string{`{"…":"2 more keys"}`}, "2 keys left out"},
		{"number", strings.Repeat("9", 500), []string{`"…"`}, "the beginning"},
		{"text", `"` + strings.Repeat("ä", 500) + `"`, []string{`"äää`, ` more characters"`}, "the beginning"},
		{"deep", strings.Repeat("[", 300) + strings.Repeat("]", 300), []string{`[[[`, `…1 more`}, "all 1 elements, the last one cut"},
		{"not JSON", "{" + long, []string{`"…"`}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := excerpt.Of(json.RawMessage(tc.value), 256)
			if !json.Valid(got.JSON) || len(got.JSON) > 256 {
				t.Errorf("%d bytes, valid %v: %s", len(got.JSON), json.Valid(got.JSON), got.JSON)
			}
			for _, part := range tc.want {
				if !strings.Contains(string(got.JSON), part) {
					t.Errorf("%s lacks %s", got.JSON, part)
				}
			}
			if got.Note != tc.note {
				t.Errorf("note %q, want %q", got.Note, tc.note)
			}
		})
	}
}

func TestText(t *testing.T) {
	for _, tc := range []struct{ name, text, end string }{
		{"short", "short", "short"},
		{"at a line", strings.Repeat("y", 250) + "\n" + strings.Repeat("z", 100), "y"},
		{"no line near", "a\n" + strings.Repeat("z", 1000), "z"},
		{"no half a character", strings.Repeat("語", 200), "語"},
	} {
		got := excerpt.Text(tc.text, 256)
		if len(got) > 256 || !strings.HasSuffix(got, tc.end) || !strings.HasPrefix(tc.text, got) || !utf8.ValidString(got) {
			t.Errorf("%s: %d bytes, …%q", tc.name, len(got), got[max(0, len(got)-10):])
		}
	}
}

// Whatever valid JSON comes in, what goes out is valid JSON within the budget.
func FuzzOf(f *testing.F) {
	for _, seed := range []string{
		list(`{"id":1,"tags":["a","b"]}`, 40), `{"a":"` + strings.Repeat(`\u0000`, 200) + `"}`, `[` + strings.Repeat(`[`, 90) + strings.Repeat(`]`, 90) + `]`,
		`{"":{"":{"":"` + strings.Repeat("<&>", 300) + `"}}}`, strings.Repeat("1", 400), `{"k":1,"k":2}`,
	} {
		f.Add(seed, 300)
	}
	f.Fuzz(func(t *testing.T, value string, budget int) {
		if !json.Valid([]byte(value)) {
			return
		}
		budget = min(max(budget, excerpt.MinBudget), 4096)
		got := excerpt.Of(json.RawMessage(value), budget)
		if !json.Valid(got.JSON) || len(got.JSON) > budget {
			t.Errorf("budget %d: %d bytes, valid %v: %s", budget, len(got.JSON), json.Valid(got.JSON), got.JSON)
		}
	})
}
