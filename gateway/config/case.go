package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"strconv"

	"github.com/bindery-mcp/bindery/internal/atomicfile"
)

// Cases are a table of calls, and what a policy is to make of them.
type Cases struct {
	Config string `json:"config"`
	Cases  []Case `json:"cases"`
}

// MaxCases bounds the cases of one file.
const MaxCases = 10_000

// Case is one call.
type Case struct {
	Name     string   `json:"name"`
	Client   string   `json:"client"`
	Roles    []string `json:"roles"`
	Tool     string   `json:"tool"` // server.tool
	Args     JSON     `json:"args"`
	Hints    Hints    `json:"hints"`
	Digest   string   `json:"digest"`   // of the script
	Language string   `json:"language"` // of the script
	// Touched are the tools that the execution has called before, and Read are
	// labels of what it has read besides.
	Touched []string `json:"touched"`
	Read    []string `json:"read"`

	Want Effect `json:"want"`
	// Rule is the rule that is to decide; "" for any.
	Rule string `json:"rule"`

	// Pos is where the case stands.
	Pos Pos
}

// JSON is a value of any kind, as JSON: numbers with all their digits.
type JSON json.RawMessage

// ReadCases reads a file of cases. The error of one that has mistakes is an
// [*Error] with all of them.
func ReadCases(path string) (*Cases, error) {
	data, err := atomicfile.Read(path, MaxFile)
	if err != nil {
		return nil, fmt.Errorf("read cases %s: %w", path, err)
	}
	r, c := &report{file: path}, new(Cases)
	if readable(r, data) {
		if n := readYAML(r, data); n != nil {
			d := decoder{r: r, value: binderyValue}
			d.decode(n, reflect.ValueOf(c).Elem(), "")
		}
	}
	if err := asError(r.problems); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Cases) check(r *report, n *node, _ string) {
	switch list := n.get("cases"); {
	case list == nil && !almost(n, "cases"):
		r.add(n.pos, "cases", "is missing", "write cases: and a list")
	case list != nil && list.kind == listNode && len(list.items) == 0:
		r.add(list.pos, "cases", "is empty", "")
	case len(c.Cases) > MaxCases:
		r.add(list.pos, "cases", fmt.Sprintf("has more than %d cases", MaxCases), "make it several files")
	}
}

func (c *Case) check(r *report, n *node, path string) {
	c.Pos = n.pos
	if c.Tool == "" && !almost(n, "tool") {
		r.add(n.pos, join(path, "tool"), "is missing", "write it as server.tool")
	}
	if c.Want == "" {
		if !almost(n, "want") {
			r.add(n.pos, join(path, "want"), "is missing", "write allow, deny or ask")
		}
		return
	}
	effect(r, n, path, "want", &c.Want, EffectAllow, EffectDeny, EffectAsk)
}

func (j *JSON) decodeNode(d *decoder, n *node, path string) {
	var b bytes.Buffer
	if at, ok := writeJSON(&b, n); !ok {
		d.r.add(at.pos, path, quote(at.text)+" is nothing that JSON has", "put it in quotes")
		return
	}
	*j = JSON(b.Bytes())
}

// writeJSON writes n, or returns what in it cannot be written.
func writeJSON(b *bytes.Buffer, n *node) (*node, bool) {
	switch n.kind {
	case nullNode:
		b.WriteString("null")
	case boolNode:
		b.WriteString(n.text)
	case stringNode:
		b.WriteString(jsonString(n.text))
	case intNode, floatNode:
		number, ok := jsonNumber(n.text)
		if !ok {
			return n, false
		}
		b.WriteString(number)
	case listNode:
		b.WriteByte('[')
		for i, item := range n.items {
			if i > 0 {
				b.WriteByte(',')
			}
			if at, ok := writeJSON(b, item); !ok {
				return at, false
			}
		}
		b.WriteByte(']')
	case tableNode:
		b.WriteByte('{')
		for i, e := range n.entries {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(jsonString(e.key) + ":")
			if at, ok := writeJSON(b, e.value); !ok {
				return at, false
			}
		}
		b.WriteByte('}')
	default:
		return n, false
	}
	return nil, true
}

func jsonString(s string) string {
	data, _ := json.Marshal(s)
	return string(data)
}

// jsonNumber spells a number of YAML, which has 0x10 and .5, as JSON does.
func jsonNumber(s string) (string, bool) {
	if json.Valid([]byte(s)) {
		return s, true
	}
	if i, ok := new(big.Int).SetString(s, 0); ok {
		return i.String(), true
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return "", false
	}
	number := strconv.FormatFloat(f, 'g', -1, 64)
	return number, json.Valid([]byte(number))
}
