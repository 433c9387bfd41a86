package js

import "github.com/dop251/goja/ast"

// walker visits a syntax tree. expression and statement are called with the
// place of every expression and statement, after those inside it, and may put
// another there; binding is called with every declared name, after its
// initializer. Any of them may be nil.
//
// Names and patterns that are only declared or assigned are no expressions.
// The parser has bounded how deep the tree is.
type walker struct {
	expression func(place *ast.Expression)
	statement  func(place *ast.Statement)
	binding    func(b *ast.Binding)
}

func (w *walker) statements(list []ast.Statement) {
	for i := range list {
		w.stmt(&list[i])
	}
}

func (w *walker) stmt(place *ast.Statement) { //nolint:gocritic // what stands there may be replaced
	if *place == nil {
		return
	}
	w.insideStatement(*place)
	if w.statement != nil {
		w.statement(place)
	}
}

func (w *walker) insideStatement(s ast.Statement) {
	switch s := s.(type) {
	case *ast.BlockStatement:
		w.block(s)
	case *ast.ExpressionStatement:
		w.expr(&s.Expression)
	case *ast.ReturnStatement:
		w.expr(&s.Argument)
	case *ast.ThrowStatement:
		w.expr(&s.Argument)
	case *ast.VariableStatement:
		w.bindings(s.List)
	case *ast.LexicalDeclaration:
		w.bindings(s.List)
	case *ast.FunctionDeclaration:
		w.function(s.Function)
	case *ast.ClassDeclaration:
		w.class(s.Class)
	case *ast.IfStatement:
		w.expr(&s.Test)
		w.stmt(&s.Consequent)
		w.stmt(&s.Alternate)
	case *ast.LabelledStatement:
		w.stmt(&s.Statement)
	case *ast.WithStatement:
		w.expr(&s.Object)
		w.stmt(&s.Body)
	case *ast.SwitchStatement:
		w.expr(&s.Discriminant)
		for _, c := range s.Body {
			w.expr(&c.Test)
			w.statements(c.Consequent)
		}
	case *ast.TryStatement:
		w.block(s.Body)
		if s.Catch != nil {
			w.target(s.Catch.Parameter)
			w.block(s.Catch.Body)
		}
		w.block(s.Finally)
	default:
		w.loop(s)
	}
}

func (w *walker) loop(s ast.Statement) {
	switch s := s.(type) {
	case *ast.WhileStatement:
		w.expr(&s.Test)
		w.stmt(&s.Body)
	case *ast.DoWhileStatement:
		w.stmt(&s.Body)
		w.expr(&s.Test)
	case *ast.ForStatement:
		switch init := s.Initializer.(type) {
		case *ast.ForLoopInitializerExpression:
			w.expr(&init.Expression)
		case *ast.ForLoopInitializerVarDeclList:
			w.bindings(init.List)
		case *ast.ForLoopInitializerLexicalDecl:
			w.bindings(init.LexicalDeclaration.List)
		}
		w.expr(&s.Test)
		w.expr(&s.Update)
		w.stmt(&s.Body)
	case *ast.ForInStatement:
		w.into(s.Into)
		w.expr(&s.Source)
		w.stmt(&s.Body)
	case *ast.ForOfStatement:
		w.into(s.Into)
		w.expr(&s.Source)
		w.stmt(&s.Body)
	}
}

func (w *walker) into(i ast.ForInto) {
	switch i := i.(type) {
	case *ast.ForIntoVar:
		w.bindings([]*ast.Binding{i.Binding})
	case *ast.ForDeclaration:
		w.target(i.Target)
	case *ast.ForIntoExpression:
		w.assigned(i.Expression)
	}
}

func (w *walker) block(b *ast.BlockStatement) {
	if b != nil {
		w.statements(b.List)
	}
}

func (w *walker) bindings(list []*ast.Binding) {
	for _, b := range list {
		w.target(b.Target)
		w.expr(&b.Initializer)
		if w.binding != nil {
			w.binding(b)
		}
	}
}

// target visits the defaults and computed keys in what is declared.
func (w *walker) target(t ast.BindingTarget) {
	if p, ok := t.(ast.Expression); ok {
		w.assigned(p)
	}
}

