package js

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/dop251/goja"
	"github.com/evanw/esbuild/pkg/api"
	"github.com/go-sourcemap/sourcemap"

	"github.com/bindery-mcp/bindery"
)

func testRealm(t testing.TB) *realm {
	t.Helper()
	lib, err := compileLibrary()
	if err != nil {
		t.Fatal(err)
	}
	r, err := newRealm(lib)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Each identifier must map to the line and column it has in the original,
// both counted from 1, whatever stood before it.
func TestRemap(t *testing.T) {
	source := "aaa(bbb); ccc<number>(1);\n  ddd(eee);\nconst é = fff(\"😀\", ggg);"
	out := api.Transform(opening+source+closing, transformOptions())
	mapping, err := remap(out.Map, len(opening))
	if err != nil {
		t.Fatal(err)
	}
	positions, err := sourcemap.Parse("", mapping)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][2]int{
		"aaa": {1, 1}, "bbb": {1, 5}, "ccc": {1, 11}, "ddd": {2, 3}, "eee": {2, 7}, "fff": {3, 11}, "ggg": {3, 21},
	} {
		before, _, ok := strings.Cut(string(out.Code), name)
		if !ok {
			t.Fatalf("%s is not in %s", name, out.Code)
		}
		line := strings.Count(before, "\n") + 1
		column := len(before) - strings.LastIndex(before, "\n")
		_, _, gotLine, gotColumn, ok := positions.Source(line, column)
		if got := [2]int{gotLine, gotColumn}; !ok || got != want {
			t.Errorf("%s is at %v, want %v", name, got, want)
		}
	}
}

func TestVLQ(t *testing.T) {
	for _, v := range []int{0, 1, -1, 15, 16, -16, 31, 1000, -100000, 1 << 28} {
		var b strings.Builder
		encodeVLQ(&b, v)
		if got, err := decodeVLQ(b.String()); err != nil || !reflect.DeepEqual(got, []int{v}) {
			t.Errorf("%d became %v, %v", v, got, err)
		}
	}
	for _, bad := range []string{"", "!", "g", "ggggggggA"} {
		if got, err := decodeVLQ(bad); err == nil {
			t.Errorf("%q gave %v", bad, got)
		}
	}
}

func TestDecodeKeepsEverything(t *testing.T) {
	r := testRealm(t)
	for _, s := range []string{
		`{}`, `[]`, `null`, `true`, `"é\n\"\u00e9\ud83d\ude00"`, `0`, `-1.5e3`, ` { "b" : [ 1 , 2 ] , "a" : { } } `,
		`9007199254740993`, `-9007199254740993`, `123456789012345678901234567890`, `{"2":1,"1":2,"x":3}`, `[[[[]]]]`, `{"a":1,"a":2}`,
	} {
		var got []byte
		err := r.protect(func() {
			v, err := r.decode([]byte(s))
			if err != nil {
				t.Errorf("%s: %v", s, err)
				return
			}
			got, _, err = r.encode(t.Context(), v, forArgs, 1<<20)
			if err != nil {
				t.Errorf("%s: %v", s, err)
			}
		})
		var a, b any
		if err != nil || decodeNumbers([]byte(s), &a) != nil || decodeNumbers(got, &b) != nil {
			t.Fatalf("%s: %v", s, err)
		}
		if fmt.Sprint(a) != fmt.Sprint(b) && s != `-1.5e3` {
			t.Errorf("%s became %s", s, got)
		}
	}
}

