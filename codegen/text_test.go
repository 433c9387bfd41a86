package codegen_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen"
)

// commentsAndStrings matches what a TypeScript compiler skips.
var commentsAndStrings = regexp.MustCompile(`(?s)/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"`)

// code returns what a compiler sees of a text besides comments and the
// contents of strings, without white space.
func code(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(commentsAndStrings.ReplaceAllStringFunc(text, func(s string) string {
		if s[0] == '"' {
			return `""`
		}
		return " "
	})), ""), ";}", "}") // a documented object has lines of its own
}

// documented is a tool whose every text is the given one.
func documented(text string) bindery.Tool {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err) // a string always has a JSON form
	}
	ref, err := json.Marshal("elsewhere:" + text) // "#" alone would be the schema itself
	if err != nil {
		panic(err)
	}
	t := tool("s", "x", fmt.Sprintf(`{"type":"object","description":%[1]s,"title":%[1]s,"properties":{
		"a":{"type":"string","description":%[1]s,"pattern":%[1]s,"format":%[1]s,"default":%[1]s,"examples":[%[1]s]},
		"b":{"oneOf":[{"const":1,"description":%[1]s},{"type":"null"}]},
		"c":{"$ref":%[2]s},
		"d":{"$ref":"#/$defs/D"}
	},"$defs":{"D":{"type":"object","description":%[1]s,"properties":{"d":{"$ref":"#/$defs/D"},"e":{"title":%[1]s}}}}}`, quoted, ref))
	t.Description, t.Title = text, text
	return t
}

// No text of a server becomes code, or shows other than as it is.
func checkText(t *testing.T, text string) {
	t.Helper()
	plain := codegen.Compile([]bindery.Tool{documented("plain")})
	m := codegen.Compile([]bindery.Tool{documented(text)})
	for _, d := range []codegen.Detail{codegen.Name, codegen.Line, codegen.Full} {
		got := m.Declarations("s", codegen.TypeScript, d)
		if file := m.File("s", codegen.TypeScript, d); code(file) != code(plain.File("s", codegen.TypeScript, d)) {
			t.Errorf("the text %q changes the code to\n%s", text, file)
		}
		if d != codegen.Full && strings.Count(got, "\n") != 1 {
			t.Errorf("the text %q breaks a line: %q", text, got)
		}
		if i := strings.IndexFunc(got, func(r rune) bool { return r != '\n' && unicode.Is(unicode.C, r) }); i >= 0 {
			t.Errorf("the text %q leaves %q in %q", text, got[i:], got)
		}
	}
	full, err := m.Describe("s.x", codegen.TypeScript)
	if err != nil {
		t.Fatal(err)
	}
	if p, _ := plain.Describe("s.x", codegen.TypeScript); code(full) != code(p) {
		t.Errorf("the text %q changes the description to\n%s", text, full)
	}
	if len(full) > 40_000 {
		t.Errorf("a description of %d bytes", len(full))
	}
}

func hostileTexts() []string {
	return []string{
		"*/ evil(); /*", "*\u200b/ evil()", "* /", "/", "*", "**/", "*\n/", "\\*/", "a\r\n*/\nevil", "\u2028evil()\u2029*/",
		"\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\u009b31m", "\u202eevil\u2066", "\U000e0041\U000e0042\u200b\ufeff\u00ad",
		"</script>", "`${evil()}`", "// evil", "\xff\xfe*\xff/", "\x00", strings.Repeat("x", 20_000), strings.Repeat("\u200b", 10_000) + "*/",
		"", " ", "\n\n\n", "日本語。Second.", "@deprecated", "\"", "\\", "{", "First. Second.",
	}
}

func TestTexts(t *testing.T) {
	for _, text := range hostileTexts() {
		checkText(t, text)
	}
}

func FuzzText(f *testing.F) {
	for _, text := range hostileTexts() {
		if len(text) < 1000 {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) < 20_000 { // a longer one makes the schema as a whole too large
			checkText(t, text)
		}
	})
}

func TestSummaries(t *testing.T) {
	tests := []struct{ description, want string }{
		{"Lists issues.", "Lists issues"},
		{"Lists issues. Then more.", "Lists issues"},
		{"Lists things, e.g. issues. More.", "Lists things, e.g. issues"},
		{"Lists issues\nof one\nrepository. More.", "Lists issues of one repository"},
		{"Notion | Create a page\nError Responses:\n400: Bad request", "Notion | Create a page"},
		{"Reads version 1.2 files. More.", "Reads version 1.2 files"},
		{strings.Repeat("word ", 50), strings.Repeat("word ", 18) + "w…"},
		{"\n\n  Spaced\t out  \n\nMore", "Spaced out"},
	}
	for _, tt := range tests {
		x := tool("s", "x", `{}`)
		x.Description = tt.description
		m, _ := one(t, x)
		got := strings.TrimPrefix(m.Search(codegen.Query{Detail: codegen.Name}).Lines[0], "s.x - ")
		if got != tt.want || len(got) > 100 {
			t.Errorf("%q is summed up as %q, want %q", tt.description, got, tt.want)
		}
	}
}
