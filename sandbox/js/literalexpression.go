package js

import (
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
)

// expression surveys n if it is an expression other than a function.
func (s *survey) expression(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.Identifier:
		s.mention(n)
	case *ast.CallExpression:
		s.call(n)
	case *ast.NewExpression:
		s.walk(n.Callee)
		walkAll(s, n.ArgumentList)
	case *ast.Binding:
		s.target(n.Target)
		s.walk(n.Initializer)
	case *ast.AssignExpression:
		s.target(n)
	case *ast.UnaryExpression:
		if assigned(n.Operator) {
			s.target(n.Operand)
		} else {
			s.walk(n.Operand)
		}
	case *ast.BinaryExpression:
		if n.Operator == token.IN {
			s.asked(n.Right)
		}
		s.walk(n.Left)
		s.walk(n.Right)
	case *ast.ConditionalExpression:
		s.walk(n.Test)
		s.walk(n.Consequent)
		s.walk(n.Alternate)
	case *ast.SequenceExpression:
		walkAll(s, n.Sequence)
	case *ast.AwaitExpression:
		s.walk(n.Argument)
	case *ast.YieldExpression:
		s.walk(n.Argument)
	default:
		return s.member(n) || s.composite(n) || atom(n)
	}
	return true
}

// member surveys n if it is an access to a member.
func (s *survey) member(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.DotExpression:
		s.walk(n.Left)
	case *ast.BracketExpression:
		s.walk(n.Left)
		s.walk(n.Member)
	case *ast.PrivateDotExpression:
		s.walk(n.Left)
	case *ast.OptionalChain:
		s.walk(n.Expression)
	case *ast.Optional:
		s.walk(n.Expression)
	default:
		return false
	}
	return true
}

// composite surveys n if it is made of other values.
func (s *survey) composite(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ArrayLiteral:
		walkAll(s, n.Value)
	case *ast.ObjectLiteral:
		walkAll(s, n.Value)
	case *ast.PropertyShort:
		s.mention(&n.Name)
		s.walk(n.Initializer)
	case *ast.PropertyKeyed:
		s.walk(n.Key)
		s.walk(n.Value)
	case *ast.SpreadElement:
		s.walk(n.Expression)
	case *ast.TemplateLiteral:
		s.walk(n.Tag)
		walkAll(s, n.Expressions)
	default:
		return false
	}
	return true
}

// atom reports whether n is an expression that has none inside.
func atom(n ast.Node) bool {
	switch n.(type) {
	case *ast.StringLiteral, *ast.NumberLiteral, *ast.BooleanLiteral, *ast.NullLiteral, *ast.RegExpLiteral,
		*ast.ThisExpression, *ast.SuperExpression, *ast.MetaProperty, *ast.PrivateIdentifier:
		return true
	}
	return false
}
