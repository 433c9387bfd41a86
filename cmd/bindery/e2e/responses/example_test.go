package responses_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/bindery-mcp/bindery/cmd/bindery/e2e/responses"
)

// The model calls a tool, then ends the conversation once it has read "42".
func Example() {
	model := responses.NewServer(
		responses.Turn{Items: []responses.Item{responses.FunctionCall("mcp__sums", "add", map[string]int{"a": 40, "b": 2})}},
		responses.Turn{Expect: []string{"42"}, Items: []responses.Item{responses.Message("It is 42.")}},
	)
	api := httptest.NewServer(model)
	defer api.Close()

	// A real client would be told api.URL + "/v1" and do this by itself.
	for _, body := range []string{
		`{"input":[{"type":"message","role":"user"}]}`,
		`{"input":[{"type":"function_call_output","call_id":"call_1_1","output":"42"}]}`,
	} {
		req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, api.URL+"/v1/responses", strings.NewReader(body))
		if err != nil {
			fmt.Println(err)
			return
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(resp.Status)
		_ = resp.Body.Close()
	}
	http.DefaultClient.CloseIdleConnections()

	fmt.Println(model.Requests()[1].ToolOutput(), model.Err())
	// Output:
	// 200 OK
	// 200 OK
	// 42 <nil>
}
