package js

import (
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"

	"github.com/bindery-mcp/bindery/sandbox"
)

// maxSurveyDepth bounds how deep a survey looks into a tree.
const maxSurveyDepth = 1000

// survey is what the text of a script tells, before it runs, of the tools it
// is going to call. It leaves out whatever the script may be prepared to see
// fail: calls inside a try that has a catch, and those whose promise goes to
// catch, to a then that takes two functions, or to Promise.allSettled or any.
type survey struct {
	// known reports whether a name stands for tools, unless it is taken.
	known func(name string) bool

	calls []written
	// mentions counts where a known name stands.
	mentions int
	// taken are the known names that the script declares, assigns or asks
	// with "in". A name taken anywhere counts as taken everywhere.
	taken map[string]bool
	// lost is set if nothing of the above is certain: the tree is too deep, or
	// has what is not known here, or the script can reach its globals by name.
	lost bool

	depth   int
	handled int // how many of the nodes around handle failures
}

// written is a call as it is written.
type written struct {
	callee callee
	node   *ast.CallExpression
}

func surveyOf(tree *ast.Program, known func(string) bool) *survey {
	s := &survey{known: known, taken: make(map[string]bool)}
	walkAll(s, tree.Body)
	return s
}

func walkAll[N ast.Node](s *survey, list []N) {
	for _, n := range list {
		s.walk(n)
	}
}

// walk surveys n, which may be nil where the grammar has nothing.
func (s *survey) walk(n ast.Node) {
	if n == nil || s.lost {
		return
	}
	if s.depth++; s.depth > maxSurveyDepth {
		s.lost = true
	}
	if !s.statement(n) && !s.expression(n) && !s.function(n) {
		s.lost = true
	}
	s.depth--
}

// quietly surveys n, whose failures are handled if so.
func (s *survey) quietly(n ast.Node, handled bool) {
	if handled {
		s.handled++
		defer func() { s.handled-- }()
	}
	s.walk(n)
}

// statement surveys n if it is a statement.
func (s *survey) statement(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BlockStatement:
		walkAll(s, n.List)
	case *ast.ExpressionStatement:
		s.walk(n.Expression)
	case *ast.ReturnStatement:
		s.walk(n.Argument)
	case *ast.ThrowStatement:
		s.walk(n.Argument)
	case *ast.VariableStatement:
		walkAll(s, n.List)
	case *ast.LexicalDeclaration:
		walkAll(s, n.List)
	case *ast.FunctionDeclaration:
		s.walk(n.Function)
	case *ast.ClassDeclaration:
		s.walk(n.Class)
	case *ast.IfStatement:
		s.walk(n.Test)
		s.walk(n.Consequent)
		s.walk(n.Alternate)
	case *ast.LabelledStatement:
		s.walk(n.Statement)
	case *ast.SwitchStatement:
		s.walk(n.Discriminant)
		for _, c := range n.Body {
			s.walk(c.Test)
			walkAll(s, c.Consequent)
		}
	case *ast.TryStatement:
		s.try(n)
	case *ast.BranchStatement, *ast.DebuggerStatement, *ast.EmptyStatement:
	default:
		return s.loop(n)
	}
	return true
}

func (s *survey) try(n *ast.TryStatement) {
	s.quietly(n.Body, n.Catch != nil)
	if n.Catch != nil {
		s.target(n.Catch.Parameter)
		s.walk(n.Catch.Body)
	}
	if n.Finally != nil {
		s.walk(n.Finally)
	}
}

func (s *survey) loop(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ForStatement:
		switch i := n.Initializer.(type) {
		case *ast.ForLoopInitializerExpression:
			s.walk(i.Expression)
		case *ast.ForLoopInitializerVarDeclList:
			walkAll(s, i.List)
		case *ast.ForLoopInitializerLexicalDecl:
			walkAll(s, i.LexicalDeclaration.List)
		}
		s.walk(n.Test)
		s.walk(n.Update)
		s.walk(n.Body)
	case *ast.ForInStatement:
		s.into(n.Into)
		s.walk(n.Source)
		s.walk(n.Body)
	case *ast.ForOfStatement:
		s.into(n.Into)
		s.walk(n.Source)
		s.walk(n.Body)
	case *ast.WhileStatement:
		s.walk(n.Test)
		s.walk(n.Body)
	case *ast.DoWhileStatement:
		s.walk(n.Body)
		s.walk(n.Test)
	default:
		return false
	}
	return true
}

