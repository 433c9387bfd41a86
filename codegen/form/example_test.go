package form_test

import (
	"encoding/json"
	"fmt"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/form"
)

func Example() {
	servers := form.Build([]bindery.Tool{{
		ID:          bindery.ToolID{Server: "mail", Name: "import-all"},
		Description: "Imports messages.\nMay take a while.",
		Input:       json.RawMessage(`{"type":"object","properties":{"from":{"type":"string","maxLength":80}}}`),
	}, {
		ID: bindery.ToolID{Server: "mail", Name: "import"},
	}})
	for _, f := range servers[0].Tools {
		fmt.Printf("%s: %s in TypeScript, %s in Python: %q\n", f.ID, f.In(form.TypeScript).Ident, f.In(form.Python).Ident, f.Summary())
		for _, p := range f.Input.Root.Props {
			fmt.Println(" ", p.Name, form.Document(p.Type, form.MaxParameter))
		}
	}
	// Output:
	// mail.import: import in TypeScript, import_ in Python: ""
	// mail.import-all: import_all in TypeScript, import_all in Python: "Imports messages"
	//   from (at most 80 characters)
}
