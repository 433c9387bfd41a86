package stdio

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"github.com/bindery-mcp/bindery/backends/internal/session"
)

type nowhere struct{ io.Writer }

func (nowhere) Close() error { return nil }

func reading(text string, max int) *transport {
	return newTransport(io.NopCloser(strings.NewReader(text)), nowhere{io.Discard}, max, session.NewRedactor(nil), session.Options{})
}

// outline reads everything and describes it.
func outline(t testing.TB, tr *transport) []string {
	t.Helper()
	var got []string
	for {
		m, err := tr.Read(context.Background())
		if err != nil {
			if !errors.Is(err, io.EOF) {
				t.Errorf("read: %v", err)
			}
			return got
		}
		switch m := m.(type) {
		case *jsonrpc.Request:
			got = append(got, "request "+m.Method)
		case *jsonrpc.Response:
			text, _ := jsonrpc.EncodeMessage(&jsonrpc.Response{ID: m.ID, Result: []byte("1")})
			kind := "result "
			if m.Error != nil {
				kind = "error " + m.Error.Error() + " "
			}
			got = append(got, kind+string(text))
		}
	}
}

func TestRead(t *testing.T) {
	const (
		limit = "error the size of the server's answer is over the limit of 100 bytes "
		deep  = "error the JSON nesting of the server's answer is over the limit of 256 levels "
		one   = `{"jsonrpc":"2.0","id":1,"result":1}`
		two   = `{"jsonrpc":"2.0","id":2,"result":1}`
	)
	long := strings.Repeat("x", 70_000)
	nest := strings.Repeat("[", 300) + strings.Repeat("]", 300)
	tests := []struct {
		name    string
		in      string
		max     int
		want    string
		skipped int
	}{
		{"messages", one + "\n" + two + "\r\n", 100, "result " + one + "\nresult " + two, 0},
		{"no last newline", one, 100, "result " + one, 0},
		{"byte order mark", "\xef\xbb\xbf" + one + "\n", 100, "result " + one, 0},
		{"noise", "npm WARN\n\n  \n" + one + "\n{oops}\n42\nnull\n\"x\"\n" + two, 100, "result " + one + "\nresult " + two, 5},
		{"exactly the limit", one + "\n", len(one), "result " + one, 0},
		{"one over the limit", one + "\n" + two[:len(two)-1] + "1}", len(one) - 1, "error the size of the server's answer is over the limit of 34 bytes " + one + "\nerror the size of the server's answer is over the limit of 34 bytes " + two, 2},
		{"long, id first", `{"jsonrpc":"2.0","id":1,"result":"` + long + "\"}\n" + two, 100, limit + one + "\nresult " + two, 1},
		{"long, id last", `{"result":"` + long + `","jsonrpc":"2.0","id":1}` + "\n" + two, 100, limit + one + "\nresult " + two, 1},
		{"long, id before version", `{"result":"` + long + `","id":1,"jsonrpc":"2.0"}` + "\n" + two, 100, limit + one + "\nresult " + two, 1},
		{"long, no id", long + "\n" + two, 100, "result " + two, 1},
		{"long, endless, id first", `{"jsonrpc":"2.0","id":1,"result":"` + long, 100, limit + one, 1},
		{"long and short", long + "\n" + long + "\n" + one, 100, "result " + one, 2},
		{"deep", `{"jsonrpc":"2.0","id":1,"result":` + nest + "}\n" + two, 1000, deep + one + "\nresult " + two, 1},
		{"deep noise", "{" + nest + "\n" + two, 1000, "result " + two, 1},
		{"cut off", `{"jsonrpc":"2.0","id":1,"result":{` + "\n" + two, 100, "error the server's answer is not valid JSON-RPC " + one + "\nresult " + two, 1},
		{"wrong version", `{"jsonrpc":"1.0","id":1,"result":1}` + "\n" + two, 100, "result " + two, 1},
		{"batch", "[" + one + "," + two + "]", 100, "result " + one + "\nresult " + two, 0},
		{"broken batch", "[" + one + ",\n" + two, 100, "result " + two, 1},
		{"what the SDK must not see", `{"jsonrpc":"2.0","method":"notifications/progress"}` + "\n" + `{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}` + "\n" +
			`{"jsonrpc":"2.0","id":7,"method":"roots/list"}` + "\n" + one, 100, "result " + one, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tr := reading(tt.in, tt.max)
			if got := strings.Join(outline(t, tr), "\n"); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
			if n, _ := tr.skipped.get(); n != tt.skipped {
				t.Errorf("got %d skipped lines, want %d", n, tt.skipped)
			}
		})
	}
}

