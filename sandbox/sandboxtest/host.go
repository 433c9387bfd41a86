package sandboxtest

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync/atomic"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// names are tools whose names mean something else in some language.
func names() []string {
	return []string{
		"delete", "class", "then", "constructor", "__proto__", "prototype", "toString", "valueOf", "hasOwnProperty", "await", "123",
		"a-b", "a.b", "a b", "import", "None", "self", "Größe", "検索", "\u202eesrever", "\"", "'", "\\", strings.Repeat("long", 75),
	}
}

func oddNames() json.RawMessage {
	b, err := json.Marshal(names())
	if err != nil {
		panic(err) // strings always can be
	}
	return b
}

// bindings are what the cases call.
func bindings() *sandbox.Bindings {
	srv := sandbox.Server{Name: "srv", Ident: "srv"}
	for _, name := range []string{"echo", "nothing", "fail", "slow", "hang", "big", "count"} {
		srv.Tools = append(srv.Tools, sandbox.Tool{Name: name, Ident: name})
	}
	odd := sandbox.Server{Name: "odd names", Ident: "odd_names"}
	for _, name := range names() {
		odd.Tools = append(odd.Tools, sandbox.Tool{Name: name})
	}
	return &sandbox.Bindings{Digest: "hostile", Servers: []sandbox.Server{srv, odd}}
}

// tools is a [bindery.Caller] for one run.
type tools struct{ counted atomic.Int64 }

// Call answers a call. Each tool does what its name says; those of odd names
// echo.
func (t *tools) Call(ctx context.Context, c bindery.Call) (bindery.Result, error) {
	text := func(s string) bindery.Result {
		return bindery.Result{Content: []bindery.Content{{Type: "text", Text: s}}}
	}
	switch c.Tool.Name {
	case "nothing":
		return bindery.Result{}, nil
	case "fail":
		r := text("it failed")
		r.IsError = true
		return r, nil
	case "slow":
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
		}
		return text("slow"), nil
	case "hang":
		<-ctx.Done()
		return bindery.Result{}, &bindery.Error{Code: bindery.Cancelled, Op: "call srv.hang", Err: ctx.Err()}
	case "big":
		return text(strings.Repeat("x", 2<<20)), nil
	case "count":
		before, err := json.Marshal(map[string]int64{"before": t.counted.Add(1) - 1})
		return bindery.Result{Structured: before}, err
	}
	if c.Tool.Server == sandbox.Builtin {
		return bindery.Result{}, &bindery.Error{Code: bindery.NotFound, Op: "call " + c.Tool.Name, Err: errors.New("no such function")}
	}
	return bindery.Result{Structured: c.Args}, nil
}
