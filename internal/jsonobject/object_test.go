package jsonobject_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery/internal/jsonobject"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func Example() {
	o, err := jsonobject.Parse([]byte(`{"name": "get", "big": 12345678901234567890, "z": {"a": [1]}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	o.SetText("name", "fetch")
	o.Delete("z")
	fmt.Println(string(o.Bytes()))
	// Output: {"name":"fetch","big":12345678901234567890}
}

func TestParse(t *testing.T) {
	for in, want := range map[string]string{
		`{}`:                                   `{}`,
		" { } ":                                `{}`,
		`{"a":1,"b" : [1, {"c":"]}"}] }`:       `{"a":1,"b":[1, {"c":"]}"}]}`,
		`{"a\"b":"x\\"}`:                       `{"a\"b":"x\\"}`,
		`{"a":null,"A":true}`:                  `{"a":null,"A":true}`,
		`{"a":1,"\u0061":2}`:                   "",
		`{"a":1,"a":2}`:                        "",
		`{"a":1,}`:                             "",
		`{"a":}`:                               "",
		`{"a"}`:                                "",
		`{"a":1`:                               "",
		`{"a":[1}`:                             "",
		`{"a":1}x`:                             "",
		`[]`:                                   "",
		``:                                     "",
		`{"a":"`:                               "",
		`{"a":"\`:                              "",
		`{"deep":[[[[[[[[[[1]]]]]]]]]],"x":0}`: `{"deep":[[[[[[[[[[1]]]]]]]]]],"x":0}`,
	} {
		o, err := jsonobject.Parse([]byte(in))
		switch {
		case want == "" && err == nil:
			t.Errorf("Parse(%s) = %s, want an error", in, o.Bytes())
		case want != "" && err != nil:
			t.Errorf("Parse(%s): %v", in, err)
		case want != "" && string(o.Bytes()) != want:
			t.Errorf("Parse(%s) = %s, want %s", in, o.Bytes(), want)
		}
	}
}

// FuzzParse holds Parse against encoding/json: of valid JSON it finds the same
// members with the same values.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"a":1,"b":[true,{"c":"d"}],"e":"\u0041"}`))
	f.Add([]byte(`{"a":1}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		o, err := jsonobject.Parse(data)
		var want map[string]json.RawMessage
		if json.Unmarshal(data, &want) != nil || want == nil {
			return
		}
		if err != nil {
			if names := len(want); names == 0 {
				t.Fatalf("Parse(%q): %v", data, err)
			}
			return // a member may have come twice
		}
		if len(o.Names()) != len(want) {
			t.Fatalf("Parse(%q) found %q", data, o.Names())
		}
		for name, v := range want {
			if string(o.Get(name)) != string(v) {
				t.Fatalf("Parse(%q): %q is %s, want %s", data, name, o.Get(name), v)
			}
		}
		if !json.Valid(o.Bytes()) {
			t.Fatalf("Parse(%q) gives %q", data, o.Bytes())
		}
	})
}