func decodeNumbers(data []byte, v any) error {
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.UseNumber()
	return d.Decode(v)
}

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"plain é\n\t": "plain é\n\t", "a\x1b[0m": `a\x1b[0m`, "\x7f\r": `\x7f\x0d`, "bad\xffutf": "bad\ufffdutf", "\x00\xff": `\x00` + "\ufffd",
	} {
		if got := printable(in); got != want {
			t.Errorf("printable(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSizesAndTimes(t *testing.T) {
	for n, want := range map[int64]string{5: "5 bytes", 1 << 10: "1 KiB", 1536: "1.5 KiB", 1 << 20: "1 MiB", 256 << 10: "256 KiB"} {
		if got := size(n); got != want {
			t.Errorf("size(%d) = %s, want %s", n, got, want)
		}
	}
	for d, want := range map[time.Duration]string{30 * time.Second: "30 s", 200 * time.Millisecond: "200 ms", 1500 * time.Millisecond: "1.5 s"} {
		if got := seconds(d); got != want {
			t.Errorf("seconds(%d) = %s, want %s", d, got, want)
		}
	}
}

// Whatever the text is, translating it ends without a panic, and a place that
// is named lies in the text.
func FuzzCompile(f *testing.F) {
	for _, s := range []string{
		"1 + 1", "```ts\nconst x: number = 1\n```", "export default async () => 5", "export { a as default }", "import type {A} from 'x'",
		"async function main() {}", "})(); (async()=>{", "`${", "/*", "class A { #x }", "for await (const x of y) ;", "\ufeff#!x\n1", "const é = = 1", "<div>", "import.meta",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 4<<10 {
			return
		}
		p, fail := compile(s)
		if (p == nil) == (fail == nil) {
			t.Fatalf("program %v, failure %v", p, fail)
		}
		if fail != nil && (fail.Message == "" || fail.Line < 0 || fail.Line > text(s).lines()+1) {
			t.Errorf("%q: %+v", s, fail)
		}
	})
}

// Whatever comes as JSON is either refused or becomes a value that can be
// written as JSON again.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.5,"x",null,true]}`, `"\ud800"`, `9007199254740993`, `{"__proto__":1}`, `[[[`, `1e999`, ` "é" `, `-0`} {
		f.Add([]byte(s))
	}
	r := testRealm(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 64<<10 {
			return
		}
		err := r.protect(func() {
			v, err := r.decode(data)
			if err != nil {
				return
			}
			out, _, err := r.encode(t.Context(), v, forValue, 1<<30)
			if err != nil || !json.Valid(out) {
				t.Errorf("%q became %q, %v", data, out, err)
			}
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func FuzzRemap(f *testing.F) {
	f.Add("AAAA,CAAC;;AACA,gBAAgB")
	f.Add(",;,g")
	f.Fuzz(func(t *testing.T, mappings string) {
		raw, err := json.Marshal(map[string]any{"version": 3, "sources": []string{scriptName}, "mappings": mappings})
		if err != nil {
			return
		}
		if out, err := remap(raw, len(opening)); err == nil && !json.Valid(out) {
			t.Errorf("%q became %q", mappings, out)
		}
	})
}

// A script value is only ever read in protect; this is what that guards from.
func TestProtect(t *testing.T) {
	r := testRealm(t)
	v, err := r.rt.RunString(`({get x() { throw new Error("x") }, get y() { return this.y }})`)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"x", "y"} {
		if err := r.protect(func() { v.(*goja.Object).Get(key) }); err == nil {
			t.Errorf("%s: no error", key)
		}
	}
	if err := r.protect(func() {}); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestNaming(t *testing.T) {
	id := bindery.ToolID{Server: "everything", Name: "get-sum"}
	for _, test := range []struct{ name, message, want string }{
		{"by its identifier", "call everything.get_sum: b: expected number", "call everything.get_sum: b: expected number"},
		{"by its name", "call everything.get-sum: b: expected number", "call everything.get-sum: b: expected number"},
		{"not at all", "b: expected number", "everything.get-sum: b: expected number"},
		{"another", "call other.get_sum: no", "everything.get-sum: call other.get_sum: no"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := naming(id, test.message); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	if got := naming(bindery.ToolID{Name: "search"}, "no"); got != "search: no" {
		t.Errorf("the host's own: %q", got)
	}
}
