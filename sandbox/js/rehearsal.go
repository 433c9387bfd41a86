package js

import (
	"context"
	_ "embed"
	"errors"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// rehearsalCode does a little of what most scripts do.
//
//go:embed rehearsal.ts
var rehearsalCode string

// rehearse runs a script in a realm of its own.
func (e *Engine) rehearse() error {
	out, err := (&Engine{compile: e.compile}).Run(context.Background(), sandbox.Script{
		Source: rehearsalCode, Language: sandbox.TypeScript, Data: []byte(`{"rows":[1,2]}`), Limits: sandbox.DefaultLimits(),
		Bindings: &sandbox.Bindings{Servers: []sandbox.Server{{
			Name: "stage", Ident: "stage", Tools: []sandbox.Tool{{Name: "echo", Ident: "echo"}, {Name: "fail", Ident: "fail"}},
		}}},
	}, stage{})
	if err == nil && out.Failure != nil {
		err = errors.New(out.Failure.Message)
	}
	if err != nil {
		return &bindery.Error{Code: bindery.Internal, Op: "rehearse a script", Err: err}
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
