package python

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero/sys"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

func TestUnwrap(t *testing.T) {
	for in, want := range map[string]string{
		"x = 1":                        "x = 1",
		"\ufeffx = 1":                  "x = 1",
		"```python\nx = 1\n```":        "\nx = 1",
		"\n\n```\nx = 1\n```\n\n":      "\n\n\nx = 1",
		"~~~py\nx\n~~~":                "\nx",
		"```python\nx = \"\"\"\n``` a": "\nx = \"\"\"\n``` a",
		"x = '''\n```\n'''":            "x = '''\n```\n'''",
		"":                             "",
		"```":                          "",
	} {
		if got := unwrap(in); got != want {
			t.Errorf("unwrap(%q) = %q, want %q", in, got, want)
		}
	}
}

// instant is a host that answers at once.
type instant struct{}

func (instant) Log(sandbox.Line) {}

func (instant) Start(_ context.Context, c bindery.Call, done func(bindery.Result, error)) {
	if c.Tool.Name == "fail" {
		done(bindery.Result{}, errors.New("no"))
		return
	}
	done(bindery.Result{Structured: c.Args}, nil)
}

func testSession(ctx context.Context) *session {
	l := sandbox.DefaultLimits()
	l.Logs, l.Value = 1<<10, 1<<10
	tools := []sandbox.Tool{{Name: "get", Ident: "get"}, {Name: "a-b", Refused: "no"}}
	return newSession(ctx, sandbox.Script{
		Source: "x = 1\ny = 2", Language: sandbox.Python, Limits: l, Data: []byte(`{"a":1}`),
		Bindings: &sandbox.Bindings{Servers: []sandbox.Server{{Name: "s", Ident: "s", Tools: tools}, {Name: "down", Ident: "down", Refused: "it is down"}}},
	}, instant{})
}

// guest plays the interpreter: it reports whether its host has ended it.
func guest(f func()) (ended bool) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case *sys.ExitError:
			ended = true
		default:
			panic(p)
		}
	}()
	f()
	return false
}

func encoded(frames ...string) []byte {
	var out []byte
	for _, f := range frames {
		out = binary.LittleEndian.AppendUint32(out, uint32(len(f)))
		out = append(out, f...)
	}
	return out
}

// What an interpreter must not send ends it, as an error of the script.
func TestBreaches(t *testing.T) {
	const value = "{\"k\":\"value\"}\n1"
	long := strings.Repeat("x", 1<<20)
	for _, tt := range []struct {
		name   string
		frames []byte
	}{
		{"too long", []byte{255, 255, 255, 255}},
		{"no head", encoded("x")},
		{"a head that is no JSON", encoded("{\n")},
		{"a long head", encoded(`{"k":"` + long + "\"}\n")},
		{"an unknown kind", encoded("{\"k\":\"x\"}\n")},
		{"arguments that are no object", encoded("{\"k\":\"call\",\"id\":1}\n[]")},
		{"arguments that are no JSON", encoded("{\"k\":\"call\",\"id\":1}\n{")},
		{"one number twice", encoded("{\"k\":\"call\",\"id\":1}\n{}", "{\"k\":\"call\",\"id\":1}\n{}")},
		{"a precheck as a call", encoded("{\"k\":\"call\",\"id\":1,\"tool\":\"precheck\"}\n{}")},
		{"a check after a call", encoded("{\"k\":\"call\",\"id\":1,\"server\":\"s\",\"tool\":\"get\"}\n{}", "{\"k\":\"check\"}\n[]")},
		{"a check without drafts", encoded("{\"k\":\"check\",\"places\":[[1,1]]}\n[]")},
		{"objections that are none", encoded("{\"k\":\"check\",\"objections\":[5]}\n[]")},
		{"waiting twice", encoded("{\"k\":\"wait\",\"ms\":1}\n", "{\"k\":\"wait\",\"ms\":1}\n")},
		{"waiting backwards", encoded("{\"k\":\"wait\",\"ms\":-1}\n")},
		{"a line of another level", encoded("{\"k\":\"out\",\"level\":\"progress\"}\nx")},
		{"two values", encoded(value, value)},
		{"a value that is no JSON", encoded("{\"k\":\"value\"}\n{")},
		{"a value over its limit", encoded("{\"k\":\"value\"}\n\"" + long + "\"")},
		{"an end without a value", encoded("{\"k\":\"done\"}\n")},
	} {
		s := testSession(t.Context())
		ended := guest(func() { _, _ = s.write(tt.frames) })
		if f := s.outcome.Failure; !ended || f == nil || f.Code != bindery.Script || !s.outcome.Leftover {
			t.Errorf("%s: ended %v, %+v", tt.name, ended, s.outcome)
		}
	}
}

