package streamable

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/bindery-mcp/bindery/backends/internal/session"
)

// noticing returns an inbox that notes what it takes out of a stream.
func noticing(t testing.TB, got *[]string) *session.Inbox {
	t.Helper()
	in := session.NewInbox(session.Options{Notice: func(method string, params json.RawMessage) {
		*got = append(*got, method+string(params))
	}}, func(context.Context, []byte) error { return nil })
	t.Cleanup(in.Close)
	return in
}

const (
	changed = `{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}`
	reply7  = `{"jsonrpc":"2.0","id":7,"result":{"a":[1, 2]}}`
	passed  = `data: {"jsonrpc":"2.0","id":7,"result":{"a":[1,2]}}` + "\n\n"
)

func TestEventBody(t *testing.T) {
	tests := []struct {
		name, in, out string
		taken         string
		max           int
	}{
		{name: "an answer of the SDK's", in: ": hi\n\nevent: message\ndata: " + reply7 + "\n\n", out: passed},
		{name: "in lines", in: "data: {\"jsonrpc\":\"2.0\",\ndata: \"id\":7,\"result\":{\"a\":[1,2]}}\n\n", out: passed},
		{name: "carriage returns", in: "data: " + reply7 + "\r\n\r\n", out: passed},
		{name: "to be resumed", in: "id: 1\nretry: 5\ndata:\n\n", out: "id: 1\nretry: 5\n\n"},
		{name: "a notification", in: "id: 9\ndata: " + changed + "\n\n", out: "id: 9\n\n", taken: "notifications/tools/list_changed"},
		{name: "a notification that nobody resumes by", in: "data: " + changed + "\n\n", taken: "notifications/tools/list_changed"},
		{name: "a batch", in: "data: [" + changed + "," + reply7 + "]\n\n", out: passed, taken: "notifications/tools/list_changed"},
		{name: "of another name", in: "event: x\ndata: " + reply7 + "\n\n"},
		{name: "no last empty line", in: "data: " + reply7, out: passed},
		{name: "no colon", in: "data: " + reply7 + "\nnonsense\n\nnonsense\n\n", out: passed},
		{name: "no JSON", in: "data: <html>\n\ndata: [1]\n\ndata: {}\n\ndata: " + reply7 + "\n\n", out: passed},
		{name: "deep", in: "data: {\"a\":" + strings.Repeat("[", 300) + strings.Repeat("]", 300) + "}\n\ndata: " + reply7 + "\n\n", out: passed},
		{name: "long line", in: "data: \"" + strings.Repeat("x", 100_000) + "\"\n\ndata: " + reply7 + "\n\n", max: 1000, out: passed},
		{name: "many lines", in: strings.Repeat("data: 1\n", 1000) + "\ndata: " + reply7 + "\n\n", max: 1000, out: passed},
		{name: "many comments", in: strings.Repeat(": ping\n\n", 1000) + "data: " + reply7 + "\n\n", max: 1000, out: passed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.max == 0 {
				tt.max = 10_000
			}
			var taken []string
			body := io.NopCloser(iotest.OneByteReader(strings.NewReader(tt.in)))
			out, err := io.ReadAll(newEventBody(body, tt.max, noticing(t, &taken), nil))
			if err != nil || string(out) != tt.out || strings.Join(taken, " ") != tt.taken {
				t.Errorf("got %q, %v, taken %q; want %q, taken %q", out, err, taken, tt.out, tt.taken)
			}
		})
	}
}

func FuzzEventBody(f *testing.F) {
	f.Add([]byte("event: message\ndata: " + reply7 + "\n\n"))
	f.Add([]byte(": ping\r\n\r\ndata: [[[[\n\nnonsense\n"))
	f.Add([]byte("data: " + changed + "\n\nid: 3\n"))
	f.Add([]byte("data: [" + changed + "," + reply7 + "]\n\n"))
	f.Add([]byte("data: 1\ndata: 2\n\nid: 3\nretry: x\n\n" + strings.Repeat("x", 200) + "\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		const max = 150
		var taken []string
		out, err := io.ReadAll(newEventBody(io.NopCloser(strings.NewReader(string(data))), max, noticing(t, &taken), nil))
		var limit *session.LimitError
		if err != nil && !errors.As(err, &limit) {
			t.Errorf("got %v", err)
		}
		for line := range strings.SplitSeq(string(out), "\n") {
			field, value, _ := strings.Cut(line, ": ")
			if !slices.Contains([]string{"", "id", "retry", "data"}, field) {
				t.Errorf("the line %q was passed on", line)
			}
			if field == "data" && !json.Valid([]byte(value)) {
				t.Errorf("%q was passed on", value)
			}
		}
	})
}
