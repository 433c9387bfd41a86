package shape_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery/codegen/schema"
	"github.com/bindery-mcp/bindery/codegen/shape"
)

func TestEncoding(t *testing.T) {
	t.Parallel()
	s := of(`{"a":[1],"b":{"x y":null},"c":{}}`, `{"a":[],"c":{"d":"x"}}`)
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"v":1,"n":[0,2,0,0,0],"t":{"k":"o","f":[` +
		`{"n":"a","t":{"k":"a","i":{"k":"i"}},"c":2},` +
		`{"n":"b","t":{"k":"o","d":{"k":"z"}},"o":true,"c":1},` +
		`{"n":"c","t":{"k":"o","f":[{"n":"d","t":{"k":"s"},"c":1}],"e":true},"c":2}]}}`
	if string(data) != want {
		t.Errorf("encoding:\n%s\nwant\n%s", data, want)
	}
	var back shape.Shape
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if !back.Same(s) || back.Counts() != s.Counts() {
		t.Errorf("read back it is %s, %+v", show(back.Type()), back.Counts())
	}
}

func TestEncodingRefused(t *testing.T) {
	t.Parallel()
	node := func(n string) string { return `{"v":1,"n":[1,0,0,0,0],"t":` + n + `}` }
	record := func(fields string) string { return node(`{"k":"o","f":[` + fields + `]}`) }
	for name, data := range map[string]string{
		"another version":     `{"v":2,"n":[1,0,0,0,0]}`,
		"no version":          `{"n":[1,0,0,0,0]}`,
		"something else":      `[]`,
		"a field of its own":  `{"v":1,"n":[1,0,0,0,0],"values":["secret"]}`,
		"a negative count":    `{"v":1,"n":[-1,0,0,0,0]}`,
		"a count too high":    `{"v":1,"n":[9007199254740993,0,0,0,0]}`,
		"no kind":             node(`{"k":""}`),
		"an unknown kind":     node(`{"k":"q"}`),
		"kinds out of order":  node(`{"k":"sb"}`),
		"a kind twice":        node(`{"k":"ss"}`),
		"anything and more":   node(`{"k":"su"}`),
		"items of no list":    node(`{"k":"s","i":{"k":"s"}}`),
		"fields of no object": node(`{"k":"s","f":[{"n":"a","t":{"k":"s"}}]}`),
		"both":                node(`{"k":"o","f":[{"n":"a","t":{"k":"s"}}],"d":{"k":"s"}}`),
		"a name that is data": record(`{"n":"ann@example.com","t":{"k":"s"}}`),
		"a name that breaks":  record(`{"n":"*/ }","t":{"k":"s"}}`),
		"names out of order":  record(`{"n":"b","t":{"k":"s"}},{"n":"a","t":{"k":"s"}}`),
		"a name twice":        record(`{"n":"a","t":{"k":"s"}},{"n":"a","t":{"k":"s"}}`),
		"too many calls":      record(`{"n":"a","t":{"k":"s"},"c":9}`),
		"all optional":        record(`{"n":"a","t":{"k":"s"},"o":true},{"n":"b","t":{"k":"s"},"o":true}`),
		"too deep":            node(strings.Repeat(`{"k":"a","i":`, 25) + `{"k":"s"}` + strings.Repeat(`}`, 25)),
		"far too deep":        node(strings.Repeat(`{"k":"a","i":`, 9999) + `{"k":"s"}` + strings.Repeat(`}`, 9999)),
		"too large":           node(`{"k":"` + strings.Repeat("s", 600<<10) + `"}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := of(`{"a":1}`)
			if err := s.UnmarshalJSON([]byte(data)); err == nil {
				t.Errorf("read as %s", show(s.Type()))
			} else if strings.Contains(err.Error(), "ann@") {
				t.Errorf("the error tells what it refused: %v", err)
			}
			if got := show(s.Type()); got != "{a:integer}" {
				t.Errorf("a refused encoding changed the shape to %s", got)
			}
		})
	}
}

// Whatever is read is within the bounds, and is written as it was read.
func FuzzUnmarshal(f *testing.F) {
	for _, s := range []*shape.Shape{of(), of(`{"a":[1],"b":{"x y":null},"c":{}}`, `{"a":[],"c":{"d":1.5}}`), of(`"x"`, `{`)} {
		data, err := json.Marshal(s)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var s, again shape.Shape
		if s.UnmarshalJSON(data) != nil {
			return
		}
		first, err := json.Marshal(&s)
		if err != nil {
			t.Fatal(err)
		}
		if err := again.UnmarshalJSON(first); err != nil {
			t.Fatalf("%s is written as %s, which is refused: %v", data, first, err)
		}
		if second, _ := json.Marshal(&again); string(second) != string(first) {
			t.Errorf("%s became %s", first, second)
		}
	})
}

// Whatever an answer is, its shape can be written and read, and its type
// accepts it.
func FuzzOf(f *testing.F) {
	f.Add([]byte(`{"a":[1,null,{"b":"x"}],"a b":{}}`), []byte(`{"q":"b"}`))
	f.Add([]byte(`[[],{},"\ud800",1e9]`), []byte(nil))
	f.Add([]byte(`{"":{"\n":-0.0}}`), []byte(`"`))
	f.Fuzz(func(t *testing.T, value, args []byte) {
		s := shape.Merge(of(`{"a":1}`), shape.Of(shape.Answer{Source: shape.Structured, JSON: value, Args: args}))
		data, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if err := new(shape.Shape).UnmarshalJSON(data); err != nil {
			t.Fatalf("%s: %v", data, err)
		}
		if s.Counts().Unread > 0 {
			return
		}
		if problems := (&schema.Schema{Root: s.Type()}).Check(value); len(problems) > 0 {
			t.Errorf("%s does not accept %s: %v", show(s.Type()), value, problems)
		}
	})
}

// BenchmarkOf looks into 100 kB as a list of issues has them, and merges it
// into what is known.
func BenchmarkOf(b *testing.B) {
	issues := make([]string, 200)
	for i := range issues {
		issues[i] = fmt.Sprintf(`{"id":%d,"node_id":"I_kwDO%d","title":"Crash when the list is empty (%d)","state":"open","locked":false,`+
			`"user":{"login":"ann%d","id":%d,"type":"User","site_admin":false},"labels":[{"id":%d,"name":"bug","color":"f29513"}],`+
			`"milestone":null,"comments":%d,"created_at":"2026-01-02T03:04:05Z","body":"%s"}`, i, i, i, i, i, i, i, strings.Repeat("It fails. ", 20))
	}
	data := json.RawMessage("[" + strings.Join(issues, ",") + "]")
	known := of(string(data))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		known = shape.Merge(known, shape.Of(shape.Answer{
			Source: shape.JSONText, JSON: data, Args: json.RawMessage(`{"state":"open"}`), Before: known,
		}))
	}
}
