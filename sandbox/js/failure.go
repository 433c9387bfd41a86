package js

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/dop251/goja"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// site is a place in the script; both count from 1, and 0 stands for unknown.
type site struct{ line, column int }

// maxMessage bounds the text of an error, in bytes.
const maxMessage = 4 << 10

// here is the place in the script that is being executed.
func (x *execution) here() site {
	// The nearest frames are enough: a native function between the script and
	// here, such as Array.prototype.map, has one frame each.
	x.frames = x.realm.rt.CaptureCallStack(16, x.frames[:0])
	return x.siteOf(x.frames)
}

func (x *execution) siteOf(frames []goja.StackFrame) site {
	for i := range frames {
		if frames[i].SrcName() == scriptName {
			p := frames[i].Position()
			return x.place(p.Line, p.Column)
		}
	}
	return site{}
}

// place is where the script's own text has what the interpreter saw there. A
// source map has done this already. Where there is none, a call is seen at its
// parenthesis, and shown at its name.
func (x *execution) place(line, column int) site {
	if x.shift == 0 {
		return site{line, column}
	}
	if line == 1 {
		column = max(1, column-x.shift)
	}
	code := x.text.line(line)
	if column <= len(code) && (code[column-1] == '(' || code[column-1] == '[') {
		for column > 1 && isNameByte(code[column-2]) {
			column--
		}
	}
	return site{line, column}
}

