package e2e

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A folder of stubs is all that an editor needs: scripts in it are checked by
// the compilers that editors run, with the settings that are in it.
func TestStubsServeEditors(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "filesystem", "memory")
	out := filepath.Join(w.Home, "stubs")
	if r := finish(t, command(t, w.Home, "codegen", "--config", w.Config(t), "--lang", "ts,py", "--out", out)); r.Code != 0 {
		t.Fatalf("codegen: %s", r.Stderr)
	}
	tests := []struct {
		name, file, script, want string
		run                      []string
	}{
		{"TypeScript", "stubs/right.ts", `
const file = await filesystem.read_text_file({ path: "a.txt", head: 3 });
const graph = await tools["memory"].read_graph();
console.log(file.content.length, graph.entities.map(e => e.name), data);
export default await Promise.all([memory.search_nodes({ query: "a" }), tools.search("read a file")]);
`, "", []string{"typescript/bin/tsc", "--project", "stubs"}},
		{"TypeScript that is wrong", "stubs/right.ts", `export default await filesystem.read_text_file({ file: "a.txt" });`,
			"'file' does not exist", []string{"typescript/bin/tsc", "--project", "stubs"}},
		{"Python", "stubs/right.py", `import filesystem

file = filesystem.read_text_file(path="a.txt", head=3)
graph = memory.read_graph()
print(len(file["content"]), [e["name"] for e in graph["entities"]], data, tools.search("read a file"))
`, "", []string{"pyright/index.js", "--project", "stubs"}},
		{"Python that is wrong", "stubs/right.py", `filesystem.read_text_file(file="a.txt")`,
			"right.py:1:1 - error", []string{"pyright/index.js", "--project", "stubs"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w.File(t, tt.file, tt.script)
			cmd := exec.CommandContext(t.Context(), node(t), append([]string{npm(t, tt.run[0])}, tt.run[1:]...)...)
			cmd.Dir, cmd.Env = w.Home, environment(w.Home)
			r := finish(t, cmd)
			if (r.Code == 0) != (tt.want == "") || !strings.Contains(r.Stdout, tt.want) {
				t.Errorf("exit %d\n%s%s", r.Code, r.Stdout, r.Stderr)
			}
		})
	}
}
