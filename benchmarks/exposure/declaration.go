package exposure

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/bindery-mcp/bindery"
)

// Bounds of one type, since a definition is written out wherever it is referred
// to: bytes, and schemas looked at.
const (
	maxDeclaration = 64 << 10
	maxSteps       = 10_000
)

// declaration is what Codex's code mode says of a tool in ALL_TOOLS: its
// description, what the server says of itself, and the type of the call. Seen
// in 0.169 with real servers.
func declaration(t bindery.Tool, instructions string) string {
	var b strings.Builder
	b.WriteString(t.Description)
	if instructions != "" {
		b.WriteString("\n\n" + instructions)
	}
	result := "CallToolResult"
	if t.Output != nil {
		result += "<" + typeOf(t.Output) + ">"
	}
	b.WriteString("\n\nexec tool declaration:\n```ts\ndeclare const tools: { " + flatName(t.ID) + "(args: " + typeOf(t.Input) + "): Promise<" + result + ">; };\n```")
	return b.String()
}

// typeOf is the type that Codex makes of a schema: properties in alphabetical
// order, their descriptions as comments where there are any.
func typeOf(schema json.RawMessage) string {
	root := decode(schema)
	r := renderer{root: root, open: map[string]int{}, targets: map[string]any{}}
	return r.render(root, maxDepth)
}

type renderer struct {
	root any
	open map[string]int // references being written out
	// targets are what references point at, as far as they were followed.
	targets map[string]any
	size    int
	step    int
}

func (r *renderer) render(v any, depth int) string {
	m, ok := v.(map[string]any)
	r.step++
	if !ok || depth == 0 || r.size > maxDeclaration || r.step > maxSteps {
		return "unknown"
	}
	text := r.object(m, depth)
	r.size += len(text)
	return text
}

func (r *renderer) object(m map[string]any, depth int) string {
	if ref, ok := m["$ref"].(string); ok {
		return r.reference(ref, depth)
	}
	if v, ok := m["const"]; ok {
		return literal(v)
	}
	if values, ok := m["enum"].([]any); ok && len(values) > 0 {
		return joined(values, " | ", literal)
	}
	for _, union := range []struct{ key, between string }{{"anyOf", " | "}, {"oneOf", " | "}, {"allOf", " & "}} {
		if list, ok := m[union.key].([]any); ok && len(list) > 0 {
			return joined(list, union.between, func(v any) string { return r.render(v, depth-1) })
		}
	}
	if types, ok := m["type"].([]any); ok && len(types) > 0 {
		return joined(types, " | ", func(v any) string { return r.typed(m, v, depth) })
	}
	if t, ok := m["type"]; ok {
		return r.typed(m, t, depth)
	}
	if m["properties"] != nil || m["additionalProperties"] != nil {
		return r.typed(m, "object", depth)
	}
	return "unknown"
}

// reference writes out what is referred to, twice at most within itself.
func (r *renderer) reference(ref string, depth int) string {
	const most = 2
	if r.open[ref] >= most {
		return "unknown"
	}
	target, known := r.targets[ref]
	if !known {
		target = r.target(ref)
		r.targets[ref] = target
	}
	r.open[ref]++
	defer func() { r.open[ref]-- }()
	return r.render(target, depth-1)
}

// target is what a pointer within the schema points at; nil for nothing.
func (r *renderer) target(ref string) any {
	pointer, ok := strings.CutPrefix(ref, "#")
	if !ok {
		return nil
	}
	target := r.root
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for part := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if part == "" {
			continue
		}
		switch t := target.(type) {
		case map[string]any:
			target = t[unescape.Replace(part)]
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(t) {
				return nil
			}
			target = t[i]
		default:
			return nil
		}
	}
	return target
}

func (r *renderer) typed(m map[string]any, t any, depth int) string {
	switch t {
	case "string", "boolean", "null", "number":
		return t.(string) //nolint:forcetypeassert // compared with strings
	case "integer":
		return "number"
	case "array":
		if items, ok := m["items"]; ok {
			return "Array<" + r.render(items, depth-1) + ">"
		}
		return "unknown[]"
	case "object":
		return r.members(m, depth)
	default:
		return "unknown"
	}
}

func (r *renderer) members(m map[string]any, depth int) string {
	props, _ := m["properties"].(map[string]any)
	list, _ := m["required"].([]any)
	required := make(map[string]bool, len(list))
	for _, name := range list {
		if text, ok := name.(string); ok {
			required[text] = true
		}
	}
	var lines []string
	comments := false
	for _, name := range slices.Sorted(maps.Keys(props)) {
		if p, ok := props[name].(map[string]any); ok {
			if text, _ := p["description"].(string); text != "" {
				comments = true
				for line := range strings.Lines(text) {
					if line = strings.TrimSpace(line); line != "" {
						lines = append(lines, "// "+line)
					}
				}
			}
		}
		optional := "?"
		if required[name] {
			optional = ""
		}
		key := name
		if flat(name) != name {
			key = literal(name)
		}
		lines = append(lines, key+optional+": "+r.render(props[name], depth-1)+";")
	}
	switch more := m["additionalProperties"].(type) {
	case nil:
		if len(props) == 0 {
			lines = append(lines, "[key: string]: unknown;")
		}
	case bool:
		if more {
			lines = append(lines, "[key: string]: unknown;")
		}
	default:
		lines = append(lines, "[key: string]: "+r.render(more, depth-1)+";")
	}
	switch {
	case len(lines) == 0:
		return "{}"
	case comments:
		return "{\n  " + strings.Join(lines, "\n  ") + "\n}"
	default:
		return "{ " + strings.Join(lines, " ") + " }"
	}
}

func joined(list []any, between string, write func(any) string) string {
	parts := make([]string, len(list))
	for i, v := range list {
		parts[i] = write(v)
	}
	return strings.Join(parts, between)
}

func literal(v any) string {
	text, err := encoded(v)
	if err != nil {
		return "unknown"
	}
	return text
}
