package config_test

import (
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"path/filepath"

	"github.com/bindery-mcp/bindery/gateway/config"
)

// FuzzParse wants an error or a configuration that can be written and read
// again, whatever the bytes and the format.
func FuzzParse(f *testing.F) {
	names := []string{"bindery.yaml", "mcp.json", "config.toml", "config"}
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range archives {
		a, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for i := range names {
			f.Add(a.Files[0].Data, uint8(i))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, format uint8) {
		c, err := config.Parse(names[int(format)%len(names)], data)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without words")
			}
			return
		}
		text, err := c.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := config.Parse("bindery.yaml", text); err != nil {
			t.Errorf("what was written cannot be read: %v\n%s", err, text)
		}
	})
}
