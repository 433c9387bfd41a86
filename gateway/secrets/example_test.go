package secrets_test

import (
	"context"
	"fmt"
	"os"

	"github.com/bindery-mcp/bindery/gateway/secrets"
)

func Example() {
	dir, err := os.MkdirTemp("", "secrets-*")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	store := secrets.New(dir, "")
	if err := store.Set(context.Background(), "github", "a token"); err != nil {
		fmt.Println(err)
		return
	}
	values, err := store.Read()
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := values.Get("github")
	fmt.Println(values.Names(), values, text, err)
	// Output: [github] 1 secrets a token <nil>
}
