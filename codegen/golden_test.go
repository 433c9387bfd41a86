package codegen_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/stdlib"
)

func TestGolden(t *testing.T) {
	tools := catalogue(t)
	m := codegen.Compile(tools)
	slices.Reverse(tools)
	again := codegen.Compile(tools)
	if m.Digest() != again.Digest() {
		t.Error("the digest depends on the order of the tools")
	}
	files := map[string]string{}
	for _, s := range m.Servers() {
		files[s.Name+".d.ts"] = m.Declarations(s.Name, codegen.Full)
		files[s.Name+".lines.txt"] = m.Declarations(s.Name, codegen.Line)
		for _, d := range []codegen.Detail{codegen.Name, codegen.Line, codegen.Full} {
			if m.Declarations(s.Name, d) != again.Declarations(s.Name, d) {
				t.Errorf("%s: the %v declarations depend on the order of the tools", s.Name, d)
			}
		}
	}
	for name, got := range files {
		path := filepath.Join("testdata/golden", name)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatalf("%v; go test -update writes the golden files", err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

// No tool is ever missing, whatever its schema.
func TestEveryToolAppears(t *testing.T) {
	tools := catalogue(t)
	m := codegen.Compile(tools)
	for _, tool := range tools {
		f, ok := m.Lookup(tool.ID)
		if !ok || f.Ident == "" {
			t.Errorf("%s: not in the module, or without an identifier", tool.ID)
			continue
		}
		for _, d := range []codegen.Detail{codegen.Name, codegen.Line, codegen.Full} {
			if !strings.Contains(m.Declarations(tool.ID.Server, d), f.Ident) {
				t.Errorf("%s: not declared at %v", tool.ID, d)
			}
		}
		if hits := m.Search(codegen.Query{Text: tool.ID.String(), Detail: codegen.Name}); hits.N == 0 || !strings.Contains(hits.Lines[0], f.Ident) {
			t.Errorf("%s: not found by its name: %v", tool.ID, hits.Lines)
		}
		if _, err := m.Describe(tool.ID.String()); err != nil {
			t.Error(err)
		}
	}
}

// The golden files are what they look like: TypeScript, all together with the
// prelude and the standard library in one project, under --strict.
func TestTypeScript(t *testing.T) {
	tsc := compiler(t)
	m := codegen.Compile(append(catalogue(t), awkward()...))
	args := []string{tsc, "--build"} // all projects in one process, which is slow to start
	for _, d := range []codegen.Detail{codegen.Full, codegen.Line} {
		dir := t.TempDir()
		writeProject(t, dir, m, d)
		args = append(args, dir)
	}
	if out, err := exec.CommandContext(t.Context(), "node", args...).CombinedOutput(); err != nil {
		t.Errorf("tsc --strict: %v\n%s", err, out)
	}
}

// writeProject writes the declarations, and a script that uses them rightly
// and, where it says so, wrongly.
func writeProject(t *testing.T, dir string, m *codegen.Module, d codegen.Detail) {
	t.Helper()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("bindery.d.ts", codegen.Prelude())
	write("globals.d.ts", stdlib.JavaScript().Types)
	for i, s := range m.Servers() {
		write("server"+string(rune('a'+i))+".d.ts", m.File(s.Name, d))
	}
	write("use.ts", `
async function use() {
  const r = await filesystem.read_text_file({path: "a", head: 3});
  const text: string = r.content;
  await filesystem.list_allowed_directories();
  const whole: ToolResult = await github_legacy.create_issue.raw({owner: "o", repo: "r", title: text});
  await tools["github-legacy"].list_issues({owner: "o", repo: "r", state: "open"});
  const found: string = await tools.search("create issue", {limit: 3, detail: "name"});
  await tools["two faces"]["a-b"]({}); await tools["two faces"]["a.b"]();
  await odd.then_(); await odd.recursive({node: {value: 1, next: {value: 2}}});
  // @ts-expect-error: the title is missing
  await github_legacy.create_issue({owner: "o", repo: "r"});
  // @ts-expect-error: no such state
  await github_legacy.list_issues({owner: "o", repo: "r", state: "opened"});
  // @ts-expect-error: arguments are required
  await filesystem.read_text_file();
  try { await sleep(1) } catch (e) {
    if (e instanceof ToolError && e.code === "upstream") console.log(e.result?.content, structuredClone(data), atob("eA=="));
    // @ts-expect-error: an error has no such property
    if (e instanceof ToolError) e.reason;
  }
  return [whole, found];
}
`)
	write("tsconfig.json", `{"compilerOptions":{"strict":true,"noEmit":true,"target":"es2022","lib":["es2022"],"types":[]},"include":["*.ts"]}`)
}

// compiler returns the path of TypeScript's compiler.
func compiler(t *testing.T) string {
	t.Helper()
	modules := os.Getenv("BINDERY_NODE_MODULES")
	if modules == "" {
		modules = "../testdata/npm/node_modules"
	}
	tsc, err := filepath.Abs(filepath.Join(modules, "typescript/bin/tsc"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(tsc); err != nil {
		t.Skipf("no TypeScript compiler: %v; make test installs it, or set BINDERY_NODE_MODULES", err)
	}
	if _, err := exec.LookPath("node"); err != nil {
		t.Skipf("no node to run TypeScript's compiler with: %v", err)
	}
	return tsc
}
