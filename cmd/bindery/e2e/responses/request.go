package responses

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Request is one request of the client, as far as a test looks into it.
type Request struct {
	Model string `json:"model"`
	// Tools are the definitions offered to the model, as they were sent.
	Tools []json.RawMessage `json:"tools"`
	// Input is the conversation so far.
	Input []json.RawMessage `json:"input"`
	// Body is the whole request.
	Body json.RawMessage `json:"-"`
}

func parseRequest(body []byte) (Request, error) {
	var r Request
	if err := json.Unmarshal(body, &r); err != nil {
		return Request{}, fmt.Errorf("parse the request: %w", err)
	}
	r.Body = bytes.Clone(body)
	return r, nil
}

// Tool returns the definition with the given name, or nil. It looks at the top
// level only, where a namespace is one definition; some models get their
// definitions not in "tools" but in an input item of type "additional_tools",
// and those count too.
func (r Request) Tool(name string) json.RawMessage {
	if t := named(r.Tools, name); t != nil {
		return t
	}
	for _, raw := range r.Input {
		var item struct {
			Type  string            `json:"type"`
			Tools []json.RawMessage `json:"tools"`
		}
		if json.Unmarshal(raw, &item) != nil || item.Type != "additional_tools" {
			continue
		}
		if t := named(item.Tools, name); t != nil {
			return t
		}
	}
	return nil
}

func named(tools []json.RawMessage, name string) json.RawMessage {
	for _, t := range tools {
		var head struct {
			Name string `json:"name"`
		}
		if json.Unmarshal(t, &head) == nil && head.Name == name {
			return t
		}
	}
	return nil
}

// Mentions returns the lines of the conversation's texts that contain a text:
// what the model was told of a tool in prose.
func (r Request) Mentions(text string) []string {
	var lines []string
	for _, raw := range r.Input {
		var item struct {
			Content []struct {
				Text string `json:"text"`
			} `json:"content"`
		}
		if json.Unmarshal(raw, &item) != nil {
			continue
		}
		for _, part := range item.Content {
			for line := range strings.Lines(part.Text) {
				if strings.Contains(line, text) {
					lines = append(lines, strings.TrimSpace(line))
				}
			}
		}
	}
	return lines
}

// ToolOutput returns the newest tool output of the conversation, which is what
// the model would read next: its texts joined by line ends, parts that are
// not text as JSON. It is empty if there was no tool output yet.
func (r Request) ToolOutput() string {
	for _, raw := range slices.Backward(r.Input) {
		var item struct {
			Type   string          `json:"type"`
			Output json.RawMessage `json:"output"`
		}
		if json.Unmarshal(raw, &item) != nil || !strings.HasSuffix(item.Type, "_output") {
			continue
		}
		if item.Output == nil {
			return string(raw)
		}
		return outputText(item.Output)
	}
	return ""
}

func outputText(output json.RawMessage) string {
	var text string
	if json.Unmarshal(output, &text) == nil {
		return text
	}
	var parts []json.RawMessage
	if json.Unmarshal(output, &parts) != nil {
		return string(output)
	}
	texts := make([]string, len(parts))
	for i, p := range parts {
		var part struct {
			Type string `json:"type"`
			Text string `json:"text"`
		}
		texts[i] = string(p)
		if json.Unmarshal(p, &part) == nil && part.Type == "input_text" {
			texts[i] = part.Text
		}
	}
	return strings.Join(texts, "\n")
}
