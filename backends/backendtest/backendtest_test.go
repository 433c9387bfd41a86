package backendtest_test

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery/backends/backendtest"
)

func TestMain(m *testing.M) {
	backendtest.Main()
	goleak.VerifyTestMain(m)
}

// A test binary that calls Main first in TestMain is a server, too.
func Example() {
	command, env, err := backendtest.Command()
	if err != nil {
		log.Fatal(err)
	}
	cmd := exec.Command(command)
	for name, v := range env {
		cmd.Env = append(cmd.Env, name+"="+v)
	}
	cmd.Stdin = strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"ping"}` + "\n")
	out, err := cmd.StdoutPipe()
	if err != nil {
		log.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		log.Fatal(err)
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	fmt.Print(line)
	_ = cmd.Wait()
	// Output: {"jsonrpc":"2.0","id":1,"result":{}}
}

func TestHTTP(t *testing.T) {
	h := backendtest.NewHTTP(backendtest.SSE)
	srv := httptest.NewServer(h)
	defer srv.Close()
	post := func(session, body string) *http.Response {
		t.Helper()
		req, err := http.NewRequest(http.MethodPost, srv.URL, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Mcp-Session-Id", session)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = resp.Body.Close() })
		return resp
	}
	first := post("", `{"jsonrpc":"2.0","id":1,"method":"initialize"}`)
	session := first.Header.Get("Mcp-Session-Id")
	body, err := io.ReadAll(first.Body)
	if err != nil || !strings.HasPrefix(string(body), "event: message\ndata: {") || session == "" {
		t.Errorf("got %q, %v", body, err)
	}
	if got := post(session, `{"jsonrpc":"2.0","id":2,"method":"ping"}`).StatusCode; got != http.StatusOK {
		t.Errorf("got %d", got)
	}
	h.Forget()
	if got := post(session, `{"jsonrpc":"2.0","id":3,"method":"ping"}`).StatusCode; got != http.StatusNotFound {
		t.Errorf("got %d", got)
	}
	if got := h.Requests(); len(got) != 3 || got[1].RPC != "ping" {
		t.Errorf("got %+v", got)
	}
	http.DefaultClient.CloseIdleConnections()
}
