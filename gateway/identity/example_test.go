package identity_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"

	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/identity"
)

func Example() {
	dir, err := os.MkdirTemp("", "identity-*")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, config.TokensFile)
	text, token := identity.NewToken("ci", []string{"nightly"}, time.Now(), time.Time{})
	if err := identity.Add(path, token); err != nil {
		fmt.Println(err)
		return
	}
	a := identity.New(&config.Config{Clients: map[string]config.Client{"ci": {}}, Tokens: path}, nil, nil)
	r := httptest.NewRequest(http.MethodPost, "/mcp", nil)
	r.Header.Set("Authorization", "Bearer "+text)
	who, err := a.Identify(r)
	fmt.Println(who.Client, who.Roles, err)

	_, err = identity.Remove(path, func(t identity.Token) bool { return t.ID == token.ID })
	fmt.Println(err)
	_, err = a.Identify(r)
	fmt.Println(err)
	// Output:
	// ci [nightly] <nil>
	// <nil>
	// the token is unknown or was revoked
}
