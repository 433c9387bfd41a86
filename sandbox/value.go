package sandbox

import (
	"encoding/json"
	"strings"

	"github.com/bindery-mcp/bindery"
)

// ValueSource says which part of a result a call stands for.
type ValueSource uint8

const (
	// FromText is text that is not JSON, of one or more text blocks.
	FromText ValueSource = iota
	// FromStructured is the structured content.
	FromStructured
	// FromJSONText is a single text block that is JSON.
	FromJSONText
	// FromBlocks are the content blocks: some are no text, or there are none.
	FromBlocks
)

// Value is what a call stands for in a script.
type Value struct {
	Source ValueSource
	// JSON is the value; nil for FromText. It is as the server sent it, so it
	// may not be valid unless Source is FromJSONText.
	JSON json.RawMessage
	// Text is the value of FromText, as the server sent it.
	Text string
}

// ValueOf returns what a call that r answers stands for: the structured
// content, else a single text that is JSON, else the text, else the content
// blocks. Every engine and whatever learns from results goes by it. IsError is
// not looked at: an engine throws such a result instead.
func ValueOf(r bindery.Result) Value {
	if len(r.Structured) > 0 && (string(r.Structured) != "null" || len(r.Content) == 0) {
		return Value{Source: FromStructured, JSON: r.Structured}
	}
	texts := 0
	for _, c := range r.Content {
		if c.Type == "text" {
			texts++
		}
	}
	switch {
	case texts == 0 || texts < len(r.Content):
		return Value{Source: FromBlocks, JSON: ContentBlocks(r.Content)}
	case texts == 1 && looksLikeJSON(r.Content[0].Text):
		return Value{Source: FromJSONText, JSON: json.RawMessage(r.Content[0].Text)}
	}
	return Value{Source: FromText, Text: JoinTexts(r.Content)}
}

// JoinTexts returns the text blocks of content, a line each.
func JoinTexts(content []bindery.Content) string {
	var texts []string
	for _, c := range content {
		if c.Type == "text" {
			texts = append(texts, c.Text)
		}
	}
	return strings.Join(texts, "\n")
}

// ContentBlocks returns the blocks as they are on the wire: a JSON array.
func ContentBlocks(content []bindery.Content) json.RawMessage {
	out := []byte{'['}
	for i, c := range content {
		if i > 0 {
			out = append(out, ',')
		}
		block := []byte(c.Raw)
		if len(block) == 0 {
			// Marshalling strings and bytes cannot fail.
			block, _ = json.Marshal(c)
		}
		out = append(out, block...)
	}
	return append(out, ']')
}

// WholeResult returns the CallToolResult, put together again if its text is
// not at hand.
func WholeResult(r bindery.Result) json.RawMessage {
	if len(r.Raw) > 0 {
		return r.Raw
	}
	out := append([]byte(`{"content":`), ContentBlocks(r.Content)...)
	if len(r.Structured) > 0 {
		out = append(append(out, `,"structuredContent":`...), r.Structured...)
	}
	if r.IsError {
		out = append(out, `,"isError":true`...)
	}
	return append(out, '}')
}

// looksLikeJSON reports whether text from a tool stands for a value rather
// than for itself. Bare numbers and strings stay text: an identifier such as
// 1e5 or 0012 must not change, nor may the type of a tool's answers vary with
// their spelling.
func looksLikeJSON(s string) bool {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return false
	case s[0] == '{', s[0] == '[', s == "true", s == "false", s == "null":
		return json.Valid([]byte(s))
	}
	return false
}
