package gateway

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/execution"
	"github.com/bindery-mcp/bindery/sandbox"
)

func TestText(t *testing.T) {
	for _, tc := range []struct {
		name    string
		outcome sandbox.Outcome
		want    string
	}{
		{"object", sandbox.Outcome{Value: json.RawMessage(`{"a":1}`)}, `{"a":1}`},
		{"string is itself", sandbox.Outcome{Value: json.RawMessage(`"two\nlines"`)}, "two\nlines"},
		{"big integer", sandbox.Outcome{Value: json.RawMessage(`12345678901234567890`)}, `12345678901234567890`},
		{"nothing", sandbox.Outcome{}, "(the script returned nothing)"},
		{"logs and notes", sandbox.Outcome{
			Value: json.RawMessage(`1`), Notes: []string{"NaN became null"}, LogsDropped: 2,
			Logs: []sandbox.Line{{Level: "log", Text: "hello"}, {Level: "warn", Text: "careful"}},
		}, "1\nlogs:\nhello\nwarn: careful\n… 2 more lines dropped (limits.logs)\nnote: NaN became null"},
		{"hint", sandbox.Outcome{Failure: &sandbox.Failure{Name: "ReferenceError", Message: "x is not defined", Hint: "did you mean y?"}},
			"ReferenceError: x is not defined\nhint: did you mean y?"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := (Answer{Outcome: tc.outcome}).Text(); got != tc.want {
				t.Errorf("got\n%s\nwant\n%s", got, tc.want)
			}
		})
	}
}

func TestLongAnswersAreCutAndSaySo(t *testing.T) {
	value, err := json.Marshal(strings.Repeat("ä", defaultAnswer))
	if err != nil {
		t.Fatal(err)
	}
	got := Answer{Outcome: sandbox.Outcome{Value: value}}.Text()
	if len(got) > defaultAnswer+200 || !strings.Contains(got, "cut: ") || !json.Valid([]byte(`"`+strings.ReplaceAll(got, "\n", " ")+`"`)) {
		t.Errorf("%d bytes: …%s", len(got), got[len(got)-200:])
	}
}

func TestImagesLeaveTheText(t *testing.T) {
	png := base64.StdEncoding.EncodeToString([]byte("not really a PNG"))
	block := `{"type":"image","data":"` + png + `","mimeType":"image/png"}`
	for _, tc := range []struct{ name, value, text string }{
		{"alone", block, "[image 1: image/png, 16 bytes]"},
		{"in a list", `[` + block + `,"b",` + block + `]`, `["[image 1: image/png, 16 bytes]","b","[image 2: image/png, 16 bytes]"]`},
		{"in an object, order kept", `{"z":1,"shot":` + block + `,"a":[2]}`, `{"z":1,"shot":"[image 1: image/png, 16 bytes]","a":[2]}`},
		{"in content", `{"content":[` + block + `]}`, `{"content":["[image 1: image/png, 16 bytes]"]}`},
		{"only called so", `{"type":"image","data":12}`, `{"type":"image","data":12}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := Answer{Outcome: sandbox.Outcome{Value: json.RawMessage(tc.value)}}
			if got := a.Text(); got != tc.text {
				t.Errorf("text %s, want %s", got, tc.text)
			}
			if got, want := len(a.Images()), strings.Count(tc.text, "[image "); got != want {
				t.Errorf("%d images, want %d", got, want)
			}
		})
	}
}

// What failed the same way again and again is counted, and what is unknown is
// never left out.
func TestManyFailuresAreCounted(t *testing.T) {
	a := Answer{Outcome: sandbox.Outcome{Failure: &sandbox.Failure{Code: bindery.Script, Message: "no"}}}
	add := func(n int, tool string, state execution.State) {
		for range n {
			a.Calls = append(a.Calls, execution.Record{Tool: bindery.ToolID{Server: "s", Name: tool}, State: state})
		}
	}
	add(40, "read", execution.Failed)
	add(3, "list", execution.Failed)
	add(30, "write", execution.Unknown)
	add(2, "get", execution.Completed)
	text := a.Text()
	for want, n := range map[string]int{
		"- s.read(): failed": maxFailed, "- s.list(): failed": 3, "- s.write(): unknown": 30, "- and 35 more that failed: 35 × s.read": 1,
		"- and 2 more that completed: 2 × s.get": 1,
	} {
		if got := strings.Count(text, want); got != n {
			t.Errorf("%d times %q, want %d:\n%s", got, want, n, text)
		}
	}
}
