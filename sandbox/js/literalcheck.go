package js

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// maxDraftBytes bounds what one script has checked, as JSON.
const maxDraftBytes = 128 << 10

// objection is a call that is certain to fail, and why.
type objection struct {
	at            file.Idx
	name, message string
	hint          string
}

// precheck is the check of a script's calls before its first statement.
type precheck struct {
	x          *execution
	objections []objection
	drafts     []sandbox.Draft
	places     []file.Idx // of the drafts
	bytes      int
}

// precheck returns the failure of a script some of whose calls are certain to
// be refused, as its text shows; nil for any other. An unknown tool is found
// out here, the arguments are for the host to judge: it alone has the schemas.
func (x *execution) precheck(tree *ast.Program) (*sandbox.Failure, error) {
	if len(x.globals) == 0 && len(x.servers()) == 0 {
		return nil, nil
	}
	s := surveyOf(tree, func(name string) bool { return name == "tools" || x.globals[name] != nil })
	if s.lost {
		return nil, nil
	}
	c := &precheck{x: x}
	for _, w := range s.calls {
		if !s.taken[w.callee.root()] {
			c.call(w)
		}
	}
	// A script that mentions tools in one place only has done nothing before
	// that call, which is checked when it is made.
	if len(c.drafts) > 0 && s.mentions > 1 {
		if err := c.ask(); err != nil {
			return nil, err
		}
	}
	return c.failure(tree.File), nil
}

// namespace returns the server that a callee names, with what it calls there;
// nil if that is no tool of a server.
func (c *precheck) namespace(to callee) (*namespace, []string) {
	if to.root() != "tools" {
		return &namespace{x: c.x, server: c.x.globals[to.root()]}, to.names
	}
	if len(to.names) < 2 {
		return nil, nil
	}
	name := to.names[0]
	if _, function := c.x.toolbox.functions[name]; !to.server && (function || implicit(name)) {
		return nil, nil
	}
	s := c.x.toolbox.find(name)
	if s == nil {
		if to.server || !inherited(name) {
			c.object(to, c.x.toolbox.unknown(name))
		}
		return nil, nil
	}
	return &namespace{x: c.x, server: s, byName: true}, to.names[1:]
}

// call checks what can be checked here, and drafts the call for the host.
func (c *precheck) call(w written) {
	n, names := c.namespace(w.callee)
	if n == nil || len(names) == 0 || implicit(names[0]) {
		return
	}
	key := names[0]
	t, refused := n.find(key)
	switch {
	case t == nil && (inherited(key) || n.down()):
		return
	case t == nil && refused != "":
		c.object(w.callee, n.refusal(key, refused))
		return
	case t == nil:
		c.object(w.callee, n.unknown(key))
		return
	case len(names) > 2 || len(names) == 2 && names[1] != "raw":
		return // a method that all functions have
	}
	arguments := w.node.ArgumentList
	if slices.ContainsFunc(arguments, func(e ast.Expression) bool { _, spread := e.(*ast.SpreadElement); return spread }) {
		return
	}
	id := bindery.ToolID{Server: n.server.Name, Name: t.Name}
	spelling := spellTool(n.spelling(), t)
	switch {
	case len(arguments) == 0:
		c.draft(w, sandbox.Draft{Tool: id, Args: json.RawMessage("{}")})
	case len(arguments) > 1:
		c.object(w.callee, fmt.Sprintf("%s; it is called with %d arguments", takesOne(spelling), len(arguments)))
	default:
		if o, ok := arguments[0].(*ast.ObjectLiteral); ok {
			if d, ok := draftOf(id, o); ok {
				c.draft(w, d)
			}
		} else if kind := kindOfLiteral(arguments[0]); kind != "" {
			c.object(w.callee, takesOne(spelling)+"; it is called with "+kind)
		}
	}
}

