package js_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/bindery-mcp/bindery/stdlib"
)

// What the declarations promise is there, and a script finds no other global
// besides the language's own.
func TestDeclaredGlobalsExist(t *testing.T) {
	types := stdlib.JavaScript().Types
	if r := api.Transform(types, api.TransformOptions{Loader: api.LoaderTS}); len(r.Errors) > 0 {
		t.Fatalf("the declarations do not parse: %v", r.Errors)
	}
	var names []string
	for _, m := range regexp.MustCompile(`(?m)^declare (?:function|class|const) (\w+)`).FindAllStringSubmatch(types, -1) {
		names = append(names, m[1])
	}
	if len(names) < 13 {
		t.Fatalf("only %d declarations: %q", len(names), names)
	}
	s := script(`["` + strings.Join(names, `", "`) + `"].filter(n => typeof globalThis[n] === "undefined")`)
	s.Data = []byte(`{}`)
	if out, _ := run(t, s); string(out.Value) != "[]" {
		t.Errorf("declared and missing: %s", show(out))
	}
}

func TestGlobals(t *testing.T) {
	s := script(`Object.getOwnPropertyNames(globalThis).sort().join("\n")`)
	s.Bindings = nil
	out, _ := run(t, s)
	got := strings.Split(strings.Trim(string(out.Value), `"`), `\n`)
	language := regexp.MustCompile(`^(Infinity|NaN|undefined|globalThis|eval|is\w+|parse\w+|(en|de)code\w+|(un)?escape|` +
		`\w*Error|\w*Array|(Weak)?(Map|Set)|Object|Function|Array|ArrayBuffer|DataView|Boolean|Number|BigInt|String|Symbol|Date|RegExp|Promise|Proxy|Reflect|JSON|Math)$`)
	own := regexp.MustCompile(`^(data|console|tools|results|store|resources|prompts|progress|table|ToolError|sleep|(set|clear)(Timeout|Interval)|queueMicrotask|structuredClone|atob|btoa|Text(En|De)coder|URL|URLSearchParams|Intl|WeakRef|Iterator)$`)
	for _, name := range got {
		if !language.MatchString(name) && !own.MatchString(name) {
			t.Errorf("a script finds %s", name)
		}
	}
}
