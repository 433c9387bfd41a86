//go:build linux || darwin

package fetch_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/fetch"
)

// Of two downloads to one path the second is told of the first.
func TestTwoDownloads(t *testing.T) {
	b := content(1000)
	f := newFolder(t)
	begun, goOn := make(chan struct{}), make(chan struct{})
	file := fileOf(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		close(begun)
		<-goOn
		ranges(b, "")(w, r)
	}), b)
	first := make(chan error)
	go func() { first <- file.Download(t.Context(), f.path(), fetch.Options{}) }()
	<-begun
	err := file.Download(t.Context(), f.path(), fetch.Options{})
	if bindery.CodeOf(err) != bindery.Unavailable || !strings.Contains(err.Error(), "another process") {
		t.Errorf("%v error %v", bindery.CodeOf(err), err)
	}
	close(goOn)
	if err := <-first; err != nil {
		t.Error(err)
	}
	f.has(all(b))
}
