package codegen_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/codegen/python"
)

// The stubs of every server of the catalogue pass pyright's strict mode, take
// what the schemas take, and refuse what they forbid.
func TestPythonCatalogue(t *testing.T) {
	t.Parallel()
	pyright := npm(t, "pyright/index.js")
	m := realModule(t)
	for _, d := range []codegen.Detail{codegen.Full, codegen.Line} {
		t.Run(d.String(), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			writePython(t, dir, m, d)
			if d == codegen.Full { // the others have the same types
				n := tally{}
				for _, s := range m.Servers() {
					write(t, dir, "probes/probe_"+s.In(codegen.Python).Ident+".py", pythonProbes(t, s, n))
				}
				n.atLeast(t, tally{justRequired: 3087, allNamed: 3087, unknownName: 3700, missingName: 5300, unlisted: 1700})
			}
			compile(t, dir, pyright, "--project", ".")
		})
	}
}

// Names that cannot be given and schemas that cannot be used pass as well.
func TestPython(t *testing.T) {
	t.Parallel()
	pyright := npm(t, "pyright/index.js")
	m := codegen.Compile(awkward()).Observing(observed(t))
	for _, d := range []codegen.Detail{codegen.Full, codegen.Line} {
		dir := t.TempDir()
		writePython(t, dir, m, d)
		write(t, dir, "probes/use.py", `import class_
import odd
from bindery import ToolError, ToolResult, data, tools

found: str = tools.search("create issue", limit=3, detail="name")
whole: ToolResult = odd.recursive(_raw=True)
print(found, whole["content"], tools["two faces"]["a-b"](), tools["two faces"]["a.b"](anything=data))
seen = odd.then()
for item in seen["items"]:
    print(item["owner"] is None, [label["name"] for label in item["labels"]], item.get("title", ""))
    # No item had this.
    print(item["nothing"])  # pyright: ignore[reportGeneralTypeIssues, reportUnknownArgumentType]
odd.recursive(node={"value": 1, "next": {"value": 2}})
class_.new(class_="x")
# The node is missing.
odd.recursive()  # pyright: ignore[reportCallIssue]
# A value is an integer.
odd.recursive(node={"value": "1"})  # pyright: ignore[reportArgumentType]
try:
    class_.new(class_="y")
except ToolError as e:
    print(e.code == "upstream", e.result and e.result["content"])
    # An error has no such attribute.
    print(e.reason)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType]
`)
		compile(t, dir, pyright, "--project", ".")
	}
}

// writePython writes the stubs of all servers as one project.
func writePython(t *testing.T, dir string, m *codegen.Module, d codegen.Detail) {
	t.Helper()
	for _, folder := range []string{"stubs", "probes"} {
		if err := os.Mkdir(filepath.Join(dir, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write(t, dir, "stubs/bindery.pyi", codegen.Prelude(codegen.Python))
	for i, s := range m.Servers() {
		ident := s.In(codegen.Python).Ident
		if ident == "" {
			ident = fmt.Sprintf("refused%d", i)
		}
		write(t, dir, "stubs/"+ident+".pyi", m.File(s.Name, codegen.Python, d))
	}
	// A stub for a module that has no source is what these are.
	write(t, dir, "pyrightconfig.json", `{"include":["stubs","probes"],"stubPath":"stubs","typeCheckingMode":"strict",
		"pythonVersion":"3.13","pythonPlatform":"Linux","reportUnnecessaryTypeIgnoreComment":"error","reportMissingModuleSource":"none"}`)
}

// pythonProbes returns a module that calls each tool rightly and wrongly.
func pythonProbes(t *testing.T, s *codegen.Server, n tally) string {
	t.Helper()
	server := s.In(codegen.Python).Ident
	var b strings.Builder
	fmt.Fprintf(&b, "import %s\n\n", server)
	for _, p := range probes(t, s) {
		if !p.tool.Callable(codegen.Python) {
			continue
		}
		names := map[string]string{strange: strange}
		for _, param := range python.Parameters(p.tool) {
			names[param.Name] = param.Spelled
		}
		call := func(what what, args map[string]any, rule string) {
			keywords, ok := keywords(t, args, names)
			if !ok {
				return
			}
			n[what]++
			fmt.Fprintf(&b, "%s.%s(%s)", server, p.tool.In(codegen.Python).Ident, keywords)
			if rule != "" {
				b.WriteString("  # pyright: ignore[" + rule + "]")
			}
			b.WriteByte('\n')
		}
		call(justRequired, p.least, "")
		call(allNamed, p.every, "")
		for _, w := range p.wrong {
			switch {
			case w.open: // other arguments are taken
			case w.nested || w.what == unlisted:
				call(w.what, w.args, "reportArgumentType")
			default:
				call(w.what, w.args, "reportCallIssue")
			}
		}
	}
	return b.String()
}

// keywords returns arguments as a Python script spells them, unless one of
// them cannot be.
func keywords(t *testing.T, args map[string]any, names map[string]string) (string, bool) {
	t.Helper()
	var all []string
	for _, name := range slices.Sorted(maps.Keys(args)) {
		if names[name] == "" {
			return "", false
		}
		all = append(all, names[name]+"="+pythonic(t, args[name]))
	}
	return strings.Join(all, ", "), true
}

// pythonic returns a JSON value as Python spells it.
func pythonic(t *testing.T, v any) string {
	t.Helper()
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		if v {
			return "True"
		}
		return "False"
	case []any:
		items := make([]string, len(v))
		for i, item := range v {
			items[i] = pythonic(t, item)
		}
		return "[" + strings.Join(items, ", ") + "]"
	case map[string]any:
		var members []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			members = append(members, spelled(t, key)+": "+pythonic(t, v[key]))
		}
		return "{" + strings.Join(members, ", ") + "}"
	}
	return spelled(t, v)
}
