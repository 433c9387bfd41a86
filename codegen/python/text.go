package python

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/bindery-mcp/bindery/codegen/form"
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
// begins at indent; empty for no text.
func docstring(text, indent string) string {
	if text == "" {
		return ""
	}
	text = strings.ReplaceAll(text, `\`, `\\`)
	text = strings.ReplaceAll(text, `"""`, `\"\"\"`)
	if strings.HasSuffix(text, `"`) {
		text = text[:len(text)-1] + `\"`
	}
	if !strings.Contains(text, "\n") {
		return indent + `"""` + text + "\"\"\"\n"
	}
	return strings.TrimPrefix(lines(`"""`+text, indent, ""), "\n") + indent + "\"\"\"\n"
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
