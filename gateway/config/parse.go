package config

import (
	"bytes"
	"fmt"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Parse reads a configuration from data; path tells its format together with
// the content, and is what relative paths in it are relative to. References
// are left unresolved, see [Config.Resolve]. The error is an [*Error].
func Parse(path string, data []byte) (*Config, error) {
	r := &report{file: path}
	if len(data) > MaxFile {
		r.add(Pos{}, "", fmt.Sprintf("the file is larger than %s", Size(MaxFile)), "")
		return nil, asError(r.problems)
	}
	c := parse(r, path, data)
	if err := asError(r.problems); err != nil {
		return nil, err
	}
	return c, nil
}

// parse returns what could be read, never nil, with the problems in r.
func parse(r *report, path string, data []byte) *Config {
	c := &Config{path: path}
	if !readable(r, data) {
		return c
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	switch format := detect(path, data); format {
	case formatTOML:
		if n := readTOML(r, data); n != nil {
			decodeCodex(r, n, c)
		}
	case formatJSON:
		if n := readJSON(r, data); n != nil {
			decodeJSON(r, n, c)
		}
	default:
		if n := readYAML(r, data); n != nil {
			d := decoder{r: r, value: binderyValue}
			d.decode(n, reflect.ValueOf(c).Elem(), "")
			c.order = keysOf(n.get("mcpServers"))
		}
	}
	c.notes = r.notes
	return c
}

func readable(r *report, data []byte) bool {
	if i := invalidUTF8(data); i >= 0 {
		r.add((&lines{data: data}).at(i), "", "the file is not UTF-8 text", "save it as UTF-8")
		return false
	}
	if i, bad := tooNested(data); bad {
		r.add((&lines{data: data}).at(i), "", "too deeply nested", "")
		return false
	}
	return true
}

func invalidUTF8(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
	return -1
}

func keysOf(n *node) []string {
	if n == nil {
		return nil
	}
	keys := make([]string, len(n.entries))
	for i, e := range n.entries {
		keys[i] = e.key
	}
	return keys
}

type format uint8

const (
	formatYAML format = iota
	formatJSON
	formatTOML
)

// tomlLine is a first line that no YAML file of bindery's begins with.
var tomlLine = regexp.MustCompile(`^(\[{1,2}\s*[\w."'-]+|[\w."'-]+\s*=)`)

// detect trusts the ending of the name and otherwise looks at the first line
// that is not a comment.
func detect(path string, data []byte) format {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".yaml", ".yml":
		return formatYAML
	case ".json", ".jsonc":
		return formatJSON
	case ".toml":
		return formatTOML
	}
	for line := range bytes.Lines(data) {
		line = bytes.TrimSpace(line)
		switch {
		case len(line) == 0 || line[0] == '#':
			continue
		case line[0] == '{' || bytes.HasPrefix(line, []byte("//")) || bytes.HasPrefix(line, []byte("/*")):
			return formatJSON
		case tomlLine.Match(line):
			return formatTOML
		}
		break
	}
	return formatYAML
}