func (s *survey) into(n ast.ForInto) {
	switch n := n.(type) {
	case *ast.ForIntoVar:
		s.walk(n.Binding)
	case *ast.ForDeclaration:
		s.target(n.Target)
	case *ast.ForIntoExpression:
		s.target(n.Expression)
	default:
		s.lost = true
	}
}

// function surveys n if it is a function, a class or a part of one.
func (s *survey) function(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FunctionLiteral:
		if n.Name != nil {
			s.take(n.Name)
		}
		s.parameters(n.ParameterList)
		s.walk(n.Body)
	case *ast.ArrowFunctionLiteral:
		s.parameters(n.ParameterList)
		s.walk(n.Body)
	case *ast.ExpressionBody:
		s.walk(n.Expression)
	case *ast.ClassLiteral:
		if n.Name != nil {
			s.take(n.Name)
		}
		s.walk(n.SuperClass)
		walkAll(s, n.Body)
	case *ast.FieldDefinition:
		s.walk(n.Key)
		s.walk(n.Initializer)
	case *ast.MethodDefinition:
		s.walk(n.Key)
		s.walk(n.Body)
	case *ast.ClassStaticBlock:
		s.walk(n.Block)
	default:
		return false
	}
	return true
}

func (s *survey) parameters(list *ast.ParameterList) {
	if list == nil {
		return
	}
	walkAll(s, list.List)
	s.target(list.Rest)
}

// target surveys what is declared or assigned.
func (s *survey) target(n ast.Expression) {
	switch n := n.(type) {
	case nil:
	case *ast.Identifier:
		s.take(n)
	case *ast.Binding:
		s.target(n.Target)
		s.walk(n.Initializer)
	case *ast.AssignExpression:
		s.target(n.Left)
		s.walk(n.Right)
	case *ast.ArrayPattern:
		for _, e := range n.Elements {
			s.target(e)
		}
		s.target(n.Rest)
	case *ast.ObjectPattern:
		for _, p := range n.Properties {
			switch p := p.(type) {
			case *ast.PropertyShort:
				s.take(&p.Name)
				s.walk(p.Initializer)
			case *ast.PropertyKeyed:
				s.walk(p.Key)
				s.target(p.Value)
			default:
				s.lost = true
			}
		}
		s.target(n.Rest)
	default:
		s.walk(n)
	}
}

func (s *survey) take(id *ast.Identifier) {
	if name := id.Name.String(); s.known(name) {
		s.taken[name] = true
	}
}

// mention surveys a name that is read.
func (s *survey) mention(id *ast.Identifier) {
	switch name := id.Name.String(); {
	case name == "globalThis" || name == "eval":
		s.lost = true
	case s.known(name):
		s.mentions++
	}
}

// call surveys a call, its callee and its arguments.
func (s *survey) call(n *ast.CallExpression) {
	if s.handled == 0 && len(s.calls) < sandbox.MaxDrafts {
		if c, ok := calleeOf(n.Callee); ok && s.known(c.root()) {
			s.calls = append(s.calls, written{c, n})
		}
	}
	s.quietly(n.Callee, handlesFailure(n))
	all := settlesAll(n.Callee)
	for _, a := range n.ArgumentList {
		s.quietly(a, all)
	}
}

// handlesFailure reports whether a call is one of catch, or of then with a
// function for failures.
func handlesFailure(n *ast.CallExpression) bool {
	d, ok := n.Callee.(*ast.DotExpression)
	return ok && (d.Identifier.Name == "catch" || d.Identifier.Name == "then" && len(n.ArgumentList) > 1)
}

// settlesAll reports whether e is Promise.allSettled or Promise.any.
func settlesAll(e ast.Expression) bool {
	d, ok := e.(*ast.DotExpression)
	if !ok {
		return false
	}
	left, ok := d.Left.(*ast.Identifier)
	return ok && left.Name == "Promise" && (d.Identifier.Name == "allSettled" || d.Identifier.Name == "any")
}

// asked takes the names that stand right of "in": a script that asks whether
// there is a tool knows what to do if there is none.
func (s *survey) asked(e ast.Expression) {
	if id, ok := e.(*ast.Identifier); ok {
		s.take(id)
	} else if c, ok := calleeOf(e); ok && s.known(c.root()) {
		s.taken[c.root()] = true
	}
}

// assigned reports whether an operator changes its operand.
func assigned(t token.Token) bool { return t == token.INCREMENT || t == token.DECREMENT }
