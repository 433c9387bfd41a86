package fetch_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"

	"github.com/bindery-mcp/bindery/gateway/fetch"
)

func Example() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "hello") }))
	defer server.Close()
	dir, err := os.MkdirTemp("", "fetch-*")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)

	digest, err := fetch.ParseDigest("sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
	if err != nil {
		fmt.Println(err)
		return
	}
	path := filepath.Join(dir, "greeting")
	file := fetch.File{URL: server.URL + "/greeting", Size: 5, Digest: digest}
	if err := file.Download(context.Background(), path, fetch.Options{}); err != nil {
		fmt.Println(err)
		return
	}
	text, err := os.ReadFile(path)
	fmt.Println(string(text), err)
	// Output: hello <nil>
}
