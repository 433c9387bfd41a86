package streamable

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// paramHeaders knows which arguments of which tools travel as Mcp-Param-*
// headers: those whose schema has "x-mcp-header" (SEP-2243).
type paramHeaders struct {
	mu    sync.Mutex
	tools map[string][]paramHeader
}

type paramHeader struct {
	path   []string
	header string
}

// learn reads the input schema of a tool, whose depth is bounded by whoever
// took it from the wire.
func (p *paramHeaders) learn(tool string, schema json.RawMessage) error {
	var found []paramHeader
	if bytes.Contains(schema, []byte("x-mcp-header")) {
		var err error
		if found, err = collect(schema, nil, map[string]bool{}, nil); err != nil {
			return err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.tools == nil {
		p.tools = map[string][]paramHeader{}
	}
	if len(found) == 0 {
		delete(p.tools, tool)
		return nil
	}
	p.tools[tool] = found
	return nil
}

func collect(schema json.RawMessage, path []string, seen map[string]bool, found []paramHeader) ([]paramHeader, error) {
	for name, raw := range properties(schema) {
		var prop struct {
			Type   json.RawMessage `json:"type"`
			Header json.RawMessage `json:"x-mcp-header"`
		}
		if json.Unmarshal(raw, &prop) != nil {
			continue
		}
		here := slices.Concat(path, []string{name})
		if prop.Header != nil {
			var header string
			if json.Unmarshal(prop.Header, &header) != nil || !isToken(header) {
				return nil, fmt.Errorf("x-mcp-header of %s is not a header name", strings.Join(here, "."))
			}
			if t := string(prop.Type); t != `"string"` && t != `"integer"` && t != `"boolean"` {
				return nil, fmt.Errorf("x-mcp-header of %s is on a value that is no string, integer or boolean", strings.Join(here, "."))
			}
			if seen[strings.ToLower(header)] {
				return nil, fmt.Errorf("x-mcp-header %q is there twice", header)
			}
			seen[strings.ToLower(header)] = true
			found = append(found, paramHeader{here, header})
		}
		var err error
		if found, err = collect(raw, here, seen, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// properties returns none for a boolean schema, or one that is broken.
func properties(schema json.RawMessage) map[string]json.RawMessage {
	var s struct {
		Properties map[string]json.RawMessage `json:"properties"`
	}
	if json.Unmarshal(schema, &s) != nil {
		return nil
	}
	return s.Properties
}

// isToken is the token of RFC 9110, section 5.6.2.
func isToken(s string) bool {
	for _, c := range []byte(s) {
		alnum := c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !alnum && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(c)) {
			return false
		}
	}
	return s != ""
}

// arguments is a tool call.
type arguments interface{ Args() json.RawMessage }

// set adds the headers for a call of tool.
func (p *paramHeaders) set(h http.Header, tool string, call arguments) {
	p.mu.Lock()
	headers := p.tools[tool]
	p.mu.Unlock()
	if len(headers) == 0 {
		return
	}
	args := call.Args()
	for _, ph := range headers {
		if v, ok := headerValue(lookUp(args, ph.path)); ok {
			h.Set("Mcp-Param-"+ph.header, encodeHeader(v))
		}
	}
}

func lookUp(args json.RawMessage, path []string) json.RawMessage {
	for _, name := range path {
		var object map[string]json.RawMessage
		if json.Unmarshal(args, &object) != nil {
			return nil
		}
		args = object[name]
	}
	return args
}

// headerValue spells a string, an integer that a double can hold, or a
// boolean; anything else has no header.
func headerValue(raw json.RawMessage) (string, bool) {
	var v any
	if len(raw) == 0 || json.Unmarshal(raw, &v) != nil {
		return "", false
	}
	switch v := v.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case float64:
		if v != math.Trunc(v) || math.Abs(v) > 1<<53-1 {
			return "", false
		}
		return strconv.FormatInt(int64(v), 10), true
	}
	return "", false
}

// encodeHeader writes a value that is not plain printable ASCII, or that could
// be taken for encoded or for missing, in the form of SEP-2243.
func encodeHeader(v string) string {
	plain := v != "" && v == strings.TrimSpace(v) && !(strings.HasPrefix(v, "=?base64?") && strings.HasSuffix(v, "?="))
	for _, c := range []byte(v) {
		plain = plain && c >= 0x20 && c < 0x7f
	}
	if plain {
		return v
	}
	return "=?base64?" + base64.StdEncoding.EncodeToString([]byte(v)) + "?="
}
