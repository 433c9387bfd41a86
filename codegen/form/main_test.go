package form_test

import (
	"encoding/json"
	"testing"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// tool returns a tool with nothing but a name and an input schema.
func tool(server, name, input string) bindery.Tool {
	return bindery.Tool{ID: bindery.ToolID{Server: server, Name: name}, Input: json.RawMessage(input)}
}
