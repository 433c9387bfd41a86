package backends

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends/internal/session"
)

// Call implements [bindery.Caller]. A call to a server that is still
// connecting waits for it; one to a server that has failed fails at once. A
// call that was sent is never sent again, whatever becomes of it, unless the server
// refused to look at it because of its headers.
func (s *Set) Call(ctx context.Context, c bindery.Call) (bindery.Result, error) {
	op := "call " + c.Tool.String()
	srv := s.server(c.Tool.Server)
	if srv == nil {
		return bindery.Result{}, &bindery.Error{
			Code: bindery.NotFound, Op: op, Unsent: true, Err: fmt.Errorf("there is no server %q", c.Tool.Server),
		}
	}
	args := bytes.TrimSpace(c.Args)
	if len(args) > 0 && session.Members(args, func(_, _ []byte) {}) != nil {
		return bindery.Result{}, &bindery.Error{
			Code: bindery.Invalid, Op: op, Unsent: true, Err: errors.New("the arguments are not a JSON object"),
		}
	}
	params := session.With(nil, "name", quote(c.Tool.Name))
	if len(args) == 0 {
		args = []byte("{}")
	}
	params = session.With(params, "arguments", args)
	if p := srv.policy(); p.callTimeout() < p.maxCallTimeout() {
		// With progress the call has more time; nobody else is told of it.
		params = session.With(params, "_meta", json.RawMessage(`{"progressToken":0}`))
	}
	raw, err := srv.settle(ctx, c.Tool.Name, callMethod, params)
	if err != nil {
		return bindery.Result{}, srv.explainCall(ctx, op, err)
	}
	r, err := decodeResult(raw)
	if err != nil {
		return bindery.Result{}, srv.explainCall(ctx, op, err)
	}
	return r, nil
}
