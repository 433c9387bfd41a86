package python

import (
	"context"
	_ "embed"
	"errors"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// rehearsalCode does a little of what most scripts do.
//
//go:embed rehearsal.py
var rehearsalCode string

// rehearse runs a script in an interpreter of its own.
func (e *Engine) rehearse() error {
	i, err := e.fork()
	if err != nil {
		return err
	}
	defer i.close()
	out := newSession(context.Background(), sandbox.Script{
		Source: rehearsalCode, Language: sandbox.Python, Data: []byte(`{"rows":[1,2]}`), Limits: sandbox.DefaultLimits(),
		Bindings: &sandbox.Bindings{Servers: []sandbox.Server{{
			Name: "stage", Ident: "stage", Tools: []sandbox.Tool{{Name: "echo", Ident: "echo"}, {Name: "fail", Ident: "fail"}},
		}}},
	}, stage{}).run(i)
	if out.Failure != nil {
		return &bindery.Error{Code: bindery.Internal, Op: "rehearse a Python script", Err: errors.New(out.Failure.Message)}
	}
	return nil
}

// stage is the host of a rehearsal: its tools answer at once.
type stage struct{}

// Start implements [sandbox.Host].
func (stage) Start(_ context.Context, c bindery.Call, done func(bindery.Result, error)) {
	if c.Tool.Name == "fail" {
		done(bindery.Result{IsError: true, Content: []bindery.Content{{Type: "text", Text: "as told"}}}, nil)
		return
	}
	done(bindery.Result{Content: []bindery.Content{{Type: "text", Text: string(c.Args)}}}, nil)
}

// Log implements [sandbox.Host].
func (stage) Log(sandbox.Line) {}
