package js

import (
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
	"github.com/dop251/goja/unistring"
)

// rewriteAppends makes x += e, and x = x + e, a call of [appender.function] where x
// seems to hold a string: goja copies the whole string each time, which takes
// seconds where scripts build a text of a few hundred kilobytes.
//
// The call does what the operator does whatever x holds, so that a wrong guess
// costs time only. It reports whether anything was rewritten.
func rewriteAppends(script []ast.Statement, code string) bool {
	if !strings.Contains(code, "+=") && !strings.Contains(code, " + ") {
		return false
	}
	texts := make(map[unistring.String]bool)
	found := false
	collect := walker{
		binding: func(b *ast.Binding) {
			if name, ok := b.Target.(*ast.Identifier); ok && isText(b.Initializer) {
				texts[name.Name] = true
			}
		},
		expression: func(place *ast.Expression) {
			a, ok := (*place).(*ast.AssignExpression)
			if !ok {
				return
			}
			name, isName := a.Left.(*ast.Identifier)
			if isName && a.Operator == token.ASSIGN && isText(a.Right) {
				texts[name.Name] = true
			}
			found = found || a.Operator == token.PLUS || isName && a.Operator == token.ASSIGN && leftmost(a.Right, name.Name)
		},
	}
	collect.statements(script)
	if !found {
		return false
	}
	rewritten := false
	rewrite := walker{expression: func(place *ast.Expression) {
		if a, ok := (*place).(*ast.AssignExpression); ok && rewriteAppend(a, texts) {
			rewritten = true
		}
	}}
	rewrite.statements(script)
	return rewritten
}

func rewriteAppend(a *ast.AssignExpression, texts map[unistring.String]bool) bool {
	name, isName := a.Left.(*ast.Identifier)
	switch a.Operator {
	case token.PLUS:
		if !isText(a.Right) && (!isName || !texts[name.Name] || isNumber(a.Right)) {
			return false
		}
		read := readAgain(a.Left)
		if read == nil {
			return false
		}
		a.Operator, a.Right = token.ASSIGN, appendCall(read, a.Right)
		return true
	case token.ASSIGN:
		if !isName || !texts[name.Name] || !leftmost(a.Right, name.Name) {
			return false
		}
		a.Right = appendChain(a.Right)
		return true
	default:
		return false
	}
}

// readAgain returns an expression that reads what target assigns to, or nil if
// to evaluate it twice could do something twice.
func readAgain(target ast.Expression) ast.Expression {
	switch t := target.(type) {
	case *ast.Identifier:
		return &ast.Identifier{Name: t.Name, Idx: t.Idx}
	case *ast.DotExpression:
		switch o := t.Left.(type) {
		case *ast.Identifier:
			return &ast.DotExpression{Left: &ast.Identifier{Name: o.Name, Idx: o.Idx}, Identifier: t.Identifier}
		case *ast.ThisExpression:
			return &ast.DotExpression{Left: &ast.ThisExpression{Idx: o.Idx}, Identifier: t.Identifier}
		}
	}
	return nil
}

func appendCall(left, right ast.Expression) ast.Expression {
	return hiddenCall(appendName, left.Idx0(), left, right)
}

// leftmost reports whether e is a sum that begins with name.
func leftmost(e ast.Expression, name unistring.String) bool {
	sum, ok := e.(*ast.BinaryExpression)
	if !ok || sum.Operator != token.PLUS {
		return false
	}
	if first, ok := sum.Left.(*ast.Identifier); ok {
		return first.Name == name
	}
	return leftmost(sum.Left, name)
}

// appendChain makes calls of the additions on the left side of a sum.
func appendChain(e ast.Expression) ast.Expression {
	sum, ok := e.(*ast.BinaryExpression)
	if !ok || sum.Operator != token.PLUS {
		return e
	}
	return appendCall(appendChain(sum.Left), sum.Right)
}

// isText reports whether e surely is a string, or very likely.
func isText(e ast.Expression) bool {
	switch e := e.(type) {
	case *ast.StringLiteral:
		return true
	case *ast.TemplateLiteral:
		return e.Tag == nil
	case *ast.BinaryExpression:
		return e.Operator == token.PLUS && (isText(e.Left) || isText(e.Right))
	case *ast.ConditionalExpression:
		return isText(e.Consequent) || isText(e.Alternate)
	case *ast.CallExpression:
		switch f := e.Callee.(type) {
		case *ast.Identifier:
			return f.Name == "String" || f.Name == appendName
		case *ast.DotExpression:
			switch f.Identifier.Name {
			case "join", "padEnd", "padStart", "repeat", "replace", "stringify", "toFixed", "toString", "toUpperCase", "trim":
				return true
			}
		}
	}
	return false
}

// isNumber reports whether e surely is a number.
func isNumber(e ast.Expression) bool {
	switch e := e.(type) {
	case *ast.NumberLiteral:
		return true
	case *ast.BinaryExpression:
		return e.Operator != token.PLUS && !e.Comparison && e.Operator != token.LOGICAL_AND && e.Operator != token.LOGICAL_OR && e.Operator != token.COALESCE
	case *ast.DotExpression:
		return e.Identifier.Name == "length"
	}
	return false
}
