package python_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/form"
	"github.com/bindery-mcp/bindery/codegen/python"
)

// commentsAndStrings matches what Python's tokenizer takes as such.
var commentsAndStrings = regexp.MustCompile(`(?s)"""(?:\\.|[^\\])*?"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*`)

// code returns what Python sees of a text besides comments and the contents
// of strings, without white space, empty bodies and trailing commas.
func code(text string) string {
	text = commentsAndStrings.ReplaceAllStringFunc(text, func(s string) string {
		if s[0] == '"' && !strings.HasPrefix(s, `"""`) {
			return `""`
		}
		return ""
	})
	return strings.NewReplacer(":...", ":", ",}", "}", ",)", ")").Replace(strings.Join(strings.Fields(text), ""))
}

// documented is a server whose every text is the given one.
func documented(text string) *form.Server {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err) // a string always has a JSON form
	}
	t := tool("x", fmt.Sprintf(`{"type":"object","description":%[1]s,"title":%[1]s,"properties":{
		"a":{"type":"string","description":%[1]s,"pattern":%[1]s,"format":%[1]s,"default":%[1]s,"examples":[%[1]s]},
		"b":{"oneOf":[{"const":1,"description":%[1]s},{"type":"null"}]},
		"d":{"$ref":"#/$defs/D"},
		"e":{"properties":{"f-g":{"description":%[1]s}}}
	},"$defs":{"D":{"type":"object","description":%[1]s,"properties":{"d":{"$ref":"#/$defs/D"},"e":{"title":%[1]s}}}}}`, quoted))
	t.Description, t.Title = text, text
	return form.Build([]bindery.Tool{t})[0]
}

// checkText reports whether a text becomes code, or shows other than as it is.
func checkText(t *testing.T, text string) {
	t.Helper()
	plain, s := documented("plain"), documented(text)
	for _, full := range []bool{false, true} {
		file := python.File(s, full)
		if code(file) != code(python.File(plain, full)) {
			t.Errorf("the text %q changes the code to\n%s", text, file)
		}
		if i := strings.IndexFunc(file, func(r rune) bool { return r != '\n' && unicode.Is(unicode.C, r) }); i >= 0 {
			t.Errorf("the text %q leaves %q in %q", text, file[i:], file)
		}
	}
	f := s.Tools[0]
	if line := python.Line(f, form.MaxLine); strings.Contains(line, "\n") {
		t.Errorf("the text %q breaks a line: %q", text, line)
	}
	if full := python.Full(f); code(full) != code(python.Full(plain.Tools[0])) {
		t.Errorf("the text %q changes the description to\n%s", text, full)
	}
}

