package responses_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery/cmd/bindery/e2e/responses"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// do sends one request to the model and returns the status and the answer.
func do(t *testing.T, s *responses.Server, method, path, body string, header ...string) (int, string) {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	s.ServeHTTP(rec, req)
	answer, err := io.ReadAll(rec.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return rec.Code, string(answer)
}

func TestConversation(t *testing.T) {
	t.Parallel()
	s := responses.NewServer(
		responses.Turn{Items: []responses.Item{
			responses.FunctionCall("mcp__gw", "execute_code", map[string]any{"code": "1+1"}),
		}},
		responses.Turn{Expect: []string{"Output:", "2"}, Items: []responses.Item{responses.Message("done")}},
	)
	if err := s.Err(); err == nil {
		t.Error("a script that nobody played has no error")
	}
	status, answer := do(t, s, http.MethodPost, "/v1/responses",
		`{"model":"m","tools":[{"type":"namespace","name":"mcp__gw","tools":[]}],"input":[]}`)
	for _, want := range []string{
		"event: response.created", `"call_id":"call_1_1"`, `"arguments":"{\"code\":\"1+1\"}"`, "event: response.completed",
	} {
		if !strings.Contains(answer, want) {
			t.Errorf("first answer (%d) lacks %s:\n%s", status, want, answer)
		}
	}
	status, answer = do(t, s, http.MethodPost, "/v1/responses",
		`{"input":[{"type":"function_call_output","output":[{"type":"input_text","text":"Output:"},{"type":"input_text","text":"2"}]},{"type":"message"}]}`)
	if status != http.StatusOK || !strings.Contains(answer, `"text":"done"`) {
		t.Errorf("second answer: %d\n%s", status, answer)
	}
	if err := s.Err(); err != nil {
		t.Error(err)
	}
	requests := s.Requests()
	if len(requests) != 2 {
		t.Fatalf("%d requests recorded, want 2", len(requests))
	}
	if requests[0].Tool("mcp__gw") == nil || requests[0].Tool("other") != nil || requests[0].Model != "m" {
		t.Errorf("first request recorded as %+v", requests[0])
	}
	if got := requests[1].ToolOutput(); got != "Output:\n2" {
		t.Errorf("tool output %q", got)
	}
}

func TestToolOutput(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, input, want string }{
		{"none", `[]`, ""},
		{"no output among the items", `[{"type":"message"},7]`, ""},
		{"text", `[{"type":"function_call_output","output":"a"}]`, "a"},
		{"newest", `[{"type":"x_output","output":"a"},{"type":"y_output","output":"b"}]`, "b"},
		{"image", `[{"type":"x_output","output":[{"type":"input_image","image_url":"u"}]}]`, `{"type":"input_image","image_url":"u"}`},
		{"loaded tools", `[{"type":"tool_search_output","tools":[]}]`, `{"type":"tool_search_output","tools":[]}`},
		{"object", `[{"type":"x_output","output":{"k":1}}]`, `{"k":1}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := responses.NewServer(responses.Turn{})
			do(t, s, http.MethodPost, "/v1/responses", `{"input":`+tc.input+`}`)
			requests := s.Requests()
			if len(requests) != 1 {
				t.Fatalf("%d requests recorded", len(requests))
			}
			if got := requests[0].ToolOutput(); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestDefinitions(t *testing.T) {
	t.Parallel()
	s := responses.NewServer(responses.Turn{})
	do(t, s, http.MethodPost, "/v1/responses", `{"tools":[{"type":"web_search"},{"type":"namespace","name":"mcp__a"}],"input":[
		{"type":"message","content":[{"type":"input_text","text":"Deferred:\n- mcp__c: sums\n- x: y"}]},
		{"type":"additional_tools","tools":[{"type":"function","name":"exec"},{"type":"namespace","name":"mcp__b"}]}]}`)
	r := s.Requests()[0]
	for _, tc := range []struct{ name, want string }{
		{"mcp__a", `{"type":"namespace","name":"mcp__a"}`},
		{"mcp__b", `{"type":"namespace","name":"mcp__b"}`},
		{"mcp__c", ""},
	} {
		if got := string(r.Tool(tc.name)); got != tc.want {
			t.Errorf("Tool(%s) = %s, want %s", tc.name, got, tc.want)
		}
	}
	if got := r.Mentions("mcp__c"); len(got) != 1 || got[0] != "- mcp__c: sums" {
		t.Errorf("Mentions = %q", got)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	expecting := responses.Turn{Expect: []string{"42"}}
	for _, tc := range []struct {
		name, method, path, body string
		header                   []string
		turns                    []responses.Turn
		status                   int
		want                     string
	}{
		{"unmet", "POST", "/v1/responses", `{"input":[{"type":"f_output","output":"41"}]}`, nil, []responses.Turn{expecting},
			http.StatusBadRequest, `turn 1 expects the newest tool output to contain "42"; it was: 41`},
		{"after the end", "POST", "/v1/responses", `{}`, nil, nil, http.StatusBadRequest, "the script has only 0 turns"},
		{"other path", "GET", "/v1/models", ``, nil, nil, http.StatusNotFound, "GET /v1/models is not scripted"},
		{"no JSON", "POST", "/v1/responses", `{`, nil, nil, http.StatusBadRequest, "parse the request"},
		{"compressed", "POST", "/v1/responses", `{}`, []string{"Content-Encoding", "zstd"}, nil,
			http.StatusUnsupportedMediaType, "zstd-compressed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := responses.NewServer(tc.turns...)
			status, answer := do(t, s, tc.method, tc.path, tc.body, tc.header...)
			if status != tc.status {
				t.Errorf("status %d, want %d", status, tc.status)
			}
			if err := s.Err(); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("Err() = %v, want %q in it", err, tc.want)
			}
			if !strings.Contains(answer, `"error":{"message":`) {
				t.Errorf("answer has no message: %s", answer)
			}
		})
	}
}
