package codegen_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/stdlib"
)

// Every dump of the catalogue renders at each level of detail, in any order of
// the tools to the same bytes, and each tool appears.
func TestEveryDump(t *testing.T) {
	t.Parallel()
	tools, err := realTools()
	if err != nil {
		t.Fatal(err)
	}
	tools = slices.Clone(tools)
	slices.Reverse(tools)
	m, again := realModule(t), codegen.Compile(tools)
	for _, l := range languages() {
		for _, s := range m.Servers() {
			for what, text := range map[string]func(*codegen.Module) string{
				"names":      func(m *codegen.Module) string { return m.Declarations(s.Name, l, codegen.Name) },
				"lines":      func(m *codegen.Module) string { return m.Declarations(s.Name, l, codegen.Line) },
				"terse file": func(m *codegen.Module) string { return m.File(s.Name, l, codegen.Line) },
				"full file":  func(m *codegen.Module) string { return m.File(s.Name, l, codegen.Full) },
			} {
				got := text(m)
				if got != text(again) {
					t.Errorf("%s: the %s depend on the order of the tools", s.Name, what)
				}
				if err := balanced(got, l); err != nil && what != "names" {
					t.Errorf("%s: %s with %v", s.Name, what, err)
				}
				for _, f := range s.Tools {
					if !strings.Contains(got, f.In(l).Ident) {
						t.Errorf("%s is missing in the %s", f.ID, what)
					}
				}
			}
			for _, f := range s.Tools {
				text, err := m.Describe(f.ID.String(), l)
				if err == nil {
					err = balanced(text, l)
				}
				if err != nil || !strings.Contains(text, f.In(l).Ident) {
					t.Errorf("%s is described as %v, %s", f.ID, err, text)
				}
			}
		}
	}
}

func languages() []codegen.Language {
	return []codegen.Language{codegen.TypeScript, codegen.Python}
}

// Names that cannot be given and schemas that cannot be used, all together
// with the prelude and the standard library in one project, under --strict.
func TestTypeScript(t *testing.T) {
	t.Parallel()
	tsc := npm(t, "typescript/bin/tsc")
	m := codegen.Compile(append(catalogue(t), awkward()...)).Observing(observed(t))
	for _, d := range []codegen.Detail{codegen.Full, codegen.Line} {
		dir := t.TempDir()
		writeTypeScript(t, dir, m, d)
		write(t, dir, "use.ts", `
async function use() {
  const r = await filesystem.read_text_file({path: "a", head: 3});
  const text: string = r.content;
  await filesystem.list_allowed_directories();
  const whole: ToolResult = await github_legacy.create_issue.raw({owner: "o", repo: "r", title: text});
  await tools["github-legacy"].list_issues({owner: "o", repo: "r", state: "open"});
  const found: string = await tools.search("create issue", {limit: 3, detail: "name"});
  await tools["two faces"]["a-b"]({}); await tools["two faces"]["a.b"]();
  const seen = await odd.then_();
  const label: string | undefined = seen.items[0].labels[0].name;
  const owner: string | null = seen.items[0].owner, sizes: number = seen.byId["x"].size;
  // @ts-expect-error: it was not seen in every item
  const title: string = seen.items[0].title;
  await odd.recursive({node: {value: 1, next: {value: 2}}});
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
  return [whole, found, label, owner, sizes, title];
}
`)
		compile(t, dir, tsc, "--project", ".")
	}
}

// The stubs of every server of the catalogue take what its schemas take, and
// refuse what they forbid.
func TestTypeScriptCatalogue(t *testing.T) {
	t.Parallel()
	tsc := npm(t, "typescript/bin/tsc")
	m := realModule(t)
	for _, d := range []codegen.Detail{codegen.Full, codegen.Line} {
		t.Run(d.String(), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			writeTypeScript(t, dir, m, d)
			if d == codegen.Full { // the others have the same types
				n := tally{}
				for _, s := range m.Servers() {
					write(t, dir, s.Name+".probe.ts", typeScriptProbes(t, s, n))
				}
				n.atLeast(t, tally{justRequired: 3087, allNamed: 3087, unknownName: 3700, missingName: 5300, unlisted: 1700, resultNamed: 162})
			}
			compile(t, dir, tsc, "--project", ".")
		})
	}
}

