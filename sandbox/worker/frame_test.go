package worker

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

func anyKind(kind) int64 { return maxFrame }

func encode(t testing.TB, f frame) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := writeFrame(&b, f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFrameRoundTrip(t *testing.T) {
	for _, body := range []string{"", "x", strings.Repeat("y", 200<<10)} {
		want := newFrame(kindCall, callHead{ID: 7, Line: 3}, []byte(body[:len(body)/2]), []byte(body[len(body)/2:]))
		b := encode(t, want)
		if int64(len(b)) != prefixSize+want.size() {
			t.Errorf("%d bytes, want %d", len(b), prefixSize+want.size())
		}
		got, err := readFrame(bytes.NewReader(b), anyKind)
		if err != nil {
			t.Fatal(err)
		}
		if got.kind != want.kind || !bytes.Equal(got.head, want.head) || string(got.bytes()) != body {
			t.Errorf("body of %d bytes came back as %d", len(body), len(got.bytes()))
		}
		for n := range b[:min(len(b), 100)] {
			_, err := readFrame(bytes.NewReader(b[:n]), anyKind)
			if want := io.ErrUnexpectedEOF; n > 0 && !errors.Is(err, want) || n == 0 && !errors.Is(err, io.EOF) {
				t.Errorf("%d of %d bytes: %v", n, len(b), err)
			}
		}
	}
}

func TestAnswerRoundTrip(t *testing.T) {
	raw := json.RawMessage(`{"content":[{"type":"text","text":"é\u0000"},{"type":"image","data":"AAE="}],"structuredContent":{"n":9007199254740993}}`)
	for _, test := range []struct {
		name   string
		result bindery.Result
		body   int // bytes that cross
	}{
		{"empty", bindery.Result{}, 0},
		{"error", bindery.Result{IsError: true, Content: []bindery.Content{{Type: "text", Text: "no"}}}, 2},
		{
			"parts of raw", bindery.Result{
				Raw: raw, Structured: json.RawMessage(`{"n":9007199254740993}`),
				Content: []bindery.Content{
					{Type: "text", Text: "é\x00", Raw: raw[12:43]},
					{Type: "image", Data: []byte{0, 1}, MIMEType: "image/png", Raw: raw[44:74]},
				},
			}, len(raw) + 3 + 2,
		},
		{"not of raw", bindery.Result{
			Raw: raw, Structured: json.RawMessage(`{"redacted":true}`),
			Content: []bindery.Content{{Type: "text", Raw: json.RawMessage(`{"type":"text"}`)}},
		}, len(raw) + 17 + 15},
	} {
		t.Run(test.name, func(t *testing.T) {
			f, err := readFrame(bytes.NewReader(encode(t, answerFrame(3, test.result, nil))), anyKind)
			if err != nil {
				t.Fatal(err)
			}
			if len(f.bytes()) != test.body {
				t.Errorf("body of %d bytes, want %d", len(f.bytes()), test.body)
			}
			var h answerHead
			if err := f.parseHead(&h); err != nil {
				t.Fatal(err)
			}
			got, err := h.result(f)
			if err != nil || h.ID != 3 {
				t.Fatalf("id %d, err %v", h.ID, err)
			}
			if diff := cmp.Diff(test.result, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestAnswerError(t *testing.T) {
	cause := &bindery.Error{
		Code: bindery.Denied, Op: "call a.b",
		Err: &bindery.Error{Code: bindery.Upstream, Hint: "ask the owner", Err: errors.New("not allowed")},
	}
	for _, test := range []struct {
		result bindery.Result
		err    error
		code   bindery.Code
		want   string
		hint   string
	}{
		{err: cause, code: bindery.Denied, want: "call a.b: not allowed", hint: "ask the owner"},
		{err: errors.New("plain"), code: bindery.Internal, want: "plain"},
		{
			result: bindery.Result{Raw: make([]byte, maxFrame)}, code: bindery.Limit,
			want: "result of 64 MiB in 0 blocks is too large for a script; the tool did run",
			hint: "ask for less: a filter, a smaller page, fewer fields",
		},
		{
			result: bindery.Result{Content: make([]bindery.Content, 100_000)}, code: bindery.Limit,
			want: "result of 1.14 MiB in 100000 blocks is too large for a script; the tool did run",
			hint: "ask for less: a filter, a smaller page, fewer fields",
		},
	} {
		f := answerFrame(1, test.result, test.err)
		var h answerHead
		if err := f.parseHead(&h); err != nil {
			t.Fatal(err)
		}
		_, err := h.result(f)
		if err == nil || err.Error() != test.want || bindery.CodeOf(err) != test.code || bindery.HintOf(err) != test.hint {
			t.Errorf("err = %v (%s, %q), want %s (%s, %q)", err, bindery.CodeOf(err), bindery.HintOf(err), test.want, test.code, test.hint)
		}
	}
}

func TestDoneFrameFits(t *testing.T) {
	long := strings.Repeat("\x01", 1<<20) // six times as long in JSON
	f := doneFrame(doneOf(t.Context(), sandbox.Outcome{
		Notes:   []string{long},
		Failure: &sandbox.Failure{Code: bindery.Script, Message: long, Hint: long, Name: long, SourceLine: long, Line: 4},
	}, nil, sandbox.DefaultLimits(), 2))
	if len(f.head) > maxHead {
		t.Errorf("head of %d bytes", len(f.head))
	}
	var h doneHead
	if err := f.parseHead(&h); err != nil {
		t.Fatal(err)
	}
	if h.Failure.Line != 4 || !strings.HasPrefix(h.Failure.Message, "\x01") || len(h.Notes) != 1 || h.LogsDropped != 2 {
		t.Errorf("lost more than had to be: line %d, %d notes", h.Failure.Line, len(h.Notes))
	}
}

// FuzzGateway feeds the gateway's side of a run with what a worker might send.
func FuzzGateway(f *testing.F) {
	for _, b := range Forged(f) {
		if len(b) < 4<<10 {
			f.Add(b)
		}
	}
	f.Add(DoneTwice(f))
	f.Add(UnknownTool(f))
	b, err := newBinding(&sandbox.Bindings{Servers: []sandbox.Server{{Name: "srv", Tools: []sandbox.Tool{{Name: "t0"}}}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		l := sandbox.DefaultLimits()
		h := &strictHost{t: t}
		x := newExecution(t.Context(), h, l, b, newQueue())
		r := bytes.NewReader(in)
		for {
			fr, err := readFrame(r, x.cap)
			if err != nil {
				break
			}
			if x.handle(fr) != nil {
				break
			}
		}
		out := x.outcome()
		if out.Value != nil && !json.Valid(out.Value) || int64(len(out.Value)) > l.Value+maxHead {
			t.Errorf("value %q", out.Value)
		}
		if len(out.Logs) != h.logs || out.LogsDropped < 0 {
			t.Errorf("%d log lines kept, %d passed on, %d dropped", len(out.Logs), h.logs, out.LogsDropped)
		}
	})
}

// strictHost fails the test on a call that must not reach a host.
type strictHost struct {
	t    *testing.T
	logs int
	last int
}

func (h *strictHost) Log(sandbox.Line) { h.logs++ }

func (h *strictHost) Start(_ context.Context, c bindery.Call, done func(bindery.Result, error)) {
	if c.Tool != (bindery.ToolID{Server: "srv", Name: "t0"}) && c.Tool.Server != sandbox.Builtin {
		h.t.Errorf("call of %q", c.Tool)
	}
	if c.Seq <= h.last || c.Args != nil && !json.Valid(c.Args) {
		h.t.Errorf("call %d after %d with %q", c.Seq, h.last, c.Args)
	}
	h.last = c.Seq
	done(bindery.Result{Raw: c.Args}, nil)
}

// FuzzWorker feeds the worker's side with what a gateway might send.
func FuzzWorker(f *testing.F) {
	f.Add(encode(f, answerFrame(1, bindery.Result{Raw: []byte(`{"a":1}`), Structured: []byte("1")}, nil)))
	f.Add(encode(f, newFrame(kindBindings, bindingsHead{}, []byte(`{"servers":[]}`))))
	f.Add(encode(f, newFrame(kindStart, startHead{Source: 3, Limits: sandbox.DefaultLimits()}, []byte("abc1"))))
	f.Add(encode(f, newFrame(kindAnswer, answerHead{ID: 1, Raw: &span{1 << 30, 1 << 30}}, []byte("x"))))
	f.Fuzz(func(t *testing.T, in []byte) {
		var out bytes.Buffer
		conn := struct {
			io.Reader
			io.Writer
		}{bytes.NewReader(in), &out}
		if err := Serve(t.Context(), conn, calling{}); err == nil {
			// All frames were good: the last thing said is still a frame.
			for r := bytes.NewReader(out.Bytes()); r.Len() > 0; {
				if _, err := readFrame(r, anyKind); err != nil {
					t.Fatalf("worker wrote %q: %v", out.Bytes(), err)
				}
			}
		}
	})
}

// calling is an engine that makes one call and does not wait for it.
type calling struct{}

func (calling) Run(ctx context.Context, s sandbox.Script, h sandbox.Host) (sandbox.Outcome, error) {
	h.Start(ctx, bindery.Call{}, func(bindery.Result, error) {})
	return sandbox.Outcome{Value: s.Data}, nil
}
