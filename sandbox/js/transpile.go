package js

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"
	"github.com/dop251/goja/unistring"
	"github.com/evanw/esbuild/pkg/api"
	"github.com/go-sourcemap/sourcemap"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// scriptName is the file name in stack traces.
const scriptName = "script.ts"

// A script becomes the body of an async function, which gives it top-level
// await and return. The opening is on the script's first line, so that lines
// keep their numbers; remap takes the columns back.
const (
	opening = "(async()=>{"
	closing = "\n})()"
)

// maxExports bounds how many exports of one script are rewritten; each costs
// another pass over the text.
const maxExports = 64

// program is a script ready to run.
type program struct {
	code *goja.Program
	tree *ast.Program
	text text
	note string
	// shift is how far the columns of the first line are off, where no source
	// map takes them back.
	shift int
	// instrumented says that code gives a function, of the functions that
	// [instrument] names.
	instrumented bool
}

// compile translates the script to what goja runs. It does not bound its own
// time or stack; that is for the process around it.
func compile(source string) (*program, *sandbox.Failure) {
	original := text(source)
	shaped := unwrap(source)
	if p, ok := compilePlain(original, shaped); ok {
		return p, nil
	}
	var entry string
	for range maxExports {
		out := api.Transform(opening+shaped+closing, transformOptions())
		if len(out.Errors) == 0 {
			return assemble(original, out, entry)
		}
		fail := out.Errors[0]
		next, name, ok := rewriteModule(shaped, fail)
		if !ok {
			return nil, syntaxFailure(original, shaped, fail)
		}
		shaped = next
		if name != "" {
			entry = name
		}
	}
	return nil, &sandbox.Failure{
		Code: bindery.Invalid, Name: "SyntaxError", Message: fmt.Sprintf("more than %d exports", maxExports),
		Hint: "a script is not a module: drop the exports and return the result",
	}
}

func transformOptions() api.TransformOptions {
	return api.TransformOptions{
		Loader: api.LoaderTS, Target: api.ES2022, Sourcefile: scriptName, LogLevel: api.LogLevelSilent, LogLimit: 1,
		Sourcemap: api.SourceMapExternal, SourcesContent: api.SourcesContentExclude, LegalComments: api.LegalCommentsNone,
		// What goja lacks, and what it accepts but gets wrong.
		Supported: map[string]bool{
			"for-await": false, "async-generator": false, "dynamic-import": false, "import-meta": false, "using": false,
			"regexp-match-indices": false, "regexp-set-notation": false,
		},
	}
}

// assemble makes a program of esbuild's output: it parses the JavaScript,
// returns the last expression, and attaches the way back to the original text.
func assemble(original text, out api.TransformResult, entry string) (*program, *sandbox.Failure) {
	mapping, err := remap(out.Map, len(opening))
	if err != nil {
		return nil, internalFailure(err)
	}
	positions, err := sourcemap.Parse("", mapping)
	if err != nil {
		return nil, internalFailure(err)
	}
	code := string(out.Code)
	// A script could point the parser to a source map of its own.
	tree, err := parser.ParseFile(nil, scriptName, code, 0, parser.WithDisableSourceMaps)
	if err != nil {
		return nil, parseFailure(original, positions, err)
	}
	tree.File.SetSourceMap(positions)
	body := wrapperBody(tree)
	if body == nil {
		return nil, &sandbox.Failure{
			Code: bindery.Invalid, Name: "SyntaxError", Message: extraBrace,
			Hint: "the script is the body of one function; check that its brackets match",
		}
	}
	note := returnLast(body, code, entry)
	instrumented := instrument(tree, code)
	compiled, err := goja.CompileAST(tree, true)
	if err != nil {
		return nil, compileFailure(original, err)
	}
	return &program{code: compiled, tree: tree, text: original, note: note, instrumented: instrumented}, nil
}

