package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/sandbox"
)

// maxPrecheck bounds the text of all drafts of one script, in bytes.
const maxPrecheck = 256 << 10

// prechecked answers [sandbox.Precheck]: it holds the arguments that stand in
// a script's text against the schemas before the script runs, so that a typo
// in the last line does not come after five writes. Nothing is called, and
// nothing is granted: every call is checked again when it is made.
func prechecked(v *View, in codegen.Language, next bindery.Caller) bindery.Caller {
	return bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
		if !sandbox.IsPrecheck(c.Tool) {
			return next.Call(ctx, c)
		}
		objections, err := precheck(ctx, v.Module, in, c.Args)
		if err != nil {
			return bindery.Result{}, &bindery.Error{Code: bindery.Invalid, Op: "check the calls in the script", Err: err}
		}
		text, err := json.Marshal(objections)
		if err != nil {
			return bindery.Result{}, &bindery.Error{Code: bindery.Internal, Op: "check the calls in the script", Err: err}
		}
		return bindery.Result{Structured: text}, nil
	})
}

// precheck reads one draft at a time: the list comes from the process that the
// script runs in, and could be of any length.
func precheck(ctx context.Context, m *codegen.Module, in codegen.Language, args json.RawMessage) ([]sandbox.Objection, error) {
	if len(args) > maxPrecheck {
		return nil, fmt.Errorf("the list is longer than %s", sandbox.FormatBytes(maxPrecheck))
	}
	list := json.NewDecoder(bytes.NewReader(args))
	if t, err := list.Token(); err != nil || t != json.Delim('[') {
		return nil, errors.New("it is not a list")
	}
	objections := []sandbox.Objection{}
	for i := 0; i < sandbox.MaxDrafts && len(objections) < sandbox.MaxObjections && list.More(); i++ {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		var d sandbox.Draft
		if err := list.Decode(&d); err != nil {
			return nil, fmt.Errorf("call %d: %w", i, err)
		}
		if _, ok := m.Lookup(d.Tool); !ok {
			continue // the call itself will say so
		}
		err := m.CheckPartial(d.Tool, in, codegen.Partial{JSON: d.Args, Unknown: d.Unknown, Open: d.Open})
		if err != nil {
			objections = append(objections, sandbox.Objection{Draft: i, Message: err.Error(), Hint: bindery.HintOf(err)})
		}
	}
	return objections, nil
}
