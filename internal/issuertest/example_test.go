package issuertest_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/auth"
	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery/internal/issuertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func Example() {
	i, err := issuertest.Start()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer i.Close()
	client := &http.Client{}
	defer client.CloseIdleConnections()
	m, err := auth.GetAuthServerMetadata(context.Background(), i.URL, client)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Issuer == i.URL, m.CodeChallengeMethodsSupported, len(i.Requests("/.well-known/openid-configuration")))
	// Output: true [S256] 1
}
