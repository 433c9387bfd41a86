package jsonscan_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

func ExampleMembers() {
	for name, value := range jsonscan.Members([]byte(`{"a": [1, {"b": 2}], "A": "x", "\u0061": null}`)) {
		fmt.Printf("%s=%s\n", name, value)
	}
	// Output:
	// a=[1, {"b": 2}]
	// A="x"
	// a=null
}

func TestMembers(t *testing.T) {
	for _, tc := range []struct{ data, want string }{
		{`{}`, ``},
		{` { "a" : 1 } `, `a=1;`},
		{`{"a":1,"a":2,"A":3}`, `a=1;a=2;A=3;`},
		{`{"a":"}\",","b":"\\","c":{"d":"]"}}`, `a="}\",";b="\\";c={"d":"]"};`},
		{`{"\"":true}`, `"=true;`},
		{`{"":-1.5e3}`, `=-1.5e3;`},
		// What is no JSON, or no object.
		{``, ``},
		{`[1]`, ``},
		{`{"a`, ``},
		{`{"a":`, ``},
		{`{"a":1,`, `a=1;`},
		{`{"a":[1`, ``},
		{`{"a":"\"}`, ``},
		{`{a:1}`, ``},
		{`{"a" 1}`, ``},
		{`{"a":}`, ``},
	} {
		var got strings.Builder
		for name, value := range jsonscan.Members([]byte(tc.data)) {
			fmt.Fprintf(&got, "%s=%s;", name, value)
		}
		if got.String() != tc.want {
			t.Errorf("Members(%s) = %s, want %s", tc.data, got.String(), tc.want)
		}
	}
}

func TestMember(t *testing.T) {
	object := []byte(`{"a":1,"b":2,"a":3,"B":4}`)
	for name, want := range map[string]string{"a": "3", "b": "2", "c": ""} {
		if got := string(jsonscan.Member(object, name)); got != want {
			t.Errorf("Member(%s) = %s, want %s", name, got, want)
		}
	}
}

func TestElements(t *testing.T) {
	for _, tc := range []struct {
		data string
		want []string
	}{
		{`[]`, nil},
		{` [ 1 , "a,]" ,[2,3], {"b":[]} ] `, []string{`1`, `"a,]"`, `[2,3]`, `{"b":[]}`}},
		{`{}`, nil},
		{`[1,[2`, []string{`1`}},
		{``, nil},
	} {
		var got []string
		for e := range jsonscan.Elements([]byte(tc.data)) {
			got = append(got, string(e))
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("Elements(%s) (-want +got):\n%s", tc.data, diff)
		}
	}
}

// FuzzMembers holds that a valid object comes apart as encoding/json sees it,
// and that nothing else does harm.
func FuzzMembers(f *testing.F) {
	for _, s := range []string{`{"a":1}`, `{"a":{"b":[1,"\\\""]},"\u0041":null}`, `[1,{"a":2}]`, `{"a":"\ud800"}`, `{`, `{"a":1}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		members, elements := map[string]json.RawMessage{}, []json.RawMessage{}
		for name, value := range jsonscan.Members(data) {
			members[string(name)] = value
		}
		for e := range jsonscan.Elements(data) {
			elements = append(elements, e)
		}
		if !json.Valid(data) || !utf8.Valid(data) {
			return
		}
		switch bytes.TrimLeft(data, " \t\r\n")[0] {
		case '{':
			want := map[string]json.RawMessage{}
			if err := json.Unmarshal(data, &want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, members); diff != "" {
				t.Errorf("members of %q (-encoding/json +jsonscan):\n%s", data, diff)
			}
		case '[':
			want := []json.RawMessage{}
			if err := json.Unmarshal(data, &want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, elements); diff != "" {
				t.Errorf("elements of %q (-encoding/json +jsonscan):\n%s", data, diff)
			}
		}
	})
}
