package web

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// outline reads everything and describes it.
func outline(r *Events) string {
	var b strings.Builder
	for {
		e, err := r.Next()
		var large *TooLargeError
		switch {
		case errors.As(err, &large):
			fmt.Fprintf(&b, "large(%.12s…%s) ", large.Start, large.End[max(0, len(large.End)-8):])
		case errors.Is(err, io.EOF):
			return strings.TrimSpace(b.String())
		case err != nil:
			return b.String() + err.Error()
		default:
			fmt.Fprintf(&b, "%s(%s)%s%s ", e.Name, e.Data, e.ID, e.Retry)
		}
	}
}

func TestEvents(t *testing.T) {
	long := strings.Repeat("x", 10_000)
	for in, want := range map[string]string{
		"data: a\n\n":                                 "(a)",
		"event: endpoint\ndata: /m?x=1:2\n\n":         "endpoint(/m?x=1:2)",
		"data:a\r\ndata: b\r\nid: 7\r\n\r\n":          "(a\nb)7",
		": comment\n\n:\n\n\n\nretry: 10\n\nfoo: x\n": "()10",
		"data: a":                "(a)",
		"data: a\n\ndata: b\n":   "(a) (b)",
		"nonsense\ndata:  a\n\n": "( a)",
		`data: {"id":1,` + long + "}end\n\ndata: b\n\n": `large({"id":1,xxxx…) large(…xxxx}end) (b)`,
		strings.Repeat("data: 123456789\n", 1000) + "\n\ndata: b\n\n": `large(123456789
da…) large(…23456789) (b)`,
		"data: " + long: "large(xxxxxxxxxxxx…)",
		"":              "",
	} {
		for _, one := range []bool{false, true} {
			var r io.Reader = strings.NewReader(in)
			if one {
				r = iotest.OneByteReader(r)
			}
			if got := outline(NewEvents(r, 200)); got != want {
				t.Errorf("%.60q: got %q, want %q", in, got, want)
			}
		}
	}
}

// FuzzEvents checks that a good event after whatever came is read, and that
// none is too large.
func FuzzEvents(f *testing.F) {
	f.Add([]byte("data: a\n\nevent: x\r\n\r\n:\n"))
	f.Add([]byte("data: " + strings.Repeat("x", 300) + "\n\n\n"))
	f.Add([]byte(strings.Repeat("data\n", 100)))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := NewEvents(strings.NewReader(string(data)+"\n\ndata: good\n\n"), 100)
		last := ""
		for {
			e, err := r.Next()
			if _, ok := errors.AsType[*TooLargeError](err); ok {
				continue
			}
			if err != nil {
				break
			}
			if last = string(e.Data); len(last) > 100 {
				t.Errorf("got an event of %d bytes", len(last))
			}
		}
		if last != "good" {
			t.Errorf("%q: the last event is %q", data, last)
		}
	})
}