// kindOfLiteral names the kind of a literal that is no object, "" for anything
// else.
func kindOfLiteral(e ast.Expression) string {
	switch e.(type) {
	case *ast.ArrayLiteral:
		return "an array"
	case *ast.NullLiteral:
		return "null"
	case *ast.BooleanLiteral:
		return "a boolean"
	case *ast.FunctionLiteral, *ast.ArrowFunctionLiteral:
		return "a function"
	}
	if _, ok := stringOf(e); ok {
		return "a string"
	}
	if _, ok := numberOf(e); ok {
		return "a number"
	}
	return ""
}

// object notes an objection of this engine's own, which would be a TypeError
// where the call is made.
func (c *precheck) object(to callee, message string) {
	c.objections = append(c.objections, objection{at: to.at(), name: "TypeError", message: message})
}

func (c *precheck) draft(w written, d sandbox.Draft) {
	size := len(d.Args) + len(d.Tool.Server) + len(d.Tool.Name)
	for _, place := range slices.Concat(d.Unknown, d.Open) {
		size += len(place)
	}
	if c.bytes+size > maxDraftBytes {
		return
	}
	c.bytes += size
	c.drafts = append(c.drafts, d)
	c.places = append(c.places, w.callee.at())
}

// ask has the host look at the drafts. An answer that is none counts as no
// objection: each call is checked again when it is made. The error is that of
// the run's context.
func (c *precheck) ask() error {
	x := c.x
	args, err := json.Marshal(c.drafts)
	if err != nil || int64(len(args)) > x.script.Limits.Args {
		return nil //nolint:nilerr // what cannot be asked is not objected to
	}
	var result bindery.Result
	var refused error
	answered := false
	x.loop.outstanding++
	x.host.Start(x.ctx, bindery.Call{Tool: bindery.ToolID{Server: sandbox.Builtin, Name: sandbox.Precheck}, Args: args},
		func(r bindery.Result, err error) {
			x.loop.post(func() error {
				if !answered {
					x.loop.outstanding--
					answered, result, refused = true, r, err
				}
				return nil
			})
		})
	if err := x.loop.until(x.ctx, func() bool { return answered }); err != nil {
		return err
	}
	var found []sandbox.Objection
	if refused != nil || json.Unmarshal(result.Structured, &found) != nil {
		return nil //nolint:nilerr // as above
	}
	for _, o := range found {
		if o.Draft >= 0 && o.Draft < len(c.places) {
			c.objections = append(c.objections, objection{c.places[o.Draft], "ToolError", o.Message, o.Hint})
		}
	}
	return nil
}

// failure puts the objections in the order of the text; nil if there are none.
func (c *precheck) failure(in *file.File) *sandbox.Failure {
	all := c.objections
	if len(all) == 0 {
		return nil
	}
	slices.SortStableFunc(all, func(a, b objection) int { return cmp.Compare(a.at, b.at) })
	first := c.site(in, all[0])
	f := &sandbox.Failure{
		Code: bindery.Invalid, Name: all[0].name, Message: all[0].message + " (nothing was called)",
		Line: first.line, Column: first.column, SourceLine: c.x.text.line(first.line),
	}
	if len(all) > 1 {
		var b strings.Builder
		fmt.Fprintf(&b, "%d calls in this script cannot succeed, and nothing was called:", len(all))
		for i, o := range all {
			if i == sandbox.MaxObjections {
				fmt.Fprintf(&b, "\n  and %d more", len(all)-i)
				break
			}
			at := c.site(in, o)
			fmt.Fprintf(&b, "\n  line %d:%d: %s", at.line, at.column, o.message)
		}
		f.Message = b.String()
	}
	f.Message = printable(clip(f.Message, maxMessage))
	f.Hint = c.hints()
	return f
}

// maxHints bounds how many different hints go with the objections.
const maxHints = 3

func (c *precheck) hints() string {
	var hints []string
	for _, o := range c.objections {
		if o.hint != "" && len(hints) < maxHints && !slices.Contains(hints, o.hint) {
			hints = append(hints, o.hint)
		}
	}
	return strings.Join(hints, "\n")
}

func (c *precheck) site(in *file.File, o objection) site {
	p := in.Position(int(o.at) - in.Base())
	return c.x.place(p.Line, p.Column)
}
