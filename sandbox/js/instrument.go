package js

import (
	"regexp"
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/token"
	"github.com/dop251/goja/unistring"
)

// The parameters of the function that an instrumented program gives: what goja
// does slowly, or forgets, is done by functions of the run. No script can
// spell the names.
const (
	appendName = unistring.String("+=")    // see [appender.function]
	thrownName = unistring.String("throw") // see [execution.noteThrown]
	regexpName = unistring.String("/")     // the realm's RegExp
)

// instrument rewrites what goja does slowly, wrongly or without a trace:
// additions to strings, \p{…} in regular expressions, thrown values that are
// no errors, loops without a body. It reports
// whether it did; the program then gives a function that takes the functions
// behind the names above.
func instrument(tree *ast.Program, code string) bool {
	// What the transpiler puts before the script is left as it is.
	script := tree.Body[len(tree.Body)-1:]
	done := rewriteAppends(script, code)
	marks := walker{
		statement: func(place *ast.Statement) {
			if markThrow(*place) || markLoop(*place) {
				done = true
			}
		},
		expression: func(place *ast.Expression) {
			if r, ok := (*place).(*ast.RegExpLiteral); ok && strings.Contains(r.Flags, "u") && propertyEscape.MatchString(r.Pattern) {
				*place = hiddenCall(regexpName, r.Idx, stringLiteral(r.Pattern, r.Idx), stringLiteral(r.Flags, r.Idx))
				done = true
			}
		},
	}
	marks.statements(script)
	if done {
		takeFunctions(tree)
	}
	return done
}

var propertyEscape = regexp.MustCompile(`(?:^|[^\\])(?:\\\\)*\\[pP]\{`)

func stringLiteral(s string, at file.Idx) *ast.StringLiteral {
	return &ast.StringLiteral{Idx: at, Value: unistring.NewFromString(s)}
}

// takeFunctions puts a function around the program's last statement.
func takeFunctions(tree *ast.Program) {
	last, ok := tree.Body[len(tree.Body)-1].(*ast.ExpressionStatement)
	if !ok {
		return // wrapperBody has found it to be one
	}
	at := last.Idx0()
	list := &ast.ParameterList{Opening: at, Closing: at}
	for _, name := range []unistring.String{appendName, thrownName, regexpName} {
		list.List = append(list.List, &ast.Binding{Target: &ast.Identifier{Name: name, Idx: at}})
	}
	last.Expression = &ast.ArrowFunctionLiteral{
		Start: at, ParameterList: list, Body: &ast.ExpressionBody{Expression: last.Expression},
	}
}

// hiddenCall calls one of the functions. Errors in it are errors at at.
func hiddenCall(name unistring.String, at file.Idx, args ...ast.Expression) ast.Expression {
	return &ast.CallExpression{
		Callee: &ast.Identifier{Name: name, Idx: at}, LeftParenthesis: at, RightParenthesis: at, ArgumentList: args,
	}
}

// markThrow passes what a throw statement throws through the run, unless it is
// plainly a new object: errors know where they were made.
func markThrow(s ast.Statement) bool {
	t, ok := s.(*ast.ThrowStatement)
	if !ok {
		return false
	}
	if _, made := t.Argument.(*ast.NewExpression); made {
		return false
	}
	t.Argument = hiddenCall(thrownName, t.Throw, t.Argument)
	return true
}

// markLoop gives a loop without a body something that has a place, so that an
// interrupt in it has one.
func markLoop(s ast.Statement) bool {
	var body *ast.Statement
	switch s := s.(type) {
	case *ast.ForStatement:
		body = &s.Body
	case *ast.WhileStatement:
		body = &s.Body
	case *ast.DoWhileStatement:
		body = &s.Body
	default:
		return false
	}
	if !bodiless(*body) {
		return false
	}
	place := &ast.ExpressionStatement{Expression: &ast.Identifier{Name: thrownName, Idx: s.Idx0()}}
	*body = &ast.BlockStatement{LeftBrace: s.Idx0(), List: []ast.Statement{place, *body}, RightBrace: s.Idx1()}
	return true
}

func bodiless(s ast.Statement) bool {
	switch s := s.(type) {
	case *ast.EmptyStatement:
		return true
	case *ast.BranchStatement:
		return s.Token == token.CONTINUE
	case *ast.BlockStatement:
		for _, inner := range s.List {
			if !bodiless(inner) {
				return false
			}
		}
		return true
	}
	return false
}
