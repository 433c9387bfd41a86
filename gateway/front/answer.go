package front

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

// answer is one message as the pieces it is written in, so that a large result
// stays where it is.
type answer [][]byte

func (a answer) size() int {
	n := 0
	for _, piece := range a {
		n += len(piece)
	}
	return n
}

// line joins the pieces into one without line ends, with room for one more
// byte. In JSON a raw line end is never part of a value.
func (a answer) line() []byte {
	line := make([]byte, 0, a.size()+1)
	for _, piece := range a {
		line = append(line, piece...)
	}
	for _, end := range []byte("\n\r") {
		for i := bytes.IndexByte(line, end); i >= 0; {
			line[i] = ' '
			next := bytes.IndexByte(line[i:], end)
			if next < 0 {
				break
			}
			i += next
		}
	}
	return line
}

// succeed is the answer with a result as the bytes it is.
func succeed(id, result json.RawMessage) answer {
	return answer{begin(id, `"result":`, 0), result, []byte("}")}
}

// fail is the answer with an error; a nil id is null, as JSON-RPC has it for a
// request whose id nobody could read.
func fail(id json.RawMessage, err *Error) answer {
	text, e := json.Marshal(err)
	if e != nil { // the data is not JSON
		text, _ = json.Marshal(&Error{Code: err.Code, Message: err.Message})
	}
	return answer{begin(id, `"error":`, len(text)+1), text, []byte("}")}
}

func begin(id json.RawMessage, what string, room int) []byte {
	b := make([]byte, 0, 48+len(id)+room)
	b = append(b, `{"jsonrpc":"2.0","id":`...)
	if id == nil {
		id = json.RawMessage("null")
	}
	b = append(b, id...)
	b = append(b, ',')
	return append(b, what...)
}

// notify is a notification.
func notify(method string, params json.RawMessage) answer {
	return ask("", method, params)
}

// ask is a request of ours, or a notification if it has no id.
func ask(id, method string, params json.RawMessage) answer {
	b := make([]byte, 0, 64+len(method))
	b = append(b, `{"jsonrpc":"2.0",`...)
	if id != "" {
		b = append(b, `"id":`...)
		b = append(b, id...)
		b = append(b, ',')
	}
	b = append(b, `"method":`...)
	b = strconv.AppendQuote(b, method)
	if params == nil {
		return answer{append(b, '}')}
	}
	b = append(b, `,"params":`...)
	return answer{b, params, []byte("}")}
}

// isObject is a cheap look at what a handler returned.
func isObject(result []byte) bool {
	t := bytes.TrimSpace(result)
	return len(t) >= 2 && t[0] == '{' && t[len(t)-1] == '}'
}

const (
	serverInfoKey   = "io.modelcontextprotocol/serverInfo"
	subscriptionKey = "io.modelcontextprotocol/subscriptionId"
)

// has tells which of the members that a modern result needs it has.
type has struct {
	kind, complete, ttl, scope, meta, server bool
}

func inspect(result []byte) has {
	h := has{complete: true}
	for name, value := range jsonscan.Members(result) {
		switch string(name) {
		case "resultType":
			h.kind, h.complete = true, string(value) == `"complete"`
		case "ttlMs":
			h.ttl = true
		case "cacheScope":
			h.scope = true
		case "_meta":
			h.meta, h.server = true, value[0] != '{' || jsonscan.Member(value, serverInfoKey) != nil
		}
	}
	return h
}

// modernise is the answer with a result as 2026-07-28 wants it: what is
// missing is spliced in, the rest stays the bytes it is.
func modernise(id json.RawMessage, method string, result, serverInfo json.RawMessage) answer {
	h := inspect(result)
	head := begin(id, `"result":{`, 128+len(serverInfo))
	if !h.kind {
		head = append(head, `"resultType":"complete",`...)
	}
	if cacheable(method) && h.complete {
		if !h.ttl {
			head = append(head, `"ttlMs":0,`...)
		}
		if !h.scope {
			head = append(head, `"cacheScope":"private",`...)
		}
	}
	if !h.meta {
		head = append(head, `"_meta":{"`+serverInfoKey+`":`...)
		head = append(head, serverInfo...)
		head = append(head, "},"...)
	}
	body := result[bytes.IndexByte(result, '{')+1:]
	if comma(body) == "" {
		head = bytes.TrimSuffix(head, []byte(","))
	}
	if !h.meta || h.server {
		return answer{head, body, []byte("}")}
	}
	at, _, _ := jsonscan.Locate(result, "_meta")
	before, after := body[:at+1-(len(result)-len(body))], result[at+1:]
	info := append(member(serverInfoKey, serverInfo), comma(after)...)
	return answer{head, before, info, after, []byte("}")}
}

// comma is what stands between a member that is put first in an object and
// the rest of it.
func comma(rest []byte) string {
	if t := bytes.TrimLeft(rest, " \t\r\n"); len(t) > 0 && t[0] == '}' {
		return ""
	}
	return ","
}

// cacheable methods have results that must say how long they hold.
func cacheable(method string) bool {
	switch method {
	case "tools/list", "prompts/list", "resources/list", "resources/templates/list", "resources/read":
		return true
	}
	return false
}

// tag returns params with a member of _meta set.
func tag(params json.RawMessage, key string, value json.RawMessage) json.RawMessage {
	out := append([]byte(`{"_meta":{`), member(key, value)...)
	for name, v := range jsonscan.Members(jsonscan.Member(params, "_meta")) {
		if string(name) != key {
			out = append(append(out, ','), member(string(name), v)...)
		}
	}
	out = append(out, '}')
	for name, v := range jsonscan.Members(params) {
		if string(name) != "_meta" {
			out = append(append(out, ','), member(string(name), v)...)
		}
	}
	return append(out, '}')
}

func member(name string, value []byte) []byte {
	quoted, _ := json.Marshal(name)
	return append(append(quoted, ':'), value...)
}

// introduction is what a server tells of itself.
type introduction struct {
	ResultType   string          `json:"resultType,omitempty"`
	Versions     []string        `json:"supportedVersions,omitempty"`
	Version      string          `json:"protocolVersion,omitempty"`
	Capabilities json.RawMessage `json:"capabilities"`
	Server       json.RawMessage `json:"serverInfo,omitempty"`
	Instructions string          `json:"instructions,omitempty"`
	TTL          *int64          `json:"ttlMs,omitempty"`
	Scope        string          `json:"cacheScope,omitempty"`
}

func (d *Description) introduce() introduction {
	i := introduction{Capabilities: d.Capabilities, Instructions: d.Instructions}
	if i.Capabilities == nil {
		i.Capabilities = json.RawMessage("{}")
	}
	return i
}

func (d *Description) discovered() (json.RawMessage, error) {
	i, ttl := d.introduce(), max(0, d.TTL.Milliseconds())
	i.ResultType, i.Versions, i.TTL, i.Scope = "complete", versions(), &ttl, "private"
	return json.Marshal(i)
}

func (d *Description) initialised(version string) (json.RawMessage, error) {
	i := d.introduce()
	i.Version, i.Server = version, d.serverInfo()
	return json.Marshal(i)
}

func (d *Description) serverInfo() json.RawMessage {
	info, _ := json.Marshal(struct {
		Name    string `json:"name"`
		Title   string `json:"title,omitempty"`
		Version string `json:"version"`
	}{d.Name, d.Title, d.Version})
	return info
}
