package js

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// text is a script as the model wrote it.
type text string

// maxSourceLine bounds the line of source that a Failure shows, in bytes.
const maxSourceLine = 300

// line returns line n, counted from 1, without its end; "" if there is none.
func (t text) line(n int) string {
	rest := string(t)
	for i := 1; ; i++ {
		line, after, more := strings.Cut(rest, "\n")
		if i == n {
			line = strings.TrimSuffix(line, "\r")
			if len(line) > maxSourceLine {
				line = strings.ToValidUTF8(line[:maxSourceLine], "") + "…"
			}
			return line
		}
		if !more || n < 1 {
			return ""
		}
		rest = after
	}
}

func (t text) lines() int { return strings.Count(string(t), "\n") + 1 }

var (
	fenceOpen  = regexp.MustCompile("^\\s*(```+|~~~+)[^\\n`]*(\\n|$)")
	fenceClose = regexp.MustCompile("(^|\\n)[ \\t]*(```+|~~~+)\\s*$")
)

// unwrap takes off what models put around a script: a byte order mark, a code
// fence, an interpreter line. Every line keeps its number.
func unwrap(source string) string {
	s := strings.TrimPrefix(source, "\ufeff")
	if m := fenceOpen.FindString(s); m != "" {
		s = blank(m) + s[len(m):]
		if m := fenceClose.FindStringIndex(s); m != nil {
			s = s[:m[0]]
		}
	}
	if strings.HasPrefix(s, "#!") {
		line, _, _ := strings.Cut(s, "\n")
		s = s[len(line):]
	}
	return s
}

// blank returns s with everything but its line ends made a space.
func blank(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' {
			return r
		}
		return ' '
	}, s)
}

var (
	exportNamed   = regexp.MustCompile(`^export\s+default\s+(?:async\s+)?(?:function\s*\*?|class)\s+([A-Za-z_$][\w$]*)`)
	exportValue   = regexp.MustCompile(`^export\s+default\s+`)
	exportList    = regexp.MustCompile(`^export\s*\{[^{}]*\}\s*;?`)
	exportDecl    = regexp.MustCompile(`^export\s+(?:const|let|var|function|async|class|enum|interface|type|abstract|declare|namespace)\b`)
	importTypes   = regexp.MustCompile(`^import\s+type\s+(?:[\w$]+|\{[^{}]*\}|\*\s+as\s+[\w$]+)\s+from\s+(?:"[^"\n]*"|'[^'\n]*')\s*;?`)
	asDefault     = regexp.MustCompile(`([A-Za-z_$][\w$]*)\s+as\s+default\b`)
	namespaceWord = regexp.MustCompile(`\b(?:namespace|module)\s+[A-Za-z_$]`)
	defaultWord   = regexp.MustCompile(`^export\s+default`)
)

// rewriteModule takes away the export, or the import of types, that esbuild
// stumbled over, in place. The name is what the script exports by default, if
// it has one.
func rewriteModule(s string, m api.Message) (out, name string, ok bool) {
	if m.Location == nil {
		return s, "", false
	}
	at := offset(s, m.Location)
	if m.Text == `Unexpected "type"` && at > 0 {
		at = strings.LastIndex(s[:at], "import")
		if n := len(importTypes.FindString(s[max(at, 0):])); at >= 0 && n > 0 {
			return s[:at] + blank(s[at:at+n]) + s[at+n:], "", true
		}
		return s, "", false
	}
	if m.Text != `Unexpected "export"` {
		return s, "", false
	}
	if at < 0 || !strings.HasPrefix(s[at:], "export") {
		return s, "", false
	}
	rest := s[at:]
	put := func(n int, with string) string { return s[:at] + with + blank(rest[len(with):n]) + rest[n:] }
	if m := exportNamed.FindStringSubmatch(rest); m != nil {
		return put(len(defaultWord.FindString(rest)), ""), m[1], true
	}
	if m := exportValue.FindString(rest); m != "" {
		with := "return" + strings.Repeat(" ", len(m)-len("return"))
		if n := strings.Count(m, "\n"); n > 0 {
			// A line end after return would end the statement.
			with = strings.Repeat("\n", n) + "return "
		}
		return s[:at] + with + rest[len(m):], "", true
	}
	if m := exportList.FindString(rest); m != "" {
		if d := asDefault.FindStringSubmatch(m); d != nil {
			name = d[1]
		}
		return put(len(m), ""), name, true
	}
	if exportDecl.MatchString(rest) {
		return put(len("export"), ""), "", true
	}
	return s, "", false
}

