package streamable

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/bindery-mcp/bindery/backends/internal/session"
)

func TestEventBody(t *testing.T) {
	tests := []struct {
		name, in, out string
		max           int
		refused       string // by a stream that answers a request; others go on
	}{
		{name: "events", in: ": hi\n\nevent: message\ndata: {\"a\":\ndata: 1}\n\ndata:2\n\n", out: ": hi\n\nevent: message\ndata: {\"a\":\ndata: 1}\n\ndata:2\n\n"},
		{name: "carriage returns", in: "data: 1\r\n\r\n", out: "data: 1\r\n\r\n"},
		{name: "priming", in: "id: 1\nretry: 5\ndata:\n\n", out: "id: 1\nretry: 5\ndata:\n\n"},
		{name: "no last empty line", in: "data: 1", out: "data: 1\n\n"},
		{name: "cut off", in: "data: 1\n\ndata: {\"a\":", out: "data: 1\n\n", refused: "not valid JSON"},
		{name: "no colon", in: "data: 1\nnonsense\n\n", out: "data: 1\n\n"},
		{name: "nonsense alone", in: "nonsense\n\ndata: 1\n\n", out: "\ndata: 1\n\n"},
		{name: "no JSON", in: "data: 1\n\ndata: <html>\n\n", out: "data: 1\n\n", refused: "not valid JSON"},
		{name: "deep", in: "data: " + strings.Repeat("[", 300) + strings.Repeat("]", 300) + "\n\n", refused: "256 levels"},
		{name: "long line", in: "data: \"" + strings.Repeat("x", 100_000) + "\"\n\n", max: 1000, refused: "1000 bytes"},
		{name: "many lines", in: strings.Repeat("data: 1\n", 1000), max: 1000, refused: "1000 bytes"},
		{name: "many comments", in: strings.Repeat(": ping\n\n", 1000), out: strings.Repeat(": ping\n\n", 1000), max: 1000},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.max == 0 {
				tt.max = 10_000
			}
			var refused error
			b := newEventBody(io.NopCloser(iotest.OneByteReader(strings.NewReader(tt.in))), tt.max, func(err error) { refused = err })
			out, _ := io.ReadAll(b)
			if string(out) != tt.out {
				t.Errorf("got %q, want %q", out, tt.out)
			}
			if (refused != nil) != (tt.refused != "") || refused != nil && !strings.Contains(refused.Error(), tt.refused) {
				t.Errorf("refused with %v, want %q", refused, tt.refused)
			}
			standing, _ := io.ReadAll(newEventBody(io.NopCloser(strings.NewReader(tt.in)), tt.max, nil))
			if string(standing) != tt.out {
				t.Errorf("without a request: got %q, want %q", standing, tt.out)
			}
		})
	}
}

func FuzzEventBody(f *testing.F) {
	f.Add([]byte("event: message\ndata: {\"a\":1}\n\n"))
	f.Add([]byte(": ping\r\n\r\ndata: [[[[\n\nnonsense\n"))
	f.Add([]byte("data: 1\ndata: 2\n\nid: 3\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		const max = 100
		var limit *session.LimitError
		b := newEventBody(io.NopCloser(strings.NewReader(string(data))), max, nil)
		out, err := io.ReadAll(b)
		if err != nil && !errors.As(err, &limit) {
			t.Errorf("got %v", err)
		}
		for event := range strings.SplitSeq(strings.ReplaceAll(string(out), "\r\n", "\n"), "\n\n") {
			if len(event) > max {
				t.Errorf("an event of %d bytes was passed on", len(event))
			}
			if err := checkMessage(dataOf([]byte(event))); err != nil {
				t.Errorf("%q was passed on: %v", event, err)
			}
		}
	})
}
