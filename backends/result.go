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
	r := bindery.Result{Raw: raw}
	var kind, content json.RawMessage
	err := session.Members(raw, func(name, value []byte) {
		switch string(name) {
		case "resultType":
			kind = value
		case "structuredContent":
			r.Structured = value
		case "isError":
			r.IsError = string(value) == "true"
		case "content":
			content = value
		}
	})
	if err != nil {
		return bindery.Result{}, errors.New("the server's result is not an object")
	}
	switch kind := text(kind); kind {
	case "", "complete":
	case inputRequired:
		return bindery.Result{}, errNoInput
	default:
		return bindery.Result{}, fmt.Errorf("the server's result is of the unknown type %q", session.PlainText(kind, 80))
	}
	if string(r.Structured) == "null" {
		// Absent, for the SDKs that write every field. A tool whose result is
		// null says so in its content too.
		r.Structured = nil
	}
	if len(content) == 0 || string(content) == "null" {
		return r, nil
	}
	if session.Elements(content, func(block []byte) { r.Content = append(r.Content, decodeContent(block)) }) != nil {
		return bindery.Result{}, errors.New("the content of the server's result is not a list")
	}
	return r, nil
}

func decodeContent(raw json.RawMessage) bindery.Content {
	c := bindery.Content{Raw: raw}
	_ = session.Members(raw, func(name, value []byte) {
		switch string(name) {
		case "type":
			c.Type = text(value)
		case "text":
			c.Text = text(value)
		case "mimeType":
			c.MIMEType = text(value)
		case "data":
			var data []byte
			if json.Unmarshal(value, &data) == nil {
				c.Data = data
			}
		}
	})
	return c
}
