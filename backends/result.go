package backends

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends/internal/session"
)

// decodeResult reads a CallToolResult as tolerantly as decodeTool reads a
// tool. The parts share the memory of raw.
func decodeResult(raw json.RawMessage) (bindery.Result, error) {
	f := object(raw)
	if f == nil {
		return bindery.Result{}, errors.New("the server's result is not an object")
	}
	switch kind := text(f["resultType"]); kind {
	case "", "complete":
	case "input_required":
		return bindery.Result{}, errors.New("the tool asks for further input, which nobody is there to give")
	default:
		return bindery.Result{}, fmt.Errorf("the server's result is of the unknown type %q", session.PlainText(kind, 80))
	}
	r := bindery.Result{Raw: raw, Structured: f["structuredContent"]}
	if string(r.Structured) == "null" {
		// Absent, for the SDKs that write every field. A tool whose result is
		// null says so in its content too.
		r.Structured = nil
	}
	if isError := truth(f["isError"]); isError != nil {
		r.IsError = *isError
	}
	var blocks []json.RawMessage
	if c := f["content"]; len(c) > 0 && json.Unmarshal(c, &blocks) != nil {
		return bindery.Result{}, errors.New("the content of the server's result is not a list")
	}
	for _, b := range blocks {
		r.Content = append(r.Content, decodeContent(b))
	}
	return r, nil
}

func decodeContent(raw json.RawMessage) bindery.Content {
	f := object(raw)
	c := bindery.Content{Type: text(f["type"]), Text: text(f["text"]), MIMEType: text(f["mimeType"]), Raw: raw}
	var data []byte
	if d := f["data"]; len(d) > 0 && json.Unmarshal(d, &data) == nil {
		c.Data = data
	}
	return c
}
