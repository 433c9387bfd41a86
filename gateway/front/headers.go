package front

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

// single returns a header that may be there once.
func single(h http.Header, name string) (string, bool) {
	values := h[http.CanonicalHeaderKey(name)]
	if len(values) != 1 {
		return "", false
	}
	return values[0], true
}

func shown(value string, ok bool) string {
	if !ok {
		return "missing, or there twice"
	}
	return quoted(value)
}

// agree holds the headers of a modern request to its body, so that whoever
// routes by the headers and whoever reads the body see one request (SEP-2243).
func (e *Endpoint) agree(h http.Header, m message, c *Caller) *Error {
	if method, ok := single(h, "Mcp-Method"); !ok || method != m.method {
		return refuse(CodeHeaderMismatch, "the header Mcp-Method is %s, the method is %s", shown(method, ok), quoted(m.method))
	}
	raw, from := m.known.name, "name"
	switch m.method {
	case "resources/read":
		raw, from = m.known.uri, "uri"
	case "tools/call", "prompts/get":
	default:
		return nil
	}
	name, err := text(raw, 8192)
	if err != nil {
		return refuse(CodeInvalidParams, "params.%s: %s", from, err.Message)
	}
	// A name that should have been encoded and was not is still that name.
	if said, ok := single(h, "Mcp-Name"); !ok || said != name || sentinel(said) {
		if plain, valid := decodeHeader(said); !ok || !valid || plain != name {
			return refuse(CodeHeaderMismatch, "the header Mcp-Name is %s, params.%s is %s", shown(said, ok), from, quoted(name))
		}
	}
	if declared, ok := e.handler.(ParamHeaders); ok && m.method == "tools/call" {
		return agreeParams(h, declared.ParamHeaders(c, name), m.known.arguments)
	}
	return nil
}

func agreeParams(h http.Header, declared []ParamHeader, arguments json.RawMessage) *Error {
	for _, p := range declared {
		header, value := "Mcp-Param-"+p.Header, arguments
		for _, name := range p.Path {
			value = jsonscan.Member(value, name)
		}
		if value == nil || string(value) == "null" {
			if len(h.Values(header)) > 0 {
				return refuse(CodeHeaderMismatch, "the header %s is there, its argument is not", header)
			}
			continue
		}
		said, ok := single(h, header)
		plain, valid := decodeHeader(said)
		if !ok || !valid || !same(plain, value) {
			return refuse(CodeHeaderMismatch, "the header %s is %s, which is not its argument", header, shown(said, ok))
		}
	}
	return nil
}

// same compares a header with an argument; integers as numbers, in the range
// in which a double holds them all.
func same(said string, argument json.RawMessage) bool {
	var value any
	if json.Unmarshal(argument, &value) != nil {
		return false
	}
	switch v := value.(type) {
	case string:
		return said == v
	case bool:
		return said == strconv.FormatBool(v)
	case float64:
		n, err := strconv.ParseFloat(said, 64)
		return err == nil && n == v && v == math.Trunc(v) && math.Abs(v) < 1<<53
	}
	return false
}

const (
	sentinelStart = "=?base64?"
	sentinelEnd   = "?="
)

func sentinel(v string) bool {
	return len(v) >= len(sentinelStart)+len(sentinelEnd) && strings.HasPrefix(v, sentinelStart) && strings.HasSuffix(v, sentinelEnd)
}

// decodeHeader returns what a header stands for, and whether it is well
// written: printable ASCII, or the sentinel form around strict base64.
func decodeHeader(v string) (string, bool) {
	for _, c := range []byte(v) {
		if c != '\t' && (c < 0x20 || c > 0x7e) {
			return "", false
		}
	}
	if !sentinel(v) {
		return v, true
	}
	plain, err := base64.StdEncoding.Strict().DecodeString(v[len(sentinelStart) : len(v)-len(sentinelEnd)])
	return string(plain), err == nil
}