func isNameByte(c byte) bool {
	return c == '_' || c == '$' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

var stackPlace = regexp.MustCompile(`(?m)^\s+at .*?` + regexp.QuoteMeta(scriptName) + `:(\d{1,9}):(\d{1,9})`)

// siteOfError is where a script's error was made: where its call was, for one
// that came from a tool, else the first place its stack names.
func (x *execution) siteOfError(o *goja.Object) site {
	if s, ok := x.sites[o]; ok {
		return s
	}
	stack, ok := o.Get("stack").(goja.String)
	if !ok || stack.Length() > 1<<16 {
		return site{}
	}
	m := stackPlace.FindStringSubmatch(stack.String())
	if m == nil {
		return site{}
	}
	// At most nine digits each: Atoi cannot fail.
	line, _ := strconv.Atoi(m[1])
	column, _ := strconv.Atoi(m[2])
	return x.place(line, column)
}

func (x *execution) whereOf(o *goja.Object) string {
	var s site
	if ex := x.realm.rt.Try(func() { s = x.siteOfError(o) }); ex != nil || s.line == 0 {
		return ""
	}
	return fmt.Sprintf(" (line %d)", s.line)
}

// isInterrupt reports whether err is the interpreter's answer to Interrupt.
func isInterrupt(err error) bool {
	var i *goja.InterruptedError
	return errors.As(err, &i)
}

// failure puts the error that ended a script into the script's terms.
func (x *execution) failure(err error) *sandbox.Failure {
	f := x.explain(err)
	f.Message = printable(clip(f.Message, maxMessage))
	f.SourceLine = x.text.line(f.Line)
	return f
}

func (x *execution) explain(err error) *sandbox.Failure {
	var (
		threw    thrown
		ex       *goja.Exception
		overflow *goja.StackOverflowError
		stopped  *goja.InterruptedError
		own      *bindery.Error
	)
	switch {
	case x.ctx.Err() != nil:
		f := x.stopped()
		if errors.As(err, &stopped) {
			s := x.siteOf(stopped.Stack())
			f.Line, f.Column = s.line, s.column
		}
		return f
	case errors.Is(err, errStuck):
		s := x.onlyPlaceOf("new Promise")
		return &sandbox.Failure{
			Code: bindery.Script, Message: "the script awaits a promise that nothing can settle",
			Hint: "no call and no timer is under way: check that every new Promise calls its resolve", Line: s.line, Column: s.column,
		}
	case errors.As(err, &threw):
		return x.thrown(threw.value)
	case errors.As(err, &overflow):
		s := x.siteOf(overflow.Stack())
		return &sandbox.Failure{
			Code: bindery.Script, Name: "RangeError", Message: fmt.Sprintf("the call stack is deeper than %d frames", maxFrames),
			Hint: "check the recursion's end, or use a loop", Line: s.line, Column: s.column,
		}
	case errors.As(err, &ex):
		return x.thrown(ex.Value())
	case errors.As(err, &own):
		return &sandbox.Failure{Code: own.Code, Message: own.Error(), Hint: own.Hint}
	}
	return &sandbox.Failure{Code: bindery.Script, Message: err.Error()}
}

// stopped explains the end of the context.
func (x *execution) stopped() *sandbox.Failure {
	f := &sandbox.Failure{Code: bindery.Cancelled, Message: "the run was cancelled"}
	switch {
	case errors.Is(context.Cause(x.ctx), errWall):
		f.Code, f.Message = bindery.Timeout, fmt.Sprintf("time limit of %s exceeded", seconds(x.script.Limits.Wall))
	case errors.Is(x.ctx.Err(), context.DeadlineExceeded):
		f.Code, f.Message = bindery.Timeout, "the time for this request is over"
	}
	if n := len(x.pending); n > 0 {
		first := 0
		for seq := range x.pending {
			if first == 0 || seq < first {
				first = seq
			}
		}
		f.Hint = fmt.Sprintf("%s under way, the oldest %s", count(n, "call"), x.pending[first])
	}
	return f
}

// thrown explains a value that a script threw. Reading it may throw again.
func (x *execution) thrown(v goja.Value) *sandbox.Failure {
	f := &sandbox.Failure{Code: bindery.Script}
	err := x.realm.protect(func() {
		o, ok := v.(*goja.Object)
		if !ok || !x.realm.isError(o) {
			f.Message = "the script threw " + x.describe(v)
			s := x.siteOfThrown(v)
			f.Line, f.Column = s.line, s.column
			return
		}
		s := x.siteOfError(o)
		f.Line, f.Column = s.line, s.column
		f.Name, f.Message = x.realm.property(o, "name"), x.realm.property(o, "message")
		if f.Name == "ToolError" {
			f.Hint = x.realm.property(o, "hint")
			f.Message = strings.TrimSuffix(f.Message, hintSeparator+f.Hint)
			f.Message = naming(bindery.ToolID{Server: x.realm.property(o, "server"), Name: x.realm.property(o, "tool")}, f.Message)
		}
		if f.Message = strings.TrimPrefix(f.Message+x.causes(o), "; "); f.Message == "" {
			f.Message = "no message"
		}
	})
	if err != nil && x.ctx.Err() != nil {
		return x.stopped()
	}
	if err != nil {
		f.Message = "the script threw a value that throws again when it is read"
	}
	x.advise(f)
	return f
}

// naming puts the tool before an error's message, unless that names it, or the
// server that is at fault, in one of its spellings.
func naming(id bindery.ToolID, message string) string {
	name := id.String()
	if name == "." || strings.Contains(message, name) ||
		strings.HasPrefix(message, "call "+id.Server+".") || strings.HasPrefix(message, id.Server+" is ") {
		return message
	}
	return strings.TrimPrefix(name, ".") + ": " + message
}

// causes appends what an error says about the errors behind it.
func (x *execution) causes(o *goja.Object) string {
	var b strings.Builder
	for range 3 {
		cause, ok := o.Get("cause").(*goja.Object)
		if !ok || !x.realm.isError(cause) {
			break
		}
		b.WriteString("; caused by " + x.realm.describeError(cause))
		o = cause
	}
	all, ok := o.Get("errors").(*goja.Object)
	if ok && all.ClassName() == "Array" {
		n := int(all.Get("length").ToInteger())
		for i := range min(n, maxNamed) {
			if e, ok := all.Get(strconv.Itoa(i)).(*goja.Object); ok {
				b.WriteString("; " + x.realm.describeError(e))
			}
		}
	}
	return b.String()
}

// describe names a thrown value that is no error.
func (x *execution) describe(v goja.Value) string {
	if goja.IsString(v) && stringLength(v) > maxMessage {
		return "a long string"
	}
	data, _, err := x.realm.encode(x.ctx, v, forLog, maxMessage)
	if err != nil {
		return kindOf(v)
	}
	kind := kindOf(v)
	if text := string(data); text != kind {
		return kind + ": " + text
	}
	return kind
}

// isError reports whether o is an error as far as a reader is concerned.
func (r *realm) isError(o *goja.Object) bool {
	if o.ClassName() == "Error" {
		return true
	}
	for p, depth := o.Prototype(), 0; p != nil && depth < 10; p, depth = p.Prototype(), depth+1 {
		if p == r.errorPrototype {
			return true
		}
	}
	return false
}

// property returns a property that is a string, "" otherwise.
func (r *realm) property(o *goja.Object, name string) string {
	v, ok := o.Get(name).(goja.String)
	if !ok {
		return ""
	}
	if v.Length() > maxMessage {
		return v.Substring(0, maxMessage).String() + "…"
	}
	return v.String()
}

// describeError returns "name: message"; it does not throw.
func (r *realm) describeError(o *goja.Object) (s string) {
	ex := r.rt.Try(func() {
		s = r.property(o, "name")
		if message := r.property(o, "message"); message != "" {
			if s != "" {
				s += ": "
			}
			s += message
		}
	})
	if ex != nil || s == "" {
		return "Error"
	}
	return s
}
