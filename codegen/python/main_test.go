package python_test

import (
	"encoding/json"
	"flag"
	"testing"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/form"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// tool returns a tool of the server s with an input schema.
func tool(name, input string) bindery.Tool {
	return bindery.Tool{ID: bindery.ToolID{Server: "s", Name: name}, Input: json.RawMessage(input)}
}

// function returns the form of one tool.
func function(input string) *form.Function {
	return form.Build([]bindery.Tool{tool("x", input)})[0].Tools[0]
}