func hostileTexts() []string {
	return []string{
		`"""`, `""""`, `"`, `\`, `\"""`, `\\"""`, `""" + evil() + """`, "\"\"\"\nimport os\n\"\"\"", "'''", `\N{DASH}`, `\x`, `\u12`,
		"# type: ignore", "type: ignore", "pyright: basic", "# pyright: basic", "coding: utf-7", "a\nevil()", "a\r\nevil()", "a\x0cevil()",
		"\u2028evil()\u2029", "\u0085evil()", "\x1b[31mred\x1b[0m", "\u009b31m", "\u202eevil\u2066", "\U000e0041\u200b\ufeff\u00ad",
		"{evil()}", "%s", "\xff\xfe\xff", "\x00", strings.Repeat("x", 20_000), strings.Repeat(`"`, 10_000), strings.Repeat(`\`, 10_001),
		strings.Repeat("\u200b", 10_000) + `"""`, "", " ", "\n\n\n", "日本語。Second.", "@deprecated", "First. Second.", ">>> evil()", "…",
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

// awkward are tools that no real server has yet.
func awkward() []bindery.Tool {
	on := func(server, name, input string) bindery.Tool {
		return bindery.Tool{ID: bindery.ToolID{Server: server, Name: name}, Input: json.RawMessage(input), Output: json.RawMessage(input)}
	}
	deep := strings.Repeat(`{"type":"array","items":`, 120) + `{}` + strings.Repeat(`}`, 120)
	nested := strings.Repeat(`{"properties":{"a":`, 60) + `{}` + strings.Repeat(`}}`, 60)
	many := strings.Repeat(`{"enum":["x"]},{"type":"array","items":{"enum":[1]}},`, 400) + `{"type":"null"}`
	return []bindery.Tool{
		on("two faces", "a-b", `{"type":"object"}`),
		on("two faces", "a.b", `{"type":"object"}`),
		on("a-b", "x", `{}`),
		on("a.b", "x", `{"$ref":"#/$defs/T","$defs":{"T":{"type":"object","properties":{"t":{"$ref":"#/$defs/T"}}}}}`),
		on("coding: utf-7\n\"\"\"", "list", `{"properties":{"str":{"items":{"type":"string"}},"a":{"properties":{"str":{"type":"string"}}}}}`),
		on("odd", "__proto__", `{"type":"object","properties":{"__proto__":{"type":"string"},"a b":{"type":"null"}}}`),
		on("odd", "del", `true`),
		on("odd", "print", `{"type":"object","properties":{"e":{"type":"array","items":`+deep+`}}}`),
		on("odd", "nested", nested),
		on("odd", "many", `{"properties":{"a":{"anyOf":[`+many+`]}}}`),
		on("odd", "recursive", `{"type":"object","properties":{"node":{"$ref":"#/$defs/string"}},"required":["node"],"$defs":{
			"string":{"type":"object","properties":{"value":{"type":"integer"},"next":{"$ref":"#/$defs/string"},"Record":{"$ref":"#/$defs/Record"}}},
			"Record":{"type":"object","additionalProperties":{"$ref":"#/$defs/Record"}}}}`),
		on("odd", "values", `{"properties":{"v":{"$ref":"#/$defs/V"}},"$defs":{"V":{"anyOf":[{"type":"array","items":{"$ref":"#/$defs/V"}},
			{"properties":{"a-b":{"$ref":"#/$defs/V"}},"type":"object"},{"type":["string","null"]},{"$ref":"#/$defs/W"}]},"W":{"items":{"$ref":"#/$defs/V"},"type":"array"}}}`),
		on("odd", "nothing", `{"$ref":"#"}`),
		on("odd", "enum", `{"type":"object","properties":{"e":{"enum":["a\"b","c\nd","*/","\u202e",1e400,-1.50,-0,null,[1],{"a":1},true,99999999999999999999]}}}`),
		on("odd", "tuple", `{"type":"object","properties":{"t":{"prefixItems":[{"enum":["a","b"]}],"items":{"enum":[1,2]}}}}`),
		on("odd", "mixed", `{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":{"type":"number"},"patternProperties":{"^x":{}}}`),
		on("odd", "words", `{"properties":{"self":{},"cls":{},"from":{},"_raw":{},"__debug__":{},"keys":{},"items":{},"":{},"\"\n":{"description":"d"},"a":{"properties":{"class":{},"\u202e\"":{}}}}}`),
		on("class", "new", `{"type":"object","properties":{"class":{"type":"string"}},"required":["class"]}`),
	}
}

// Whatever a server says, its stub is Python.
func TestSyntax(t *testing.T) {
	interpreter, err := exec.LookPath("python3")
	if err != nil {
		t.Skipf("no Python to read the stubs with: %v", err)
	}
	dir := t.TempDir()
	n := 0
	write := func(text string) {
		n++
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.pyi", n)), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(python.Prelude())
	servers := form.Build(awkward())
	for _, text := range hostileTexts() {
		servers = append(servers, documented(text))
	}
	for _, s := range servers {
		write(python.File(s, true))
		write(python.File(s, false))
	}
	const program = `
import ast, pathlib, sys
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    try: ast.parse(path.read_bytes())
    except Exception as e: sys.exit(f"{e}\n{path.read_text()}")
`
	if out, err := exec.CommandContext(t.Context(), interpreter, "-c", program, dir).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// Small schemas of large types give small texts in little time.
func TestBounds(t *testing.T) {
	var defs, props []string
	for i := range 40 {
		defs = append(defs, fmt.Sprintf(`"d%d":{"type":"object","properties":{"a":{"$ref":"#/$defs/d%d"},"b":{"$ref":"#/$defs/d%d"}}}`, i, i+1, i+1))
	}
	for i := range 40 {
		defs = append(defs, fmt.Sprintf(`"u%d":{"anyOf":[{"$ref":"#/$defs/u%d"},{"$ref":"#/$defs/u%d"}]}`, i, i+1, i+1))
	}
	for i := range 20_000 {
		props = append(props, fmt.Sprintf(`"a long name of a property number %d":{"type":"string","description":"d"}`, i))
	}
	all := `"$defs":{` + strings.Join(defs, ",") + `,"d40":{"type":"string"},"u40":{"properties":{"a":{}}}}`
	schemas := map[string]string{
		"doubling":  `{"$ref":"#/$defs/d0",` + all + `}`,
		"unions":    `{"$ref":"#/$defs/u0",` + all + `}`,
		"parts":     `{"properties":{"a":{"allOf":[{"$ref":"#/$defs/u0"},{"properties":{"b":{}}}]}},` + all + `}`,
		"itself":    `{"properties":{"a":{"$ref":"#","properties":{"b":{"$ref":"#"}}},"b":{"$ref":"#","properties":{"a":{"$ref":"#","properties":{"c":{}}}}}}}`,
		"wide":      `{"type":"object","properties":{` + strings.Join(props, ",") + `}}`,
		"deep":      strings.Repeat(`{"properties":{"a":`, 60) + `{}` + strings.Repeat(`}}`, 60),
		"long name": `{"properties":{"` + strings.Repeat("n", 500_000) + `":{"enum":["` + strings.Repeat("v", 400_000) + `"]}}}`,
	}
	for name, text := range schemas {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			x := tool("x", text)
			x.Output = json.RawMessage(text)
			s := form.Build([]bindery.Tool{x})[0]
			line, full, file := python.Line(s.Tools[0], form.MaxLine), python.Full(s.Tools[0]), python.File(s, true)
			// A hundred times what it takes.
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
			if len(line) > 8000 || len(full) > 1<<20 || len(file) > 1<<20 {
				t.Errorf("a line of %d bytes, a description of %d, a file of %d", len(line), len(full), len(file))
			}
		})
	}
}

// FuzzSchema declares tools with any bytes for a schema.
func FuzzSchema(f *testing.F) {
	for _, t := range awkward() {
		if len(t.Input) < 2000 {
			f.Add([]byte(t.Input))
		}
	}
	f.Add([]byte(`{"properties":{"a`))
	f.Add([]byte(`{"properties":{"node":{"$ref":"#","additionalProperties":{"$ref":"#/properties/node"}}}}`))
	f.Fuzz(func(t *testing.T, schema []byte) {
		start := time.Now()
		defer func() {
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
		}()
		x := tool("x", string(schema))
		x.Output = schema
		s := form.Build([]bindery.Tool{x})[0]
		for _, full := range []bool{false, true} {
			if err := balanced(code(python.File(s, full))); err != nil {
				t.Errorf("%v in the file of %q:\n%s", err, schema, python.File(s, full))
			}
		}
		if line := python.Line(s.Tools[0], form.MaxLine); strings.Contains(line, "\n") {
			t.Errorf("the line of %q has several: %q", schema, line)
		}
		python.Full(s.Tools[0])
		seen := map[string]bool{}
		for _, p := range python.Parameters(s.Tools[0]) {
			if p.Spelled != "" && (seen[p.Spelled] || !form.IsIdent(p.Spelled, form.Python)) {
				t.Errorf("%q is spelled %q, which is no name or another's", p.Name, p.Spelled)
			}
			seen[p.Spelled] = true
		}
	})
}

// balanced reports what brackets of a text do not match, or which of its
// characters no stub has outside of strings and comments.
func balanced(text string) error {
	var open []rune
	for i, r := range text {
		switch {
		case strings.ContainsRune("([{", r):
			open = append(open, r)
		case strings.ContainsRune(")]}", r):
			if len(open) == 0 || !strings.Contains("()[]{}", string(open[len(open)-1])+string(r)) {
				return fmt.Errorf("a %q without its other at %d", r, i)
			}
			open = open[:len(open)-1]
		case r > unicode.MaxASCII || strings.ContainsRune("\\'`;$!?", r):
			return fmt.Errorf("a %q at %d", r, i)
		}
	}
	if len(open) > 0 {
		return fmt.Errorf("%q left open", string(open))
	}
	return nil
}
