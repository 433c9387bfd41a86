package js

import (
	"fmt"
	"strings"

	"github.com/dop251/goja"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// answer makes the value that a call stands for, or the error it throws.
func (x *execution) answer(t target, at site, r bindery.Result, err error) (v goja.Value, failure *goja.Object) {
	if err != nil {
		message, hint := err.Error(), bindery.HintOf(err)
		if hint != "" {
			message += hintSeparator + hint
		}
		return nil, x.toolError(t, at, message, bindery.CodeOf(err), hint, nil)
	}
	if limit := x.script.Limits.Result; resultSize(r) > limit {
		return nil, x.toolError(t, at, fmt.Sprintf("the result is %s, more than the limit of %s", size(resultSize(r)), size(limit)),
			bindery.Limit, "ask the tool for less: a filter, a page, fewer fields", nil)
	}
	if t.raw || r.IsError {
		whole, err := x.realm.decode(sandbox.WholeResult(r))
		switch {
		case err != nil:
			return nil, x.unreadable(t, at, err)
		case t.raw:
			return whole, nil
		}
		message := sandbox.JoinTexts(r.Content)
		if message == "" {
			message = "the tool failed without saying why"
		}
		return nil, x.toolError(t, at, message, bindery.Upstream, "", whole)
	}
	v, err = x.resultValue(r)
	if err != nil {
		return nil, x.unreadable(t, at, err)
	}
	return v, nil
}

// resultValue makes the value that [sandbox.ValueOf] chooses.
func (x *execution) resultValue(r bindery.Result) (goja.Value, error) {
	v := sandbox.ValueOf(r)
	if v.Source == sandbox.FromText {
		return x.realm.rt.ToValue(strings.ToValidUTF8(v.Text, "\ufffd")), nil
	}
	return x.realm.decode(v.JSON)
}

func (x *execution) unreadable(t target, at site, err error) *goja.Object {
	return x.toolError(t, at, "read the result: "+err.Error(), bindery.Upstream, "", nil)
}

func (x *execution) toolError(t target, at site, message string, code bindery.Code, hint string, result goja.Value) *goja.Object {
	rt := x.realm.rt
	fields := rt.NewObject()
	set := func(name string, v goja.Value) {
		x.settled(fields.DefineDataProperty(name, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE))
	}
	set("server", rt.ToValue(t.id.Server))
	set("tool", rt.ToValue(t.id.Name))
	set("code", rt.ToValue(code.String()))
	if hint != "" {
		set("hint", rt.ToValue(hint))
	}
	if result != nil {
		set("result", result)
	}
	message = strings.ToValidUTF8(message, "\ufffd")
	place := ""
	if at.line > 0 {
		place = fmt.Sprintf("\n\tat %s (%s:%d:%d)", t.spelling, scriptName, at.line, at.column)
	}
	v := must(x.realm.newToolError(goja.Undefined(), rt.ToValue(message), fields, rt.ToValue(place)))
	failure := v.ToObject(rt)
	x.sites[failure] = at
	return failure
}

// hintSeparator stands between an error's text and its hint, so that a script
// that passes on only the message passes on both.
const hintSeparator = "; "

func resultSize(r bindery.Result) int64 {
	n := len(r.Structured)
	for _, c := range r.Content {
		n += max(len(c.Text)+len(c.Data), len(c.Raw))
	}
	return int64(max(n, len(r.Raw)))
}

// size writes a number of bytes for a reader.
func size(n int64) string {
	switch {
	case n >= 1<<20:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", float64(n)/(1<<20)), ".0") + " MiB"
	case n >= 1<<10:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", float64(n)/(1<<10)), ".0") + " KiB"
	}
	return fmt.Sprintf("%d bytes", n)
}