// After its end a session takes nothing more.
func TestNothingAfterTheEnd(t *testing.T) {
	s := testSession(t.Context())
	if guest(func() { _, _ = s.write(encoded("{\"k\":\"value\"}\n5", "{\"k\":\"done\"}\n")) }) {
		t.Fatal("ended by its host")
	}
	for _, f := range []func(){
		func() { _, _ = s.write(encoded("{\"k\":\"out\",\"level\":\"log\"}\nlate")) },
		func() { _, _ = s.read(make([]byte, 1)) },
		s.yield,
	} {
		if !guest(f) {
			t.Error("it goes on")
		}
	}
	if string(s.outcome.Value) != "5" || len(s.console.lines) > 0 {
		t.Errorf("%+v, %v", s.outcome, s.console.lines)
	}
}

// Reading what nobody asked for is a breach, not a wait without an end.
func TestReadingUnasked(t *testing.T) {
	s := testSession(t.Context())
	if !guest(func() { _, _ = s.read(make([]byte, 1)) }) || s.outcome.Failure == nil {
		t.Errorf("%+v", s.outcome)
	}
}

// Frames come in whatever pieces the interpreter writes.
func TestFramesInPieces(t *testing.T) {
	s := testSession(t.Context())
	for _, b := range encoded("{\"k\":\"out\",\"level\":\"log\"}\none", "{\"k\":\"out\",\"level\":\"error\"}\ntwo") {
		if _, err := s.write([]byte{b}); err != nil {
			t.Fatal(err)
		}
	}
	if want := []sandbox.Line{{Level: "log", Text: "one"}, {Level: "error", Text: "two"}}; !reflect.DeepEqual(s.console.lines, want) {
		t.Errorf("%v", s.console.lines)
	}
}

// Whatever an interpreter writes, its host neither fails nor waits for ever,
// and what it then says is well formed.
func FuzzSession(f *testing.F) {
	for _, frames := range [][]string{
		{"{\"k\":\"look\",\"server\":\"s\",\"tool\":\"gte\"}\n", "{\"k\":\"list\",\"server\":\"s\",\"byName\":true}\n", "{\"k\":\"called\",\"server\":\"s\"}\n", "{\"k\":\"noServer\",\"tool\":\"x\"}\n"},
		{"{\"k\":\"look\",\"server\":\"down\",\"tool\":\"x\"}\n", "{\"k\":\"servers\"}\n", "{\"k\":\"data\"}\n", "{\"k\":\"tell\",\"done\":1,\"total\":2}\nhalf"},
		{"{\"k\":\"call\",\"id\":1,\"server\":\"s\",\"tool\":\"get\",\"as\":\"s.get\",\"line\":2}\n{}", "{\"k\":\"wait\",\"ms\":5}\n"},
		{"{\"k\":\"check\",\"places\":[[1,1]],\"objections\":[[2,1,\"TypeError\",\"no\"]]}\n[{\"tool\":{\"server\":\"s\",\"name\":\"get\"},\"args\":{}}]"},
		{"{\"k\":\"value\"}\n[1]", "{\"k\":\"done\",\"notes\":[\"n\"],\"dropped\":3,\"unhandled\":1,\"errors\":[{\"name\":\"E\",\"message\":\"m\",\"line\":1}]}\n"},
		{"{\"k\":\"fail\",\"name\":\"NameError\",\"message\":\"m\",\"wrong\":\"s1\",\"names\":[\"s\",\"t\"],\"line\":2,\"column\":1}\n"},
		{"{\"k\":\"fail\",\"kind\":\"memory\"}\n"}, {"{\"k\":\"fail\",\"kind\":\"syntax\",\"name\":\"SyntaxError\",\"line\":1}\n"},
		{"{\"k\":\"call\",\"id\":2,\"server\":\"s\",\"tool\":\"fail\"}\n{}", "{\"k\":\"wait\",\"grace\":true}\n"},
	} {
		f.Add(encoded(frames...))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		ctx, cancel := context.WithTimeout(t.Context(), sandbox.DefaultLimits().Wall)
		defer cancel()
		s := testSession(ctx)
		guest(func() {
			_, _ = s.write(data)
			for s.waits != nil && (s.waits.until.IsZero() || len(s.pending) > 0) || len(s.in) > 0 {
				_, _ = s.read(make([]byte, 1<<10))
			}
		})
		if v := s.outcome.Value; v != nil && !json.Valid(v) {
			t.Errorf("value %q", v)
		}
		if f := s.outcome.Failure; f != nil && (f.Message == "" || f.Line < 0 || f.Line > 2 || f.Code == bindery.Internal) {
			t.Errorf("failure %+v", f)
		}
		if s.console.room < 0 {
			t.Error("more was kept than there is room for")
		}
		_ = fmt.Sprint(s.outcome)
	})
}
