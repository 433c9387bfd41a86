package schema_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery/codegen/schema"
)

// generous is a hundred times what the hostile cases take, so that only work
// that grows out of bounds exceeds it.
const generous = 20 * time.Second

func nested(n int, open, inner, end string) string {
	return strings.Repeat(open, n) + inner + strings.Repeat(end, n)
}

// doubling is a schema whose definitions each refer to the next twice: 2^n
// types if they were written in place.
func doubling(n int, keyword string) string {
	var defs []string
	for i := range n {
		defs = append(defs, fmt.Sprintf(`"d%d":{%q:[{"$ref":"#/$defs/d%d"},{"$ref":"#/$defs/d%d"}]}`, i, keyword, i+1, i+1))
	}
	defs = append(defs, fmt.Sprintf(`"d%d":{"type":"object","properties":{"x":{"type":"string"}},"required":["x"]}`, n))
	return `{"$ref":"#/$defs/d0","$defs":{` + strings.Join(defs, ",") + `}}`
}

func hostile() map[string]string {
	enum := make([]string, 100_000)
	for i := range enum {
		enum[i] = fmt.Sprint(i)
	}
	var chain, wide []string
	for i := range 8000 {
		chain = append(chain, fmt.Sprintf(`"d%d":{"$ref":"#/$defs/d%d"}`, i, i+1))
		wide = append(wide, fmt.Sprintf(`"p%d":{"type":["object","object","array"]}`, i))
	}
	return map[string]string{
		"depth 10^4":          nested(10_000, `{"items":`, `{}`, `}`),
		"depth 10^6":          nested(500_000, `[`, ``, `]`),
		"open depth":          strings.Repeat(`{"items":`, 50_000),
		"enum of 10^5":        `{"enum":[` + strings.Join(enum, ",") + `]}`,
		"over a megabyte":     `{"description":"` + strings.Repeat("a", schema.MaxBytes) + `"}`,
		"exponential allOf":   doubling(100, "allOf"),
		"exponential anyOf":   doubling(100, "anyOf"),
		"exponential tuples":  doubling(100, "prefixItems"),
		"chain of references": `{"$ref":"#/$defs/d0","$defs":{` + strings.Join(chain, ",") + `,"d8000":{"type":"string"}}}`,
		"repeated types":      nested(100, `{"type":["object","array","object"],"properties":{"a":`, `{}`, `}}`),
		"wide":                `{"properties":{` + strings.Join(wide, ",") + `}}`,
		"pointers to pointers": `{"properties":{"a":` + nested(60, `{"properties":{"a":`, `{"$ref":"#/properties/a"}`, `}}`) +
			`,"b":{"$ref":"#/properties/a/properties/a/properties/a"}}}`,
		"giant pattern":  `{"type":"string","pattern":"` + strings.Repeat("(a{1000})", 50) + `"}`,
		"nested repeats": `{"type":"string","pattern":"((((a{30}){30}){30}){30}){30}"}`,
		"bad bounds":     `{"type":"integer","minimum":1e999999999,"maxLength":1e99,"maxItems":-1,"multipleOf":0}`,
		"NaN":            `{"type":"number","minimum":NaN}`,
		"mutual":         `{"$ref":"#/$defs/a","$defs":{"a":{"allOf":[{"$ref":"#/$defs/b"}]},"b":{"anyOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/b"}]}}}`,
	}
}

func TestHostile(t *testing.T) {
	values := []string{
		`{"x":1}`, `"` + strings.Repeat("a", 5000) + `"`, `5`, `{"a":{"a":{"a":{}}}}`,
		nested(120, `{"a":`, `1`, `}`), nested(100_000, `[`, ``, `]`), `[` + strings.Repeat(`{"x":1},`, 20_000) + `1]`,
	}
	for name, text := range hostile() {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			s := schema.Parse(json.RawMessage(text))
			for _, v := range values {
				s.Check(json.RawMessage(v))
			}
			if took := time.Since(start); took > generous {
				t.Errorf("took %v", took)
			}
			if s.Root == nil {
				t.Error("no type")
			}
		})
	}
}

// A value is judged in bounded work however it is built against its schema.
func TestCheckIsBounded(t *testing.T) {
	s := schema.Parse(json.RawMessage(doubling(100, "anyOf")))
	if problems := s.Check(json.RawMessage(`{"x":1}`)); problems != nil {
		t.Errorf("a check that ran out of steps gave %v", problems)
	}
	patterns := schema.Parse(json.RawMessage(`{"items":{"type":"string","pattern":"^(a|b|c)*$"}}`))
	if problems := patterns.Check(json.RawMessage(`["abc","d"]`)); len(problems) != 1 {
		t.Errorf("a small check was not made: %v", problems)
	}
}

func TestLimitsNameThemselves(t *testing.T) {
	h := hostile()
	for name, want := range map[string]string{
		"depth 10^4":      "128 levels",
		"enum of 10^5":    "50000 values",
		"over a megabyte": "1048576 bytes",
		"NaN":             "not valid JSON",
	} {
		s := schema.Parse(json.RawMessage(h[name]))
		if s.Root.Kind != schema.Unknown || !strings.Contains(s.Root.Reason, want) {
			t.Errorf("%s: the reason is %q, want one with %q", name, s.Root.Reason, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(issue), []byte(`{"owner":"o","filter":{"lables":[1]}}`))
	f.Add([]byte(doubling(3, "allOf")), []byte(`{"x":1}`))
	f.Add([]byte(`{"properties":{"a":{"$ref":"#"}},"patternProperties":{"^b":false}}`), []byte(`{"a":{"b":[1e5,null]}}`))
	f.Add([]byte(`{"prefixItems":[{"const":"\u00e9\ud83d"}],"items":{"type":["a","null"]}}`), []byte(`["\ud83d\ude00"]`))
	f.Fuzz(func(t *testing.T, text, value []byte) {
		s := schema.Parse(text)
		show(s.Root, map[*schema.Def]bool{})
		for _, d := range s.Defs {
			if d.Type == nil || d.Key == "" {
				t.Errorf("the definition %q is not complete", d.Name)
			}
		}
		for _, p := range s.Check(value) {
			if p.Want == "" || p.Got == "" {
				t.Errorf("empty problem %+v", p)
			}
			if len(p.String()) > 10_000 {
				t.Errorf("a problem of %d bytes", len(p.String()))
			}
		}
	})
}
