package streamable

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/bindery-mcp/bindery/internal/paramheader"
)

// paramHeaders knows which arguments of which tools travel as Mcp-Param-*
// headers: those whose schema has "x-mcp-header" (SEP-2243).
type paramHeaders struct {
	mu    sync.Mutex
	tools map[string][]paramheader.Header
}

// learn reads the input schema of a tool, whose depth is bounded by whoever
// took it from the wire.
func (p *paramHeaders) learn(tool string, schema json.RawMessage) error {
	found, err := paramheader.Of(schema)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.tools == nil {
		p.tools = map[string][]paramheader.Header{}
	}
	if len(found) == 0 {
		delete(p.tools, tool)
		return nil
	}
	p.tools[tool] = found
	return nil
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
		if v, ok := headerValue(lookUp(args, ph.Path)); ok {
			h.Set("Mcp-Param-"+ph.Name, encodeHeader(v))
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
