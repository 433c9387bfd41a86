package shape_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery/codegen/schema"
	"github.com/bindery-mcp/bindery/codegen/shape"
)

// of returns the shape of answers with the arguments {}.
func of(answers ...string) *shape.Shape {
	var s *shape.Shape
	for _, a := range answers {
		s = shape.Merge(s, shape.Of(shape.Answer{Source: shape.JSONText, JSON: json.RawMessage(a)}))
	}
	return s
}

// show writes a type like TypeScript.
func show(t *schema.Type) string {
	switch t.Kind {
	case schema.Array:
		if t.Items == nil {
			return "unknown[]"
		}
		return "(" + show(t.Items) + ")[]"
	case schema.Union:
		var parts []string
		for _, o := range t.Of {
			parts = append(parts, show(o))
		}
		return strings.Join(parts, "|")
	case schema.Object:
		var parts []string
		for _, p := range t.Props {
			mark := "?:"
			if p.Required {
				mark = ":"
			}
			parts = append(parts, p.Name+mark+show(p.Type))
		}
		if t.Extra != nil {
			parts = append(parts, "[]:"+show(t.Extra))
		}
		return "{" + strings.Join(parts, ",") + "}"
	}
	return t.Kind.String()
}

// word spells a number in letters that follow one another in words.
func word(i int) string {
	return "field_" + string([]byte{"bcdfghlmnprst"[i/13%13], 'a', "bcdfghlmnprst"[i%13], 'e', 'r', "aeiou"[i/169%5]})
}

func words(n int, value string) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = fmt.Sprintf("%q:%s", word(i), value)
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func TestType(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answers []string
		want    string
	}{
		"scalars":             {[]string{`{"a":1,"b":1.5,"c":"x","d":true,"e":-0}`}, "{a:integer,b:number,c:string,d:boolean,e:integer}"},
		"an exponent":         {[]string{`1e3`}, "number"},
		"integers in numbers": {[]string{`[1, 2.5]`}, "(number)[]"},
		"only null":           {[]string{`{"a":null,"b":[null]}`}, "{a:unknown,b:(unknown)[]}"},
		"nullable":            {[]string{`{"a":null,"b":1}`, `{"a":"x","b":1}`}, "{a:string|null,b:integer}"},
		"optional":            {[]string{`{"a":1,"b":1}`, `{"a":1}`}, "{a:integer,b?:integer}"},
		"optional in a list":  {[]string{`[{"a":1},{"a":2,"b":"x"}]`}, "({a:integer,b?:string})[]"},
		"empty lists":         {[]string{`[]`, `[]`}, "unknown[]"},
		"empty, then not":     {[]string{`{"a":[]}`, `{"a":["x"]}`}, "{a:(string)[]}"},
		"empty object":        {[]string{`{}`}, "{}"},
		"empty or a record":   {[]string{`{}`, `{"a":1,"b":2}`}, "{a?:integer,b?:integer}"},
		"kinds by turns":      {[]string{`[1]`, `{"a":1}`, `"x"`, `null`, `false`}, "boolean|string|(integer)[]|{a:integer}|null"},
		"one name twice":      {[]string{`{"a":1,"a":"x"}`}, "{a:integer|string}"},
		"escaped name":        {[]string{`{"\u0061":1}`}, "{a:integer}"},
		"spaces":              {[]string{" {\n\t\"a\" : [ 1 , 2 ] }\r\n"}, "{a:(integer)[]}"},
		"names that services have": {
			[]string{`{"_id":1,"$ref":1,"@odata.nextLink":1,"__typename":1,"sha256":1,"line2":"","isUpToDate":true,"created_at":"","nodeID":"","algorithm":"","i18n":1}`},
			"{$ref:integer,@odata.nextLink:integer,__typename:integer,_id:integer,algorithm:string,created_at:string,i18n:integer,isUpToDate:boolean,line2:string,nodeID:string,sha256:integer}",
		},
		"a tag that names a field": {[]string{`{"type":"text","text":"hello"}`}, "{text:string,type:string}"},

		"addresses":               {[]string{`{"ann@example.com":3}`}, "{[]:integer}"},
		"one key of many":         {[]string{`{"total":3,"PROJ-123":{"a":1}}`}, "{[]:integer|{a:integer}}"},
		"groups":                  {[]string{`{"ann":{"a":1},"bob":{"a":2}}`}, "{[]:{a:integer}}"},
		"lists by group":          {[]string{`{"ann":[{"a":1}],"bob":[{"a":2}]}`}, "{[]:({a:integer})[]}"},
		"counts":                  {[]string{words(9, "1")}, "{[]:integer}"},
		"few counts":              {[]string{`{"stars":1,"forks":2}`}, "{forks:integer,stars:integer}"},
		"nothing in common":       {[]string{`{"ann":3}`, `{"bob":4}`}, "{[]:integer}"},
		"in a list":               {[]string{`[{"ann":3},{"bob":4}]`}, "({[]:integer})[]"},
		"a dictionary stays one":  {[]string{`{"a b":1}`, `{"a":"x"}`, `{}`}, "{[]:integer|string}"},
		"a value of the answer":   {[]string{`{"users":["ann"],"points":{"Ann":3}}`}, "{points:{[]:integer},users:(string)[]}"},
		"many fields":             {[]string{words(129, `"x"`)}, "{[]:string}"},
		"just not too many":       {[]string{words(3, `"x"`)}, fmt.Sprintf("{%s:string,%s:string,%s:string}", word(0), word(1), word(2))},
		"fields that come and go": {[]string{`{"id":1,"a":1,"b":1,"c":"","d":1}`, `{"id":1,"e":1,"f":1,"g":"","h":1}`}, "{[]:integer|string}"},
		"a few that come and go":  {[]string{`{"id":1,"a":1,"b":1}`, `{"id":1,"e":1}`}, "{a?:integer,b?:integer,e?:integer,id:integer}"},

		"not JSON":  {[]string{`{"a":`}, "unknown"},
		"too large": {[]string{`["` + strings.Repeat("x", shape.MaxBytes) + `"]`}, "unknown"},
		"too deep":  {[]string{strings.Repeat("[", 200) + strings.Repeat("]", 200)}, "unknown"},
		"deep":      {[]string{strings.Repeat("[", 60) + strings.Repeat("]", 60)}, strings.Repeat("(", 24) + "unknown" + strings.Repeat(")[]", 24)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := of(tc.answers...)
			if got := show(s.Type()); got != tc.want {
				t.Errorf("Type = %s\nwant   %s", got, tc.want)
			}
			if again := shape.Merge(s, s); !again.Same(s) {
				t.Errorf("merged with itself it is %s", show(again.Type()))
			}
		})
	}
}

