package paramheader_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery/internal/paramheader"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func Example() {
	headers, err := paramheader.Of(json.RawMessage(`{"properties": {
		"where": {"properties": {"region": {"type": "string", "x-mcp-header": "Region"}}},
		"dry":   {"type": "boolean", "x-mcp-header": "Dry-Run"}}}`))
	fmt.Println(headers, err)
	// Output: [{Dry-Run [dry]} {Region [where region]}] <nil>
}

func TestOf(t *testing.T) {
	for schema, ok := range map[string]bool{
		`true`: true, `{"properties":{"x-mcp-header":{"type":"string"}}}`: true, `{"properties":7,"x":"x-mcp-header"}`: true,
		`{"properties":{"a":{"type":"string","x-mcp-header":""}}}`:                                           false,
		`{"properties":{"a":{"type":"string","x-mcp-header":"a b"}}}`:                                        false,
		`{"properties":{"a":{"type":"number","x-mcp-header":"A"}}}`:                                          false,
		`{"properties":{"a":{"type":["string"],"x-mcp-header":"A"}}}`:                                        false,
		`{"properties":{"a":{"type":"string","x-mcp-header":"A"},"b":{"type":"string","x-mcp-header":"a"}}}`: false,
	} {
		if _, err := paramheader.Of(json.RawMessage(schema)); (err == nil) != ok {
			t.Errorf("Of(%s): %v", schema, err)
		}
	}
}
