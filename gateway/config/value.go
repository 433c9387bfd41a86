package config

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// Redacted stands in printed output for text that may be secret.
const Redacted = "…redacted"

// Value is a string of the configuration that may hold references:
//
//	${env:NAME}            the environment variable NAME, which must be set
//	${env:NAME:-fallback}  the same, or else the fallback
//	${file:PATH}           the content of a file, without its last newline
//	${secret:NAME}         a value of bindery's encrypted store
//	${keychain:SERVICE/ACCOUNT}  an entry of the system's keychain
//	${cmd:PROGRAM ARGS}    what a program prints, run without a shell
//	$${                    the characters ${ themselves
//
// However a Value is printed, what its references stand for is never shown,
// and neither is literal text that looks like a credential. Only
// [Value.Reveal] gives the text itself.
type Value struct {
	parts    []part
	pos      Pos
	resolved bool
	text     string
	secrets  []string // parts of text that are nobody's to see
}

// Secret is a [Value] whose literal text is never shown either.
type Secret struct{ Value }

type part struct {
	kind     partKind
	text     string // literal text, or what is referred to
	fallback string
	optional bool // a fallback was given, be it empty
}

// Literal returns a Value that stands for s itself.
func Literal(s string) Value {
	if s == "" {
		return Value{}
	}
	return Value{parts: []part{{text: s}}}
}

// ParseValue reads a Value as it is written in a configuration. The error
// says which reference is malformed and never quotes more than its kind.
func ParseValue(s string) (Value, error) { return parseValue(s, parseReference) }

func parseValue(s string, reference func(body string) (part, error)) (Value, error) {
	var v Value
	for s != "" {
		i := strings.Index(s, "${")
		switch {
		case i < 0:
			v.addLiteral(s)
			return v, nil
		case i > 0 && s[i-1] == '$':
			v.addLiteral(s[:i-1] + "${")
			s = s[i+2:]
			continue
		}
		v.addLiteral(s[:i])
		body, rest, ok := strings.Cut(s[i+2:], "}")
		if !ok {
			return Value{}, fmt.Errorf("a reference is not closed; write ${env:NAME}, or $${ for the characters themselves")
		}
		p, err := reference(body)
		if err != nil {
			return Value{}, err
		}
		if p.kind == literal {
			v.addLiteral(p.text)
		} else {
			v.parts = append(v.parts, p)
		}
		s = rest
	}
	return v, nil
}

func (v *Value) addLiteral(s string) {
	if s == "" {
		return
	}
	if n := len(v.parts); n > 0 && v.parts[n-1].kind == literal {
		v.parts[n-1].text += s
		return
	}
	v.parts = append(v.parts, part{text: s})
}

// IsZero reports whether the value is empty: nothing was written.
func (v Value) IsZero() bool { return len(v.parts) == 0 }

// IsLiteral reports whether the value holds no reference.
func (v Value) IsLiteral() bool {
	for _, p := range v.parts {
		if p.kind != literal {
			return false
		}
	}
	return true
}

// Reveal returns the text itself, for the one who uses it; it does not belong
// in a message or a log. A value whose references have not been resolved, see
// [Config.Resolve], gives "".
func (v Value) Reveal() string {
	switch {
	case v.resolved:
		return v.text
	case len(v.parts) == 1 && v.parts[0].kind == literal:
		return v.parts[0].text
	}
	return ""
}

// String returns the value as it was written, with literal text that looks
// like a credential replaced.
func (v Value) String() string {
	return v.show(func(text string) string {
		if looksSecret(text) {
			return Redacted
		}
		return text
	})
}

// String returns the references as they were written, the word for the scheme
// in front of one ("Bearer"), and [Redacted] for all other text.
func (s Secret) String() string {
	return s.show(func(text string) string {
		if !s.IsLiteral() && isScheme(text) {
			return text
		}
		return Redacted
	})
}

func (v Value) show(text func(string) string) string {
	var b strings.Builder
	for _, p := range v.parts {
		if p.kind == literal {
			b.WriteString(text(p.text))
		} else {
			b.WriteString(p.reference(text))
		}
	}
	return b.String()
}

// source is the value as ParseValue reads it, nothing hidden.
func (v Value) source() string {
	var b strings.Builder
	for _, p := range v.parts {
		if p.kind == literal {
			b.WriteString(strings.ReplaceAll(p.text, "${", "$${"))
		} else {
			b.WriteString(p.reference(func(s string) string { return s }))
		}
	}
	return b.String()
}

// Format prints String() whatever the verb: printing by reflection would show
// what is hidden.
func (v Value) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, v.String()) }

// Format prints String() whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// GoString returns String().
func (v Value) GoString() string { return v.String() }

// GoString returns String().
func (s Secret) GoString() string { return s.String() }

// MarshalText returns String().
func (v Value) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// MarshalText returns String().
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalJSON returns String() as JSON.
func (v Value) MarshalJSON() ([]byte, error) { return json.Marshal(v.String()) }

// MarshalJSON returns String() as JSON.
func (s Secret) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// MarshalYAML returns String().
func (v Value) MarshalYAML() (any, error) { return v.String(), nil }

// MarshalYAML returns String().
func (s Secret) MarshalYAML() (any, error) { return s.String(), nil }

// LogValue returns String().
func (v Value) LogValue() slog.Value { return slog.StringValue(v.String()) }

// LogValue returns String().
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
