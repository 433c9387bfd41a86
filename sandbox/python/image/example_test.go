package image_test

import (
	"fmt"

	"github.com/bindery-mcp/bindery/sandbox/python/image"
	"github.com/bindery-mcp/bindery/sandbox/python/interpreter"
)

// What was not prepared is not found; Prepare makes it.
func ExampleFind() {
	p, _ := interpreter.Builtin()
	_, ok := image.Find(p, "/nowhere")
	fmt.Println(ok)
	// Output: false
}
