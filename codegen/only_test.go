package codegen_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen"
)

// A part of a module says the same as a module of that part, and nothing of
// the rest.
func TestOnlyIsWhatCompileWouldMake(t *testing.T) {
	var tools []bindery.Tool
	for _, name := range []string{"alpha.read_file", "alpha.read_folder", "alpha.shred_file", "beta.read_mail", "gamma.read_secret", "gamma.keep_secret"} {
		server, tool, _ := strings.Cut(name, ".")
		tools = append(tools, bindery.Tool{
			ID: bindery.ToolID{Server: server, Name: tool}, Description: "Does what " + tool + " says.",
			Input: []byte(`{"type":"object","properties":{"path":{"type":"string"}},"required":["path"]}`),
		})
	}
	keep := func(id bindery.ToolID) bool { return id.Server != "gamma" && id.Name != "shred_file" }
	whole := codegen.Compile(tools)
	only, ok := whole.Only(keep)
	if !ok {
		t.Fatal("it cannot be made")
	}
	anew := codegen.Compile(slices.DeleteFunc(slices.Clone(tools), func(t bindery.Tool) bool { return !keep(t.ID) }))
	say := func(m *codegen.Module) string {
		var b strings.Builder
		for _, l := range []codegen.Language{codegen.TypeScript, codegen.Python} {
			for _, q := range []codegen.Query{{}, {Text: "read file"}, {Text: "secret"}, {Text: "shred"}, {Server: "gamma"}, {Server: "alpha"}, {Server: "alpah"}, {Text: "nothing of the kind"}} {
				q.Language = l
				fmt.Fprintln(&b, m.Search(q))
			}
			for _, name := range []string{"alpha", "alpha.read_file", "read_file", "alpha.shred_file", "shred_file", "alpha.shred_fil", "gamma", "gamma.read_secret", "read_secret", "gama.read", "beta.read_secret"} {
				text, err := m.Describe(name, l)
				fmt.Fprintln(&b, text, err, bindery.HintOf(err))
			}
			for _, s := range []string{"alpha", "beta", "gamma"} {
				fmt.Fprintln(&b, m.Declarations(s, l, codegen.Line))
			}
			for _, tool := range tools {
				_, found := m.Lookup(tool.ID)
				err := m.Check(tool.ID, l, nil)
				fmt.Fprintln(&b, found, m.Line(tool.ID, l), err, bindery.HintOf(err))
			}
		}
		for _, s := range m.Servers() {
			fmt.Fprintln(&b, s.Name, len(s.Tools))
		}
		return b.String()
	}
	if got, want := say(only), say(anew); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if only.Digest() == whole.Digest() {
		t.Error("a part has the digest of the whole")
	}
	less, ok := only.Only(func(id bindery.ToolID) bool { return id.Server != "alpha" })
	if _, found := less.Lookup(bindery.ToolID{Server: "beta", Name: "read_mail"}); !ok || !found || len(less.Servers()) != 1 || less.Digest() == only.Digest() {
		t.Errorf("a part of a part: %v", less.Servers())
	}
}

// Why a name was refused may be what is not to be known.
func TestOnlyDoesNotKnowOfRefusedNames(t *testing.T) {
	tools := []bindery.Tool{{ID: bindery.ToolID{Server: "s", Name: "a-b"}}, {ID: bindery.ToolID{Server: "s", Name: "a.b"}}, {ID: bindery.ToolID{Server: "s", Name: "c"}}}
	m := codegen.Compile(tools)
	if _, ok := m.Only(func(id bindery.ToolID) bool { return id.Name == "a-b" }); ok {
		t.Error("it says that a name is refused")
	}
	if _, ok := m.Only(func(id bindery.ToolID) bool { return id.Name == "c" }); !ok {
		t.Error("a name that nobody else has cannot be had")
	}
}