// offset is where l is in the script, without the wrapper's opening; -1 if it
// is outside.
func offset(s string, l *api.Location) int {
	at := 0
	for range l.Line - 1 {
		i := strings.IndexByte(s[at:], '\n')
		if i < 0 {
			return -1
		}
		at += i + 1
	}
	at += l.Column
	if l.Line == 1 {
		at -= len(opening)
	}
	if at < 0 || at > len(s) {
		return -1
	}
	return at
}

// syntaxFailure puts an error of esbuild into the terms of the original text.
func syntaxFailure(original text, shaped string, m api.Message) *sandbox.Failure {
	f := &sandbox.Failure{Code: bindery.Invalid, Name: "SyntaxError", Message: strings.TrimSuffix(m.Text, ":")}
	if m.Location == nil {
		return f
	}
	l := m.Location
	f.Line, f.Column = l.Line, column(l)
	rest := original.line(l.Line)
	switch {
	case l.Line > original.lines():
		f.Message, f.Line, f.Column = unbalanced(original, shaped, m)
	case isImport(rest, l.Column, l.Line), strings.HasPrefix(strings.TrimSpace(rest), "import "):
		f.Message, f.Hint = "import is not available in a script", importHint
	case strings.HasPrefix(m.Text, `Unexpected "export"`):
		f.Hint = "a script is not a module: return the result instead of exporting it"
	case namespaceWord.MatchString(rest) && strings.HasPrefix(m.Text, `Expected ";" but found`):
		f.Message, f.Hint = "a namespace is not available in a script, which is the body of a function", "use an object: const name = {…}"
	case strings.HasPrefix(m.Text, `Expected ";" but found ":"`):
		f.Hint = "to return an object write: return {…}"
	}
	f.SourceLine = original.line(f.Line)
	return f
}

const importHint = "every server is already a global, as in github.tool({…}), and nothing else can be imported"

// isImport reports whether what stands before the error is the word import.
func isImport(line string, at, n int) bool {
	if n == 1 {
		at -= len(opening)
	}
	return at > 0 && at <= len(line) && strings.HasSuffix(strings.TrimSpace(line[:at]), "import")
}

// column converts esbuild's column, in bytes from 0, to UTF-16 units from 1,
// which is what runtime errors count in.
func column(l *api.Location) int {
	before := l.LineText[:min(l.Column, len(l.LineText))]
	if l.Line == 1 {
		before = strings.TrimPrefix(before, opening)
	}
	n := 1
	for len(before) > 0 {
		r, size := utf8.DecodeRuneInString(before)
		n++
		if r > 0xffff {
			n++
		}
		before = before[size:]
	}
	return n
}

// unbalanced explains an error that esbuild found in the wrapper's closing:
// the script's own brackets or quotes do not match.
func unbalanced(original text, shaped string, m api.Message) (message string, line, col int) {
	line = original.lines()
	col = len(original.line(line)) + 1
	switch {
	case strings.HasPrefix(m.Text, "Unterminated"), strings.Contains(m.Text, "to terminate"):
		return m.Text, line, col
	case strings.Contains(m.Text, `"}"`) && closesWrapper(shaped):
		return extraBrace, line, col
	}
	return "unexpected end of the script: a bracket is not closed", line, col
}

const extraBrace = `a closing "}" without its opening "{"`

// closesWrapper reports whether the script's own text ends the function
// around it.
func closesWrapper(shaped string) bool {
	out := api.Transform(opening+shaped+strings.Replace(closing, "}", "", 1), transformOptions())
	return len(out.Errors) == 0
}
