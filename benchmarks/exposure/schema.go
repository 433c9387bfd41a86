package exposure

import (
	"bytes"
	"encoding/json"
	"strings"
)

// maxDepth bounds what is read of a schema: the deepest of the catalogue's has
// 13 levels. What is below is left out.
const maxDepth = 40

// decode reads a schema with its numbers as they are written.
func decode(schema json.RawMessage) any {
	if len(schema) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(schema))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	return v
}

// trimmed is a schema as Codex 0.169 sends it: of its keywords only those of
// structure and the descriptions, const as an enum of one, and of the
// definitions those that are used. Seen in its requests; in a test the figures
// are compared with those of the real program.
func trimmed(schema json.RawMessage) json.RawMessage {
	root, _ := decode(schema).(map[string]any)
	if root == nil {
		return json.RawMessage(`{"type":"object","properties":{}}`)
	}
	t := trimmer{root: root, used: map[[2]string]bool{}}
	out := t.object(root, maxDepth)
	if out["properties"] == nil && out["type"] == "object" {
		out["properties"] = map[string]any{}
	}
	for key, defs := range t.definitions() {
		out[key] = defs
	}
	text, err := encoded(out)
	if err != nil {
		return schema
	}
	return json.RawMessage(text)
}

type trimmer struct {
	root map[string]any
	// used are the definitions that something refers to, as key and name, and
	// open those of them that were not yet looked at.
	used map[[2]string]bool
	open [][2]string
}

// refer notes what a reference such as "#/$defs/name/properties/x" needs.
func (t *trimmer) refer(pointer string) {
	parts := strings.SplitN(pointer, "/", 4)
	if len(parts) < 3 || parts[0] != "#" {
		return
	}
	if def := [2]string{parts[1], parts[2]}; !t.used[def] {
		t.used[def] = true
		t.open = append(t.open, def)
	}
}

func (t *trimmer) value(v any, depth int) any {
	m, ok := v.(map[string]any)
	if !ok || depth == 0 {
		return map[string]any{}
	}
	return t.object(m, depth)
}

func (t *trimmer) object(m map[string]any, depth int) map[string]any {
	out := map[string]any{}
	for key, v := range m {
		switch key {
		case "type", "description", "enum", "required":
			out[key] = v
		case "const":
			out["enum"] = []any{v}
		case "$ref":
			out[key] = v
			if ref, ok := v.(string); ok {
				t.refer(ref)
			}
		case "items":
			out[key] = t.value(v, depth-1)
		case "additionalProperties":
			if _, ok := v.(bool); ok {
				out[key] = v
			} else {
				out[key] = t.value(v, depth-1)
			}
		case "properties":
			props, _ := v.(map[string]any)
			kept := map[string]any{}
			for name, p := range props {
				kept[name] = t.value(p, depth-1)
			}
			out[key] = kept
		case "anyOf", "oneOf", "allOf":
			list, _ := v.([]any)
			kept := make([]any, len(list))
			for i, x := range list {
				kept[i] = t.value(x, depth-1)
			}
			out[key] = kept
		}
	}
	return out
}

// definitions returns the definitions that are used, and those that these use,
// under their keys.
func (t *trimmer) definitions() map[string]map[string]any {
	kept := map[string]map[string]any{}
	for len(t.open) > 0 {
		key, name := t.open[0][0], t.open[0][1]
		t.open = t.open[1:]
		all, _ := t.root[key].(map[string]any)
		if def, ok := all[name]; ok && (key == "$defs" || key == "definitions") {
			if kept[key] == nil {
				kept[key] = map[string]any{}
			}
			kept[key][name] = t.value(def, maxDepth)
		}
	}
	return kept
}