// assigned visits what is assigned to: its parts are expressions, it is not.
func (w *walker) assigned(e ast.Expression) {
	switch e := e.(type) {
	case *ast.ArrayPattern:
		for i := range e.Elements {
			w.element(e.Elements[i])
		}
		w.assigned(e.Rest)
	case *ast.ObjectPattern:
		for _, p := range e.Properties {
			switch p := p.(type) {
			case *ast.PropertyShort:
				w.expr(&p.Initializer)
			case *ast.PropertyKeyed:
				if p.Computed {
					w.expr(&p.Key)
				}
				w.element(p.Value)
			}
		}
		w.assigned(e.Rest)
	case *ast.DotExpression:
		w.expr(&e.Left)
	case *ast.PrivateDotExpression:
		w.expr(&e.Left)
	case *ast.BracketExpression:
		w.expr(&e.Left)
		w.expr(&e.Member)
	}
}

// element visits one part of a pattern, which may have a default.
func (w *walker) element(e ast.Expression) {
	if a, ok := e.(*ast.AssignExpression); ok {
		w.assigned(a.Left)
		w.expr(&a.Right)
		return
	}
	w.assigned(e)
}

func (w *walker) function(f *ast.FunctionLiteral) {
	w.parameters(f.ParameterList)
	w.block(f.Body)
}

func (w *walker) parameters(l *ast.ParameterList) {
	if l != nil {
		w.bindings(l.List)
		w.assigned(l.Rest)
	}
}

func (w *walker) class(c *ast.ClassLiteral) {
	w.expr(&c.SuperClass)
	for _, e := range c.Body {
		switch e := e.(type) {
		case *ast.FieldDefinition:
			if e.Computed {
				w.expr(&e.Key)
			}
			w.expr(&e.Initializer)
		case *ast.MethodDefinition:
			if e.Computed {
				w.expr(&e.Key)
			}
			w.function(e.Body)
		case *ast.ClassStaticBlock:
			w.block(e.Block)
		}
	}
}

func (w *walker) exprs(list []ast.Expression) {
	for i := range list {
		w.expr(&list[i])
	}
}

func (w *walker) expr(place *ast.Expression) { //nolint:gocritic // what stands there may be replaced
	if *place == nil {
		return
	}
	w.inside(*place)
	if w.expression != nil {
		w.expression(place)
	}
}

func (w *walker) inside(e ast.Expression) {
	switch e := e.(type) {
	case *ast.AssignExpression:
		w.assigned(e.Left)
		w.expr(&e.Right)
	case *ast.BinaryExpression:
		w.expr(&e.Left)
		w.expr(&e.Right)
	case *ast.UnaryExpression:
		w.expr(&e.Operand)
	case *ast.ConditionalExpression:
		w.expr(&e.Test)
		w.expr(&e.Consequent)
		w.expr(&e.Alternate)
	case *ast.SequenceExpression:
		w.exprs(e.Sequence)
	case *ast.AwaitExpression:
		w.expr(&e.Argument)
	case *ast.YieldExpression:
		w.expr(&e.Argument)
	case *ast.FunctionLiteral:
		w.function(e)
	case *ast.ArrowFunctionLiteral:
		w.parameters(e.ParameterList)
		switch body := e.Body.(type) {
		case *ast.BlockStatement:
			w.block(body)
		case *ast.ExpressionBody:
			w.expr(&body.Expression)
		}
	case *ast.ClassLiteral:
		w.class(e)
	default:
		w.insideAccess(e)
	}
}

func (w *walker) insideAccess(e ast.Expression) {
	switch e := e.(type) {
	case *ast.DotExpression:
		w.expr(&e.Left)
	case *ast.PrivateDotExpression:
		w.expr(&e.Left)
	case *ast.BracketExpression:
		w.expr(&e.Left)
		w.expr(&e.Member)
	case *ast.CallExpression:
		w.expr(&e.Callee)
		w.exprs(e.ArgumentList)
	case *ast.NewExpression:
		w.expr(&e.Callee)
		w.exprs(e.ArgumentList)
	case *ast.OptionalChain:
		w.expr(&e.Expression)
	case *ast.Optional:
		w.expr(&e.Expression)
	case *ast.SpreadElement:
		w.expr(&e.Expression)
	case *ast.TemplateLiteral:
		w.expr(&e.Tag)
		w.exprs(e.Expressions)
	case *ast.ArrayLiteral:
		w.exprs(e.Value)
	case *ast.ObjectLiteral:
		for _, p := range e.Value {
			switch p := p.(type) {
			case *ast.PropertyKeyed:
				if p.Computed {
					w.expr(&p.Key)
				}
				w.expr(&p.Value)
			case *ast.SpreadElement:
				w.expr(&p.Expression)
			}
		}
	}
}