// wrapperBody returns the body of the function around the script, or nil if
// the script's own text closed it. esbuild may put helpers before it.
func wrapperBody(tree *ast.Program) *ast.BlockStatement {
	if len(tree.Body) == 0 {
		return nil
	}
	for _, s := range tree.Body[:len(tree.Body)-1] {
		switch s.(type) {
		case *ast.VariableStatement, *ast.LexicalDeclaration:
		default:
			return nil
		}
	}
	s, ok := tree.Body[len(tree.Body)-1].(*ast.ExpressionStatement)
	if !ok {
		return nil
	}
	call, ok := s.Expression.(*ast.CallExpression)
	if !ok {
		return nil
	}
	fn, ok := call.Callee.(*ast.ArrowFunctionLiteral)
	if !ok {
		return nil
	}
	body, _ := fn.Body.(*ast.BlockStatement)
	return body
}

// returnLast makes the last statement of the body the script's result, if it
// is an expression; or the function that the script merely defines, which the
// run then calls. It returns a note where a value was probably meant.
func returnLast(body *ast.BlockStatement, code, entry string) string {
	n := len(body.List)
	for n > 0 {
		if _, empty := body.List[n-1].(*ast.EmptyStatement); !empty {
			break
		}
		n--
	}
	if n == 0 {
		return ""
	}
	last := body.List[n-1]
	at := last.Idx1()
	switch s := last.(type) {
	case *ast.ExpressionStatement:
		body.List[n-1] = &ast.ReturnStatement{Return: s.Idx0(), Argument: s.Expression}
		return ""
	case *ast.BlockStatement:
		return "the script ends in a block, which has no value; to return an object write: return {…}"
	case *ast.FunctionDeclaration, *ast.LexicalDeclaration, *ast.VariableStatement, *ast.ClassDeclaration:
	default:
		return ""
	}
	if entry == "" {
		entry = onlyDefined(body.List[:n], code)
	}
	if entry != "" {
		name := &ast.Identifier{Name: unistring.NewFromString(entry), Idx: last.Idx0()}
		body.List = append(body.List[:n:n], &ast.ReturnStatement{Return: at, Argument: name})
	}
	return ""
}

// onlyDefined names the function that the script defines and does not use:
// main, or the only one if there is nothing else.
func onlyDefined(list []ast.Statement, code string) string {
	for _, s := range list {
		name := functionName(s)
		if name == "" || (name != "main" && len(list) > 1) {
			continue
		}
		uses, err := regexp.Compile(`\b` + regexp.QuoteMeta(name) + `\b`)
		if err == nil && len(uses.FindAllStringIndex(code, 2)) == 1 {
			return name
		}
	}
	return ""
}

// functionName returns the name of the one function that s defines, or "".
func functionName(s ast.Statement) string {
	var list []*ast.Binding
	switch s := s.(type) {
	case *ast.FunctionDeclaration:
		return s.Function.Name.Name.String()
	case *ast.LexicalDeclaration:
		list = s.List
	case *ast.VariableStatement:
		list = s.List
	}
	if len(list) != 1 {
		return ""
	}
	name, ok := list[0].Target.(*ast.Identifier)
	if !ok {
		return ""
	}
	switch list[0].Initializer.(type) {
	case *ast.FunctionLiteral, *ast.ArrowFunctionLiteral:
		return name.Name.String()
	}
	return ""
}

func parseFailure(original text, positions *sourcemap.Consumer, err error) *sandbox.Failure {
	f := &sandbox.Failure{Code: bindery.Invalid, Name: "SyntaxError", Message: err.Error()}
	var list parser.ErrorList
	if errors.As(err, &list) && len(list) > 0 {
		f.Message = list[0].Message
		if _, _, line, column, ok := positions.Source(list[0].Position.Line, list[0].Position.Column); ok {
			f.Line, f.Column = line, column
		}
	}
	f.SourceLine = original.line(f.Line)
	return f
}

func compileFailure(original text, err error) *sandbox.Failure {
	f := &sandbox.Failure{Code: bindery.Invalid, Name: "SyntaxError", Message: strings.TrimPrefix(err.Error(), "SyntaxError: ")}
	if syntax, ok := errors.AsType[*goja.CompilerSyntaxError](err); ok {
		f.Message = syntax.Message
		if syntax.File != nil {
			p := syntax.File.Position(syntax.Offset)
			f.Line, f.Column = p.Line, p.Column
		}
	}
	f.SourceLine = original.line(f.Line)
	return f
}

func internalFailure(err error) *sandbox.Failure {
	return &sandbox.Failure{Code: bindery.Internal, Message: "translate the script: " + err.Error()}
}
