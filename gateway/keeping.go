package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/keep"
	"github.com/bindery-mcp/bindery/sandbox"
)

// keeping answers the host functions of results and store: what is kept for
// the client between its scripts.
func keeping(shelf *keep.Shelf, next bindery.Caller) bindery.Caller {
	return bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
		object, function, ok := strings.Cut(c.Tool.Name, ".")
		if c.Tool.Server != sandbox.Builtin || !ok {
			return next.Call(ctx, c)
		}
		var args struct {
			ID    string          `json:"id"`
			Key   string          `json:"key"`
			Value json.RawMessage `json:"value"`
		}
		if err := json.Unmarshal(c.Args, &args); err != nil {
			return bindery.Result{}, &bindery.Error{
				Code: bindery.Invalid, Op: c.Tool.Name, Err: fmt.Errorf("arguments: %w", err),
				Hint: `results.get(id: string), store.set(key: string, value), store.get(key: string)`,
			}
		}
		var value any
		var err error
		switch object + "." + function {
		case "results.get":
			value, err = shelf.Result(args.ID)
		case "results.list":
			value = shelf.Results()
		case "store.set":
			err = shelf.Set(args.Key, args.Value)
		case "store.get":
			value = shelf.Get(args.Key)
		case "store.delete":
			value = shelf.Delete(args.Key)
		case "store.keys":
			value = shelf.Keys()
		default:
			return next.Call(ctx, c)
		}
		if err != nil {
			return bindery.Result{}, err
		}
		return structuredResult(value)
	})
}

// structuredResult returns what a host function gives. JSON is handed on as it
// is, and none of it is null.
func structuredResult(value any) (bindery.Result, error) {
	raw, ok := value.(json.RawMessage)
	if !ok {
		var err error
		if raw, err = json.Marshal(value); err != nil {
			return bindery.Result{}, &bindery.Error{Code: bindery.Internal, Op: "encode a value", Err: err}
		}
	}
	if raw == nil {
		raw = json.RawMessage("null")
	}
	return bindery.Result{Structured: raw}, nil
}