func TestSources(t *testing.T) {
	t.Parallel()
	s := of(`{"a":1}`, `{`)
	for _, source := range []shape.Source{shape.Text, shape.Blocks, shape.Text} {
		s = shape.Merge(s, shape.Of(shape.Answer{Source: source}))
	}
	s = shape.Merge(s, shape.Of(shape.Answer{Source: shape.Structured, JSON: json.RawMessage(`{"a":"x"}`)}))
	s = shape.Merge(s, shape.Unread())
	const want = "string|{a:integer|string}|({type:string,text?:string,data?:string,mimeType?:string})[]"
	if got := show(s.Type()); got != want {
		t.Errorf("Type = %s, want %s", got, want)
	}
	if got, want := s.Counts(), (shape.Counts{Structured: 1, JSONText: 1, Text: 2, Blocks: 1, Unread: 2}); got != want || got.Calls() != 5 {
		t.Errorf("Counts = %+v, want %+v", got, want)
	}
}

func TestNothing(t *testing.T) {
	t.Parallel()
	var none *shape.Shape
	if got := show(none.Type()); got != "unknown" || none.Counts().Calls() != 0 || !none.Same(shape.Unread()) {
		t.Errorf("the shape of nothing is %s", got)
	}
	if s := of(`1`); shape.Merge(none, s) != s || shape.Merge(s, none) != s || s.Same(none) {
		t.Error("merging nothing changes a shape")
	}
}

func TestEchoes(t *testing.T) {
	t.Parallel()
	const answer = `{"id":1,"ann":2}`
	ten := of(answer, answer, answer, answer, answer, answer, answer, answer, answer, answer)
	for name, tc := range map[string]struct {
		answer shape.Answer
		want   string
	}{
		"no arguments":   {shape.Answer{}, "{ann:integer,id:integer}"},
		"a word":         {shape.Answer{Args: json.RawMessage(`{"q":["issues of Ann, open"]}`)}, "{[]:integer}"},
		"a key":          {shape.Answer{Args: json.RawMessage(`{"who":{"ann":1}}`)}, "{[]:integer}"},
		"an escape":      {shape.Answer{Args: json.RawMessage(`{"who":"\u0061nn"}`)}, "{[]:integer}"},
		"part of a word": {shape.Answer{Args: json.RawMessage(`{"who":"annual"}`)}, "{ann:integer,id:integer}"},
		"a public word":  {shape.Answer{Args: json.RawMessage(`{"q":"id"}`), Public: shape.WordsOf("Finds an ID.")}, "{ann:integer,id:integer}"},
		"a known field":  {shape.Answer{Args: json.RawMessage(`{"q":"id"}`), Before: ten}, "{ann:integer,id:integer}"},
		"a new field":    {shape.Answer{Args: json.RawMessage(`{"q":"id"}`), Before: of(answer)}, "{[]:integer}"},
		"bad arguments":  {shape.Answer{Args: json.RawMessage(`{"q":`)}, "unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := tc.answer
			a.Source, a.JSON = shape.Structured, json.RawMessage(answer)
			if got := show(shape.Of(a).Type()); got != tc.want {
				t.Errorf("Type = %s, want %s", got, tc.want)
			}
		})
	}
}

// wide is a record of n records that have different fields, m each, every one
// a record again.
func wide(n, m int) string {
	records := make([]string, n)
	for i := range records {
		fields := make([]string, m)
		for j := range fields {
			fields[j] = fmt.Sprintf(`%q:{"id":1,"name":"x"}`, word(i*m+j))
		}
		records[i] = fmt.Sprintf(`%q:{"id":1,%s}`, word(i), strings.Join(fields, ","))
	}
	return "{" + strings.Join(records, ",") + "}"
}

func TestBounds(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		n, m int
		want string
	}{
		{10, 20, "{id:integer,name:string}"}, // 841 places
		{20, 40, "unknown"},                  // 2,461
	} {
		s := of(wide(tc.n, tc.m))
		first := s.Type().Props[0].Type
		if got := show(first.Props[0].Type); got != tc.want {
			t.Errorf("%d records of %d: %s, want %s", tc.n, tc.m, got, tc.want)
		}
		data, err := json.Marshal(shape.Merge(s, of(wide(tc.n/2, tc.m*2))))
		if err != nil {
			t.Fatal(err)
		}
		if err := new(shape.Shape).UnmarshalJSON(data); err != nil {
			t.Error(err)
		}
	}
}
