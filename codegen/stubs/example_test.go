package stubs_test

import (
	"encoding/json"
	"fmt"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/codegen/stubs"
)

func Example() {
	folder, err := stubs.Make([]bindery.Tool{{
		ID:          bindery.ToolID{Server: "mail", Name: "send"},
		Description: "Sends a message.",
		Input:       json.RawMessage(`{"type":"object","properties":{"to":{"type":"string"}},"required":["to"]}`),
	}}, stubs.Options{Detail: codegen.Full})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range folder.Files {
		fmt.Println(f.Name)
	}
	fmt.Print(folder.Files[1].Text)
	// Output:
	// bindery.d.ts
	// mail.d.ts
	// index.d.ts
	// tsconfig.json
	// README.md
	// bindery.lock.json
	// declare const mail: {
	//   /** Sends a message. */
	//   send: Tool<{to: string}>;
	// };
}
