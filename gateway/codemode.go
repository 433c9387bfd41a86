package gateway

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/front"
	"github.com/bindery-mcp/bindery/internal/jsonobject"
)

// executeCode answers a request for execute_code. Its context is cancelled when
// the client cancels the request or, in the modern era, hangs up; the script
// and its calls go with it, as they do when the client ends the session.
func (e *endpoint) executeCode(ctx context.Context, c Client, r *front.Request) (json.RawMessage, error) {
	work, err := e.g.suspended.resume(c.Name, toolName, r.Params)
	if err != nil {
		return nil, err
	}
	x, ok := work.(*run)
	if !ok {
		if x, err = e.run(ctx, c, r); err != nil {
			return failed(err), nil
		}
	}
	posing := e.g.posing()
	defer posing.end()
	who := attendant{notify: notifierOf(r), put: func(q *question) []*question {
		if r.Modern() {
			return x.questions.gather(ctx, r, q)
		}
		posing.pose(r, q)
		return nil
	}}
	if takesTasks(r) {
		who.patience, who.task = min(taskAfter, e.g.opts().Patience), e.g.asTask
	}
	answer, err := e.g.attend(ctx, x, who)
	switch {
	case err != nil:
		return failed(err), nil
	case len(answer.asked) > 0:
		return e.g.suspended.park(c.Name, toolName, x, answer.asked, x.cancel)
	case answer.task != nil:
		return answer.task, nil
	case answer.running == nil:
		e.g.opts().Logger.InfoContext(ctx, "execute_code", "execution", answer.Execution, "client", c.Name, "took", answer.Took, "calls", len(answer.Calls),
			"failed", answer.Outcome.Failure != nil)
	}
	raw := result(answer)
	e.g.opts().Telemetry.Shown(ctx, len(raw))
	return raw, nil
}

// run reads the arguments and starts the script, or finds the one to wait for.
func (e *endpoint) run(ctx context.Context, c Client, r *front.Request) (*run, error) {
	var args struct {
		Code     string          `json:"code"`
		Language string          `json:"language"`
		Data     json.RawMessage `json:"data"`
		Resume   string          `json:"resume"`
		Wait     string          `json:"wait"`
	}
	params, err := jsonobject.Parse(r.Params)
	if raw := params.Get("arguments"); err == nil && raw != nil {
		err = json.Unmarshal(raw, &args)
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		err = fmt.Errorf("%s is of the JSON type %s, which it cannot be", cmp.Or(wrong.Field, "all"), wrong.Value)
	}
	if err != nil {
		return nil, &bindery.Error{
			Code: bindery.Invalid, Op: "run script", Err: fmt.Errorf("arguments: %w", err),
			Hint: `pass {"code": "…"}`,
		}
	}
	hold := func() func() { return e.front.Hold(r.Session) }
	p := e.peer(r)
	p.Log = "" // what servers log in a script is nobody's to read
	return e.g.runFor(ctx, c, p, Request{
		Code: args.Code, Language: args.Language, Data: args.Data, Resume: strings.TrimSpace(args.Resume), View: e.name,
	}, strings.TrimSpace(args.Wait), hold)
}

// runFor starts the script of a request, which is held from then on, or finds
// the one that it waits for.
func (g *Gateway) runFor(ctx context.Context, c Client, p backends.Peer, r Request, wait string, hold func() (release func())) (*run, error) {
	if wait == "" {
		return g.launch(ctx, c, p, r, hold())
	}
	if strings.TrimSpace(r.Code) != "" || r.Resume != "" {
		return nil, &bindery.Error{
			Code: bindery.Invalid, Op: "wait for " + clip(wait, 40), Err: errors.New("there is a script beside wait"),
			Hint: "pass wait alone to get the rest of a running script, or code to run another",
		}
	}
	return g.runs.find(c.Name, wait)
}

// result has no structuredContent: some clients show the model nothing else
// once it is there.
func result(a Answer) json.RawMessage {
	blocks := []any{textBlock(a.Text())}
	for _, img := range a.Images() {
		blocks = append(blocks, map[string]any{"type": "image", "data": img.Data, "mimeType": img.MIMEType})
	}
	return toolResult(blocks, a.Outcome.Failure != nil, nil)
}

// failed is the result of a tool that could not be run: the model is to read
// why, which it does not of an error of the protocol.
func failed(err error) json.RawMessage {
	text := err.Error()
	if hint := bindery.HintOf(err); hint != "" {
		text += "\nhint: " + hint
	}
	return toolResult([]any{textBlock(text)}, true, retryOf(err))
}

func textBlock(text string) any { return map[string]string{"type": "text", "text": text} }

// toolResult has in _meta when to try again, if that is not nil.
func toolResult(blocks []any, isError bool, retry json.RawMessage) json.RawMessage {
	var meta map[string]json.RawMessage
	if retry != nil {
		meta = map[string]json.RawMessage{retryKey: retry}
	}
	raw, err := json.Marshal(struct {
		Content []any                      `json:"content"`
		IsError bool                       `json:"isError,omitempty"`
		Meta    map[string]json.RawMessage `json:"_meta,omitempty"`
	}{blocks, isError, meta})
	if err != nil {
		panic(err) // texts always can be
	}
	return raw
}

// executeDeclaration is the tool as tools/list has it.
func (v *View) executeDeclaration(o *Options) json.RawMessage {
	var d jsonobject.Object
	d.SetText("name", toolName)
	d.SetText("description", v.description(*o))
	d.Set("inputSchema", o.schema())
	return d.Bytes()
}
