package form

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/bindery-mcp/bindery/codegen/schema"
)

// Document returns what a schema says about a type beyond the type itself.
func Document(t *schema.Type, most int) string {
	text := Clean(t.Doc.Description, most)
	if text == "" && t.Items != nil {
		text = Clean(t.Items.Doc.Description, most)
	}
	if text == "" {
		text = Clean(t.Doc.Title, most)
	}
	if n := notes(t); len(n) > 0 {
		if text != "" {
			text += " "
		}
		text += "(" + strings.Join(n, ", ") + ")"
	}
	if t.Doc.Deprecated {
		text = strings.TrimPrefix(text+"\n@deprecated", "\n")
	}
	return text
}

// notes returns the default, the format and the bounds of a type, in a word
// or two each.
func notes(t *schema.Type) []string {
	var all []string
	add := func(format string, args ...any) {
		if n := Clean(fmt.Sprintf(format, args...), 200); n != "" {
			all = append(all, n)
		}
	}
	if t.Kind == schema.Unknown && t.Reason != "" {
		add("not expressed: %s", t.Reason)
	}
	if t.Kind == schema.Integer {
		add("integer")
	}
	if t.Doc.Format != "" {
		add("%s", t.Doc.Format)
	}
	if b := t.Bounds; b != nil {
		all = append(all, boundNotes(b)...)
	}
	if t.Kind == schema.Literal && len(t.Values) > MaxLiterals {
		add("one of %d values, such as %s", len(t.Values), t.Values[0])
	}
	if t.Kind == schema.Union {
		for _, u := range t.Of {
			if u.Kind == schema.Literal && u.Doc.Description != "" {
				add("%s: %s", u.Values[0], Sentence(u.Doc.Description))
			}
		}
	}
	switch d := t.Doc.Default; {
	case d == nil || string(d) == "null":
	case schema.IsTime(d): // of the moment, as a rule: stubs must be the same tomorrow
		add("default a time")
	default:
		add("default %s", oneLine(d))
	}
	if ex := t.Doc.Examples; len(ex) > 0 {
		add("e.g. %s", oneLine(ex[0]))
	}
	return all
}

func boundNotes(b *schema.Bounds) []string {
	var all []string
	add := func(s string) {
		if s != "" {
			all = append(all, Clean(s, 200))
		}
	}
	between := func(least, most, of string) string {
		switch {
		case least == "1" && most == "" && of != "":
			return "not empty"
		case least != "" && most != "":
			return least + " to " + most + of
		case least != "":
			return "at least " + least + of
		case most != "":
			return "at most " + most + of
		}
		return ""
	}
	count := func(least, most int, of string) {
		low, high := "", ""
		if least > 0 {
			low = fmt.Sprint(least)
		}
		if most >= 0 {
			high = fmt.Sprint(most)
		}
		add(between(low, high, of))
	}
	add(between(string(b.Min), string(b.Max), ""))
	if b.ExclusiveMin != "" {
		add("more than " + string(b.ExclusiveMin))
	}
	if b.ExclusiveMax != "" {
		add("less than " + string(b.ExclusiveMax))
	}
	if b.MultipleOf != "" {
		add("a multiple of " + string(b.MultipleOf))
	}
	count(b.MinLength, b.MaxLength, " characters")
	count(b.MinItems, b.MaxItems, " items")
	count(b.MinProperties, b.MaxProperties, " properties")
	if b.Pattern != "" {
		add("matches /" + Clip(b.Pattern, 120) + "/")
	}
	return all
}

func oneLine(raw json.RawMessage) string {
	return Clip(strings.Join(strings.Fields(Clean(string(raw), 320)), " "), 80)
}

// Document returns all that is said about a tool: the description, what its
// server claims of it, and what the types leave out.
func (f *Function) Document() string {
	text := Clean(f.Tool.Description, MaxDescription)
	if text == "" {
		text = Clean(f.Tool.Title, MaxParameter)
	}
	var lines []string
	if text != "" {
		lines = append(lines, text)
	}
	if h := hints(f); h != "" {
		lines = append(lines, "@hints "+h)
	}
	if _, observed := f.Result(); observed {
		lines = append(lines, "@returns what "+Count(f.Observed.Calls, "call")+" returned so far; the server does not say")
	}
	for i, n := range f.Notes {
		if i == maxNotes {
			break
		}
		lines = append(lines, "@note "+strings.Join(strings.Fields(Clean(n, 300)), " "))
	}
	return strings.Join(lines, "\n")
}

// MaxLiterals is how many values of an enumeration are listed at most.
const MaxLiterals = 200

// Summary returns the first sentence about the tool, of at most 100 bytes.
func (f *Function) Summary() string {
	if s := Sentence(f.Tool.Description); s != "" {
		return s
	}
	return Sentence(f.Tool.Title)
}

// maxNotes bounds how many notes are shown with a tool.
const maxNotes = 8

// hints returns the server's own claims about a tool.
func hints(f *Function) string {
	var all []string
	for _, h := range []struct {
		hint *bool
		word string
	}{
		{f.Tool.Hints.ReadOnly, "read-only"},
		{f.Tool.Hints.Destructive, "destructive"},
		{f.Tool.Hints.Idempotent, "idempotent"},
	} {
		if h.hint != nil && *h.hint {
			all = append(all, h.word)
		}
	}
	return strings.Join(all, ", ")
}

// LineComment is what a line says of a tool behind its types: whether the type
// of the result was only observed, and the first sentence.
func (f *Function) LineComment() string {
	about := f.Summary()
	if _, observed := f.Result(); !observed {
		return about
	}
	seen := "result seen in " + Count(f.Observed.Calls, "call")
	if about == "" {
		return seen
	}
	return seen + ". " + about
}
