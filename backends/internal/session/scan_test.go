package session

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func scanAll(text string) (string, error) {
	var b strings.Builder
	err := Members([]byte(text), func(name, value []byte) { b.WriteString(string(name) + "=" + string(value) + ";") })
	return b.String(), err
}

func TestMembers(t *testing.T) {
	for text, want := range map[string]string{
		`{}`:                                "",
		" { } \n":                           "",
		`{"a":1}`:                           "a=1;",
		`{ "a" : [1, {"b":[]}] , "c":"d" }`: `a=[1, {"b":[]}];c="d";`,
		`{"a":"x\"y\\","a":-0.5e+7}`:        `a="x\"y\\";a=-0.5e+7;`,
		`{"a\u0062":{},"":null,"t":true,"f":false}`:  `a\u0062={};=null;t=true;f=false;`,
		`{"long":"` + strings.Repeat("ü", 50) + `"}`: `long="` + strings.Repeat("ü", 50) + `";`,
	} {
		if got, err := scanAll(text); err != nil || got != want {
			t.Errorf("%s: got %s, %v", text, got, err)
		}
	}
	var limit *LimitError
	if _, err := scanAll(`{"a":` + strings.Repeat("[", 256) + strings.Repeat("]", 256) + `}`); !errors.As(err, &limit) {
		t.Errorf("got %v", err)
	}
	if _, err := scanAll(`{"a":` + strings.Repeat("[", 255) + strings.Repeat("]", 255) + `}`); err != nil {
		t.Errorf("got %v", err)
	}
}

// FuzzMembers checks the scanner against the standard library's.
func FuzzMembers(f *testing.F) {
	for _, s := range []string{
		`{}`, `{"a":1,}`, `{,}`, `{"a"}`, `{"a":01}`, `{"a":1}}`, `{"a":[1,]}`, `{"a":[}`, `{"a":{]}`, `[]`, `{"a":"\x"}`, `{"a":"\u12g4"}`,
		"{\"a\":\"\x1f\"}", `{"a":tru}`, `{"a":-}`, `{"a":1.}`, `{"a":1e}`, `{"a":.5}`, `{"a":"b`, `{"a":nullx}`, "", " ", `{"a":"` + strings.Repeat("\xff", 20) + `"}`,
		`{"a":{"b":{"c":[{},[],""]}},"d":"eeeeeeeeeeeeeee\n"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		err := Members(data, func(name, value []byte) {
			if !json.Valid(value) || !json.Valid([]byte(`"`+string(name)+`"`)) {
				t.Errorf("%q: visited %q, %q", data, name, value)
			}
		})
		if _, ok := errors.AsType[*LimitError](err); ok {
			return
		}
		first := strings.TrimLeft(string(data), " \r\n\t")
		valid := json.Valid(data) && strings.HasPrefix(first, "{")
		if (err == nil) != valid {
			t.Errorf("%q: got %v, valid: %v", data, err, valid)
		}
	})
}

func BenchmarkMembers(b *testing.B) {
	text := []byte(`{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"` + strings.Repeat("some text ", 50_000) + `"}]}}`)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if err := Members(text, func(_, _ []byte) {}); err != nil {
			b.Fatal(err)
		}
	}
}
