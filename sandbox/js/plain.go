package js

import (
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"
)

// compilePlain compiles a script that is JavaScript already, without the
// transpiler, which takes longer than everything else that an ordinary script
// needs. It declines whatever could mean something else in TypeScript, would
// not run here as it stands, or deserves an explanation.
func compilePlain(original text, shaped string) (*program, bool) {
	if !isPlain(shaped) {
		return nil, false
	}
	tree, err := parser.ParseFile(nil, scriptName, opening+shaped+closing, 0, parser.WithDisableSourceMaps)
	if err != nil {
		return nil, false
	}
	body := wrapperBody(tree)
	if body == nil || len(tree.Body) != 1 || !endsInValue(body) {
		return nil, false
	}
	note := returnLast(body, shaped, "")
	instrumented := instrument(tree, shaped)
	compiled, err := goja.CompileAST(tree, true)
	if err != nil {
		return nil, false
	}
	return &program{code: compiled, tree: tree, text: original, note: note, shift: len(opening), instrumented: instrumented}, true
}

// isPlain reports whether text that parses as JavaScript means the same as
// TypeScript, and to goja: goja reads some regular expressions wrongly, and
// counts columns in other units than the rest of the world once there is more
// than ASCII. A script that looks at stacks itself would see columns of the
// wrapped text.
func isPlain(code string) bool {
	if strings.Contains(code, "stack") || mayCallGeneric(code) {
		return false
	}
	for i := range len(code) {
		switch c := code[i]; {
		case c >= 0x80:
			return false
		case c == '/' && hasFlag(code[i+1:]):
			return false
		}
	}
	return true
}

// mayCallGeneric reports whether there may be a call with type arguments: to
// JavaScript, f<T>(x) and f<T>`x` are two comparisons. All other uses of type
// arguments are errors there.
func mayCallGeneric(code string) bool {
	if !strings.Contains(code, "<") {
		return false
	}
	for i := range len(code) {
		if code[i] != '>' || i > 0 && code[i-1] == '=' {
			continue // anything else, or an arrow
		}
		// A slash may begin a comment, with anything behind it.
		rest := strings.TrimLeft(code[i+1:], " \t\r\n")
		if rest != "" && strings.ContainsRune("(`/", rune(rest[0])) {
			return true
		}
	}
	return false
}

// hasFlag reports whether what follows a slash may be the flags of a regular
// expression that goja does not know.
func hasFlag(rest string) bool {
	end := strings.IndexFunc(rest, func(r rune) bool { return r < 'a' || r > 'z' })
	if end < 0 {
		end = len(rest)
	}
	return strings.ContainsAny(rest[:end], "dv")
}

// endsInValue reports whether the script says itself what its result is. The
// other shapes are told apart by esbuild's output, which has no comments.
func endsInValue(body *ast.BlockStatement) bool {
	if len(body.List) == 0 {
		return false
	}
	switch body.List[len(body.List)-1].(type) {
	case *ast.ExpressionStatement, *ast.ReturnStatement:
		return true
	default:
		return false
	}
}
