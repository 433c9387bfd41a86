package oauth_test

import (
	"fmt"
	"net/http"

	"github.com/bindery-mcp/bindery/backends/oauth"
)

func Example() {
	// What a server answers to a request without a token.
	h := http.Header{}
	h.Set("WWW-Authenticate", `Bearer resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource", scope="read"`)
	fmt.Println(oauth.ReadChallenge(h))
	fmt.Println((&oauth.LoginError{Server: "github", Reason: "nobody has logged in yet"}).Hint())
	// Output:
	// a bearer token is wanted, with the scopes [read]
	// run: bindery login github
}
