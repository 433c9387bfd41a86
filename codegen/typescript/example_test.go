package typescript_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/form"
	"github.com/bindery-mcp/bindery/codegen/typescript"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func Example() {
	servers := form.Build([]bindery.Tool{{
		ID:          bindery.ToolID{Server: "mail", Name: "send"},
		Description: "Sends a message. Returns when it is queued.",
		Input: json.RawMessage(`{"type":"object","required":["to"],
			"properties":{"to":{"type":"array","items":{"type":"string","format":"email"}},"urgent":{"type":"boolean","default":false}}}`),
		Output: json.RawMessage(`{"type":"object","properties":{"id":{"type":"string"}},"required":["id"]}`),
	}})
	fmt.Println(typescript.Line(servers[0].Tools[0], 200))
	fmt.Print(typescript.File(servers[0], true))
	fmt.Print(typescript.Index(servers))
	// Output:
	// mail.send({to: string[], urgent?: boolean}): {id: string} // Sends a message
	// declare const mail: {
	//   /** Sends a message. Returns when it is queued. */
	//   send: Tool<{
	//     to: string[];
	//     /** (default false) */
	//     urgent?: boolean;
	//   }, {id: string}>;
	// };
	// interface Tools {
	//   mail: typeof mail;
	// }
}
