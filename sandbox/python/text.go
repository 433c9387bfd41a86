package python

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strings"
	"time"

	"github.com/bindery-mcp/bindery/internal/jsonscan"
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
			return clip(strings.TrimSuffix(line, "\r"), maxSourceLine)
		}
		if !more || n < 1 {
			return ""
		}
		rest = after
	}
}

func (t text) lines() int { return strings.Count(string(t), "\n") + 1 }

// site is a place in the script; both count from 1, and 0 stands for unknown.
type site struct{ line, column int }

// checked is a place that the interpreter told, if there is one.
func (s *session) checked(line, column int) site {
	if line < 1 || line > s.text.lines() {
		return site{}
	}
	if column < 1 || column > len(s.text)+1 {
		column = 0
	}
	return site{line, column}
}

var (
	fenceOpen  = regexp.MustCompile("^\\s*(```+|~~~+)[^\\n`]*(\\n|$)")
	fenceClose = regexp.MustCompile("(^|\\n)[ \\t]*(```+|~~~+)\\s*$")
)

// unwrap takes off what models put around a script: a byte order mark, a code
// fence. Every line keeps its number.
func unwrap(source string) string {
	s := strings.TrimPrefix(source, "\ufeff")
	if m := fenceOpen.FindString(s); m != "" {
		s = strings.Repeat("\n", strings.Count(m, "\n")) + s[len(m):]
		if m := fenceClose.FindStringIndex(s); m != nil {
			s = s[:m[0]]
		}
	}
	return s
}

// clip shortens s to about n bytes, without breaking a character.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}

// printable makes control characters visible, but for tabs and line ends: a
// terminal or a model must not take them for its own.
func printable(s string) string {
	isControl := func(r rune) bool { return (r < ' ' && r != '\n' && r != '\t') || r == 0x7f }
	s = strings.ToValidUTF8(s, "\ufffd")
	if !strings.ContainsFunc(s, isControl) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if isControl(r) {
			fmt.Fprintf(&b, `\x%02x`, r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func size(n int64) string { return sandbox.FormatBytes(n) }

func isJSON(b []byte) bool { return json.Valid(b) }

// maxDepth bounds how deep values may nest that cross the border either way.
const maxDepth = 200

func isDeep(b []byte) bool { return jsonscan.Exceeds(b, maxDepth, math.MaxInt) == jsonscan.Depth }

// seconds writes a duration as "30 s".
func seconds(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.3f", d.Seconds()), "0"), ".") + " s"
}
