package js

import (
	"slices"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/unistring"
)

// callee is a chain of names that ends in what is called:
//
//	github.list_issues           github       → list_issues
//	tools["github"].list_issues  tools        → github, list_issues
//	tools.server("github").x     tools.server → github, x
//	tools.tool("github", "x")    tools.server → github, x
type callee struct {
	start *ast.Identifier
	// server is set for tools.server and tools.tool, which mean a server even
	// if its name is that of a function of tools.
	server bool
	names  []string
}

func (c callee) root() string { return c.start.Name.String() }

func (c callee) at() file.Idx { return c.start.Idx }

// maxNames bounds the names of a callee: tools, a server, a tool, raw.
const maxNames = 4

// calleeOf reads e from its end; false if it is anything else than the above.
func calleeOf(e ast.Expression) (callee, bool) {
	var names []string // from the last
	server := false
	for len(names) <= maxNames {
		switch n := e.(type) {
		case *ast.Identifier:
			slices.Reverse(names)
			return callee{start: n, server: server, names: names}, !server || n.Name == "tools"
		case *ast.OptionalChain:
			e = n.Expression
		case *ast.Optional:
			e = n.Expression
		case *ast.DotExpression:
			names = append(names, n.Identifier.Name.String())
			e = n.Left
		case *ast.BracketExpression:
			name, ok := stringOf(n.Member)
			if !ok {
				return callee{}, false
			}
			names = append(names, name)
			e = n.Left
		case *ast.CallExpression:
			arguments, ok := serverCall(n)
			if !ok || server {
				return callee{}, false
			}
			server = true
			slices.Reverse(arguments)
			names = append(names, arguments...)
			e = n.Callee.(*ast.DotExpression).Left //nolint:forcetypeassert // serverCall has looked
		default:
			return callee{}, false
		}
	}
	return callee{}, false
}

// serverCall returns the arguments of ….server("name") or ….tool("server",
// "name").
func serverCall(n *ast.CallExpression) ([]string, bool) {
	d, ok := n.Callee.(*ast.DotExpression)
	if !ok || len(n.ArgumentList) != map[unistring.String]int{"server": 1, "tool": 2}[d.Identifier.Name] {
		return nil, false
	}
	var names []string
	for _, a := range n.ArgumentList {
		name, ok := stringOf(a)
		if !ok {
			return nil, false
		}
		names = append(names, name)
	}
	return names, len(names) > 0
}

// stringOf returns the string that e is, if that is certain from its text.
func stringOf(e ast.Expression) (string, bool) {
	switch e := e.(type) {
	case *ast.StringLiteral:
		return e.Value.String(), true
	case *ast.TemplateLiteral:
		if e.Tag == nil && len(e.Expressions) == 0 && len(e.Elements) == 1 {
			return e.Elements[0].Parsed.String(), true
		}
	}
	return "", false
}
