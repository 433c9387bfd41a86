package stdlib_test

import (
	"fmt"

	"github.com/dop251/goja"

	"github.com/bindery-mcp/bindery/stdlib"
)

// An engine runs the code once, before any script.
func Example() {
	vm := goja.New()
	if _, err := vm.RunString(stdlib.JavaScript().Code); err != nil {
		fmt.Println(err)
		return
	}
	v, err := vm.RunString(`JSON.stringify(Object.groupBy([1, 2, 3], n => n % 2 ? "odd" : "even"))`)
	fmt.Println(v, err)
	// Output: {"odd":[1,3],"even":[2]} <nil>
}
