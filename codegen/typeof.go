package codegen

import (
	"encoding/json"

	"github.com/bindery-mcp/bindery/codegen/shape"
	"github.com/bindery-mcp/bindery/codegen/typescript"
)

// TypeOf returns the type of one JSON value, as TypeScript on one line of at
// most so many bytes; nothing if it cannot be told. Like all that is learned
// from values it shows structure, and keys that look like data as [key: string].
func TypeOf(value json.RawMessage, most int) string {
	if len(value) > shape.MaxBytes {
		return ""
	}
	s := shape.Of(shape.Answer{Source: shape.Structured, JSON: value})
	if s.Counts().Unread > 0 {
		return ""
	}
	return typescript.Type(s.Type(), most)
}
