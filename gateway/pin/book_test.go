package pin

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/bindery-mcp/bindery"
)

// FuzzParseBook wants an error or pins that can be written and read again.
func FuzzParseBook(f *testing.F) {
	b := newBook()
	b.add(entryOf(bindery.Tool{ID: bindery.ToolID{Server: "a", Name: "b"}, Description: "Does b."}))
	path := filepath.Join(f.TempDir(), "pins.json")
	if err := b.write(path); err != nil {
		f.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"version":1,"lock":{"version":1,"servers":{}},"descriptions":{"a":null}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := parseBook(data)
		if err != nil {
			return
		}
		path := filepath.Join(t.TempDir(), "pins.json")
		if err := b.write(path); err != nil {
			t.Fatal(err)
		}
		written, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		again, err := parseBook(written)
		if err != nil {
			t.Fatalf("%v in %s", err, written)
		}
		if err := again.write(path); err != nil {
			t.Fatal(err)
		}
		if twice, _ := os.ReadFile(path); !bytes.Equal(written, twice) {
			t.Errorf("%s became %s", written, twice)
		}
	})
}
