package session

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

func drain(a *Arrivals) string {
	var b strings.Builder
	for m := a.Next(); m != nil; m = a.Next() {
		if r, ok := m.(*jsonrpc.Response); ok {
			fmt.Fprintf(&b, "%v:%s%v ", r.ID.Raw(), r.Result, r.Error)
		}
	}
	return b.String()
}

// One message of a batch that is none costs nothing but itself.
func TestArrivalsTake(t *testing.T) {
	const one, two = `{"jsonrpc":"2.0","id":1,"result":{}}`, `{"jsonrpc":"2.0","id":2,"result":{}}`
	deep := strings.Repeat("[", MaxDepth+1) + strings.Repeat("]", MaxDepth+1)
	for _, tt := range []struct {
		text, want string
		ok         bool
	}{
		{one, "1:{}<nil> ", true},
		{" [" + one + ", " + two + "]\n", "1:{}<nil> 2:{}<nil> ", true},
		{"[" + one + `,{"jsonrpc":"2.0","id":3,"oops":1},` + two + "]", "1:{}<nil> 3:the server's answer is not valid JSON-RPC 2:{}<nil> ", false},
		{"[" + one + ",", "", false},
		{"[]", "", true},
		{"", "", false},
		{`{"jsonrpc":"2.0","id":1,"result":` + deep + "}", "1:the JSON nesting of the server's answer is over the limit of 256 levels ", false},
		{`{"jsonrpc":"2.0","id":1,"result":{`, "1:the server's answer is not valid JSON-RPC ", false},
	} {
		in := NewInbox(Options{}, func(context.Context, []byte) error { return nil })
		var a Arrivals
		err := a.Take(in, []byte(tt.text))
		in.Close()
		if got := drain(&a); got != tt.want || (err == nil) != tt.ok {
			t.Errorf("%.60s: got %s, %v, want %s", tt.text, got, err, tt.want)
		}
	}
}

func TestArrivalsSkip(t *testing.T) {
	const known, unknown = `{"jsonrpc":"2.0","id":1,"result":"`, `{"result":"`
	limit := &LimitError{What: "size", Limit: 100, Unit: "bytes"}
	for _, tt := range []struct {
		parts [][2]string // starts and ends, "" for none
		want  string
	}{
		{[][2]string{{known, ""}}, "1"},
		{[][2]string{{known, ""}, {"", `","id":2}`}}, "1"},
		{[][2]string{{unknown, ""}, {"", `","id":2}`}}, "2"},
		{[][2]string{{unknown, `","id":2}`}}, "2"},
		{[][2]string{{unknown, ""}, {"", "oops"}, {"", `","id":2}`}}, ""},
		{[][2]string{{"", `","id":2}`}}, ""},
	} {
		var a Arrivals
		for _, p := range tt.parts {
			var start, end []byte
			if p[0] != "" {
				start = []byte(p[0])
			}
			if p[1] != "" {
				end = []byte(p[1])
			}
			a.Skip(start, end, limit)
		}
		want := tt.want
		if want != "" {
			want += ":" + limit.Error() + " "
		}
		if got := drain(&a); got != want {
			t.Errorf("%q: got %s, want %s", tt.parts, got, want)
		}
	}
}