// writeTypeScript writes the stubs of all servers as one project.
func writeTypeScript(t *testing.T, dir string, m *codegen.Module, d codegen.Detail) {
	t.Helper()
	write(t, dir, "bindery.d.ts", codegen.Prelude(codegen.TypeScript))
	write(t, dir, "globals.d.ts", stdlib.JavaScript().Types)
	for i, s := range m.Servers() {
		write(t, dir, fmt.Sprintf("server%d.d.ts", i), m.File(s.Name, codegen.TypeScript, d))
	}
	names := make([]string, len(m.Servers()))
	for i, s := range m.Servers() {
		names[i] = s.Name
	}
	write(t, dir, "index.d.ts", m.Index(codegen.TypeScript, names))
	write(t, dir, "tsconfig.json", `{"compilerOptions":{"strict":true,"noEmit":true,"skipLibCheck":false,"target":"es2022","lib":["es2022"],"types":[]},"include":["*.ts"]}`)
}

// typeScriptProbes returns a script that calls each tool rightly and wrongly.
func typeScriptProbes(t *testing.T, s *codegen.Server, n tally) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("export {};\nasync function probes() {\n")
	for _, p := range probes(t, s) {
		call := func(what what, args map[string]any) {
			n[what]++
			fmt.Fprintf(&b, "  await %s(%s);\n", expression(p.tool), spelled(t, args))
		}
		call(justRequired, p.least)
		call(allNamed, p.every)
		if p.result != nil {
			n[resultNamed]++
			fmt.Fprintf(&b, "  (%s) satisfies Awaited<ReturnType<typeof %s>>;\n", spelled(t, p.result), expression(p.tool))
		}
		for _, w := range p.wrong {
			if !p.tool.Callable(codegen.TypeScript) {
				continue
			}
			b.WriteString("  // @ts-expect-error\n")
			call(w.what, w.args)
		}
	}
	b.WriteString("}\n")
	return b.String()
}

// expression returns how a TypeScript script spells a tool.
func expression(f *codegen.Function) string {
	if !f.Callable(codegen.TypeScript) {
		return fmt.Sprintf("tools[%q][%q]", f.ID.Server, f.ID.Name)
	}
	return f.Server.In(codegen.TypeScript).Ident + "." + f.In(codegen.TypeScript).Ident
}

// spelled returns a JSON value, which is TypeScript as it stands.
func spelled(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// compile runs a compiler that is written in JavaScript, and shows what it
// found wrong.
func compile(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), node(t), args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		const most = 8000
		if len(out) > most {
			out = append(out[:most], fmt.Sprintf("… and %d bytes more", len(out)-most)...)
		}
		t.Errorf("%s: %v\n%s", filepath.Base(args[0]), err, out)
	}
}

// npm returns the absolute path of a file of an installed package. Without
// the packages the test is skipped, except in CI, where that would hide that
// nothing was tested.
func npm(t *testing.T, file string) string {
	t.Helper()
	modules := os.Getenv("BINDERY_NODE_MODULES")
	if modules == "" {
		modules = "../testdata/npm/node_modules"
	}
	path, err := filepath.Abs(filepath.Join(modules, file))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		missing(t, "%v; `make test` installs it, or set BINDERY_NODE_MODULES", err)
	}
	return path
}

// node returns the path of Node.js.
func node(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("node")
	if err != nil {
		missing(t, "%v; install Node.js 20 or newer", err)
	}
	return path
}

func missing(t *testing.T, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}