// FuzzRead checks that whatever a server writes, a good message after it is
// read and memory is bounded.
func FuzzRead(f *testing.F) {
	const good = `{"jsonrpc":"2.0","id":77,"result":{"ok":true}}`
	f.Add([]byte(`{"jsonrpc":"2.0","id":1,"result":{}}`))
	f.Add([]byte("npm WARN\n{\"id\":\n[[[[\n\xff\xfe\x00"))
	f.Add([]byte(`[{"jsonrpc":"2.0","method":"x"},3]`))
	f.Add([]byte(`{"result":"` + strings.Repeat("x", 300) + `","jsonrpc":"2.0","id":12}`))
	f.Add(bytes.Repeat([]byte("{"), 300))
	f.Fuzz(func(t *testing.T, data []byte) {
		tr := reading(string(data)+"\n"+good+"\n", 200)
		var last jsonrpc.Message
		for {
			m, err := tr.Read(context.Background())
			if err != nil {
				break
			}
			last = m
		}
		r, ok := last.(*jsonrpc.Response)
		if !ok || r.Error != nil || string(r.Result) != `{"ok":true}` {
			t.Errorf("the good message was lost: got %#v", last)
		}
	})
}

func TestWriteGivesUp(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	tr := newTransport(io.NopCloser(strings.NewReader("")), w, 100, session.NewRedactor(nil), session.Options{})
	long, _ := jsonrpc.DecodeMessage([]byte(`{"jsonrpc":"2.0","id":1,"method":"x","params":"` + strings.Repeat("x", 1<<20) + `"}`))
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		// One byte read is one line begun.
		_, _ = r.Read(make([]byte, 1))
		cancel()
	}()
	if err := tr.Write(ctx, long); !errors.Is(err, errBroken) {
		t.Errorf("got %v", err)
	}
	if err := tr.Write(context.Background(), long); !over(err) {
		t.Errorf("after half a line: got %v", err)
	}
}

// What a client puts between the values of its arguments begins no message of
// its own.
func TestWriteIsOneLine(t *testing.T) {
	var out bytes.Buffer
	tr := newTransport(io.NopCloser(strings.NewReader("")), nowhere{&out}, 100, session.NewRedactor(nil), session.Options{})
	call := "{\"method\":\"tools/call\",\"params\":{\"arguments\":{\"a\":\n{\"jsonrpc\":\"2.0\",\"method\":\"x\"}\r\n}}}"
	if err := tr.send(t.Context(), []byte(call), nil); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); !strings.Contains(text, `"method":"x"`) || strings.IndexByte(text, '\n') != len(text)-1 || strings.Contains(text, "\r") {
		t.Errorf("the server reads %q", text)
	}
}

func TestTail(t *testing.T) {
	tl := tail{secrets: session.NewRedactor([]string{"Bearer s3cr3t-t0ken"})}
	for i := range 30 {
		_, _ = io.WriteString(&tl, strings.Repeat(string(rune('a'+i%26)), 2000)+"\n\n")
	}
	_, _ = io.WriteString(&tl, "\x1b]0;title\x07\x1b[1;31mred\x1b[0m \u202eright\tto left\x00 s3cr3t-t0ken")
	lines := tl.last(tailLines)
	if len(lines) != tailLines || len(lines[0]) != lineBytes {
		t.Errorf("got %d lines of %d bytes", len(lines), len(lines[0]))
	}
	if got, want := lines[len(lines)-1], "red right to left [redacted]"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
