package session_test

import (
	"fmt"

	"github.com/bindery-mcp/bindery/backends/internal/session"
)

func Example() {
	secrets := session.NewRedactor([]string{"Bearer hunter2-hunter2"})
	fmt.Println(session.PlainText(secrets.Clean("\x1b[31mbad token: hunter2-hunter2\x1b[0m"), 80))
	fmt.Println(session.CheckDepth([]byte(`{"a":[1,2,3]}`)))
	// Output:
	// bad token: [redacted]
	// <nil>
}
