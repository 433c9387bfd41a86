package backends

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func testOffer(t testing.TB, spec Spec) offer {
	t.Helper()
	o := offer{
		title: "T", instructions: "<be & careful>", version: "1", protocol: "2025-11-25",
		raw: []json.RawMessage{
			json.RawMessage(`{"name":"b", "inputSchema":{"z":1, "a":12345678901234567890, "html":"<&>"}}`),
			json.RawMessage(`{"name":"a","annotations":{"readOnlyHint":true}}`),
		},
	}
	o.take(spec, nil)
	return o
}

func TestCacheKeepsBytes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	spec := Spec{Name: "../s p", Command: "x", Env: map[string]string{"TOKEN": "hunter2-hunter2"}}
	want := testOffer(t, spec)
	if err := writeCache(dir, spec, want); err != nil {
		t.Fatal(err)
	}
	got, err := readCache(dir, spec)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 || !strings.HasPrefix(files[0].Name(), "___s_p-") {
		t.Fatalf("got %v, %v", files, err)
	}
	info, _ := files[0].Info()
	dirInfo, _ := os.Stat(dir)
	if info.Mode().Perm() != 0o600 || dirInfo.Mode().Perm() != 0o700 {
		t.Errorf("got modes %v and %v", info.Mode(), dirInfo.Mode())
	}
	text, _ := os.ReadFile(filepath.Join(dir, files[0].Name()))
	if strings.Contains(string(text), "hunter2") {
		t.Error("the cache holds a secret")
	}

	spec.Args = []string{"--other"}
	if _, err := readCache(dir, spec); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("another command: got %v", err)
	}
}

func TestReadCache(t *testing.T) {
	dir := t.TempDir()
	spec := Spec{Name: "s", URL: "http://x", Offers: func(tool string) bool { return tool != "a" }}
	if err := writeCache(dir, spec, testOffer(t, spec)); err != nil {
		t.Fatal(err)
	}
	c := ReadCache(dir, []Spec{spec, {Name: "none", Command: "x"}})
	if len(c.Servers) != 2 || c.Servers[0].State != Unknown || !c.Servers[0].FromCache || c.Servers[1].FromCache {
		t.Fatalf("got %+v", c)
	}
	if tools := c.Servers[0].Tools; len(tools) != 1 || tools[0].ID.String() != "s.b" {
		t.Errorf("got %+v", tools)
	}
}

func TestBadCache(t *testing.T) {
	spec := Spec{Name: "s", Command: "x"}
	good := `{"format":1,"server":"s","digest":"` + spec.digest() + `","tools":["{\"name\":\"a\"}"]}`
	if o, err := decodeCache([]byte(good), spec); err != nil || len(o.tools) != 1 {
		t.Fatalf("got %+v, %v", o, err)
	}
	for name, text := range map[string]string{
		"empty":        ``,
		"cut off":      good[:len(good)/2],
		"other format": strings.Replace(good, `"format":1`, `"format":2`, 1),
		"other server": strings.Replace(good, `"server":"s"`, `"server":"t"`, 1),
		"other digest": strings.Replace(good, spec.digest(), "0", 1),
		"deep":         strings.Repeat("[", 100_000),
		"deep tool":    strings.Replace(good, `{\"name\":\"a\"}`, strings.Repeat("[", 1000), 1),
	} {
		if o, err := decodeCache([]byte(text), spec); err == nil {
			t.Errorf("%s: got %+v", name, o)
		}
	}
}

func FuzzDecodeCache(f *testing.F) {
	spec := Spec{Name: "s", Command: "x"}
	f.Add([]byte(`{"format":1,"server":"s","digest":"` + spec.digest() + `","tools":["{\"name\":\"a\",\"annotations\":{\"readOnlyHint\":1}}"]}`))
	f.Add([]byte(`{"format":1,"server":"s","digest":"` + spec.digest() + `","tools":["{\"name\":\"a\",\"inputSchema\":true}","null","[]"]}`))
	f.Add([]byte(`[[[[`))
	f.Fuzz(func(t *testing.T, data []byte) {
		o, err := decodeCache(data, spec)
		if err == nil && len(o.tools) != len(o.names) {
			t.Errorf("got %d tools with %d names", len(o.tools), len(o.names))
		}
		for _, tool := range o.tools {
			if !json.Valid(tool.Input) {
				t.Errorf("schema of %q is not JSON: %q", tool.ID.Name, tool.Input)
			}
		}
	})
}

func FuzzDecodeResult(f *testing.F) {
	f.Add([]byte(`{"content":[{"type":"image","data":"aGVsbG8="}],"structuredContent":{"a":1e400},"isError":true}`))
	f.Add([]byte(`{"content":{},"isError":1}`))
	f.Add([]byte(`{"resultType":"task"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := decodeResult(data)
		if err != nil {
			return
		}
		if r.Structured != nil && !json.Valid(r.Structured) {
			t.Errorf("structured content is not JSON: %q", r.Structured)
		}
	})
}
