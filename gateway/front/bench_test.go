package front_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery/gateway/front"
)

// sized answers every request with the same result.
type sized struct{ result json.RawMessage }

func (sized) Describe(*front.Caller) front.Description {
	return front.Description{Name: "sized", Version: "1"}
}
func (s sized) Handle(context.Context, *front.Request) (json.RawMessage, error) {
	return s.result, nil
}

func (sized) Watch(context.Context, *front.Caller, front.Filter) (front.Watch, error) {
	return front.Watch{}, nil
}

// discard is a response nobody reads.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) WriteHeader(int)             {}
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }

// BenchmarkCall is what a tools/call costs on top of net/http, which is left
// out, or of a pipe.
func BenchmarkCall(b *testing.B) {
	for _, size := range []int{100, 500_000} {
		h := sized{json.RawMessage(`{"content":[{"type":"text","text":"` + strings.Repeat("x", size) + `"}]}`)}
		b.Run(fmt.Sprintf("legacy/%d", size), func(b *testing.B) {
			e := front.New(h, front.Options{})
			defer e.Close(context.Background())
			benchHTTP(b, e, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":{"a":1}}}`, map[string]string{"Mcp-Session-Id": initialise(e), "Mcp-Protocol-Version": "2025-11-25"})
		})
		b.Run(fmt.Sprintf("modern/%d", size), func(b *testing.B) {
			e := front.New(h, front.Options{})
			defer e.Close(context.Background())
			body, header := modern("tools/call", `"name":"t","arguments":{"a":1}`, "Mcp-Name", "t")
			benchHTTP(b, e, body, header)
		})
		b.Run(fmt.Sprintf("stdio/%d", size), func(b *testing.B) { benchStdio(b, h) })
	}
}

func benchHTTP(b *testing.B, e *front.Endpoint, body string, header map[string]string) {
	b.Helper()
	r, err := http.NewRequest(http.MethodPost, "/mcp", nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	for k, v := range header {
		r.Header.Set(k, v)
	}
	r.ContentLength = int64(len(body))
	w := &discard{http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		r.Body = io.NopCloser(strings.NewReader(body))
		e.ServeHTTP(w, r)
	}
	if w.header.Get("Content-Type") != "application/json" {
		b.Error(w.header)
	}
}

func benchStdio(b *testing.B, h front.Handler) {
	b.Helper()
	e := front.New(h, front.Options{})
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- e.ServeStream(context.Background(), inR, outW) }()
	out := bufio.NewReaderSize(outR, 1<<20)
	round := func(line string) {
		if _, err := io.WriteString(inW, line); err != nil {
			b.Fatal(err)
		}
		if answer, err := out.ReadSlice('\n'); err != nil || !bytes.Contains(answer[:64], []byte(`"result"`)) {
			b.Fatal(err, string(answer))
		}
	}
	round(strings.Replace(hello, "VERSION", "2025-11-25", 1) + "\n")
	b.ReportAllocs()
	for b.Loop() {
		round(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":{"a":1}}}` + "\n")
	}
	_ = inW.Close()
	if err := <-done; err != nil {
		b.Error(err)
	}
}
