package python

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/bindery-mcp/bindery/codegen/form"
	"github.com/bindery-mcp/bindery/codegen/schema"
)

// quote returns s as a string literal, with whatever cannot be seen escaped.
// It stands for s itself, with broken UTF-8 replaced.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r > 0xffff && form.Unseen(r):
			fmt.Fprintf(&b, `\U%08x`, r)
		case r == '\u2028' || r == '\u2029' || form.Unseen(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// docstring returns text as a string literal over lines, the first of which
// begins at indent; empty for no text. The others begin where lines begin:
// Python takes a common indent off, and a model would pay for it at each.
func docstring(text, indent string) string {
	if text == "" {
		return ""
	}
	var b strings.Builder
	for i := range len(text) {
		// Of quotes side by side, and with those at the end, one is left bare.
		if text[i] == '\\' || text[i] == '"' && (i+1 == len(text) || text[i+1] == '"') {
			b.WriteByte('\\')
		}
		b.WriteByte(text[i])
	}
	return indent + `"""` + b.String() + "\"\"\"\n"
}

// comment returns text as comment lines behind indent; empty for no text.
func comment(text, indent string) string {
	if text == "" {
		return ""
	}
	return lines(text, indent, "# ")
}

// lines puts the same before each line of a text.
func lines(text, indent, mark string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		if mark != "" {
			line = inert(line)
		}
		b.WriteString(strings.TrimRight(indent+mark+line, " ") + "\n")
	}
	return b.String()
}

// directive matches what type checkers and linters obey in a comment, such as
// "type: ignore" or "pyright: basic", at its beginning or behind another "#".
var directive = regexp.MustCompile(`(?i)((?:^|#)\s*(?:type|mypy|pyright|pyre|pytype|ty|noqa|ruff|flake8|pylint|isort|fmt|yapf)\s*):`)

// inert returns a server's text as a comment that no tool takes as an order.
func inert(line string) string {
	return directive.ReplaceAllString(line, `$1\:`)
}

// document returns what a schema says about a type beyond the type itself.
func document(t *schema.Type) string {
	if t.Kind == schema.Integer {
		// The form notes what an integer is for languages that have no type
		// for it.
		c := *t
		c.Kind = schema.Number
		t = &c
	}
	return form.Document(t, form.MaxParameter)
}

// camel returns words of a server's as part of a class name.
func camel(name string) string {
	var b strings.Builder
	up := true
	for _, r := range form.Clip(name, maxClassName) {
		switch {
		case r >= utf8.RuneSelf:
			up = true
		case 'a' <= r && r <= 'z' && up:
			b.WriteRune(r - 'a' + 'A')
			up = false
		case 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9':
			b.WriteRune(r)
			up = false
		default:
			up = true
		}
	}
	return b.String()
}
