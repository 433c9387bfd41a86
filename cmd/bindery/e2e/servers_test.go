package e2e

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// All pinned servers but the browser answer one script over stdio: what one
// returns is given to the next, and one value comes back.
func TestRunAcrossServers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "everything", "filesystem", "memory", "thinking", "git", "excel")
	workbook(t, filepath.Join(w.Dir, "book.xlsx"))
	data, err := json.Marshal(map[string]string{"dir": w.Dir})
	if err != nil {
		t.Fatal(err)
	}
	var got, want map[string]any
	w.Value(t, `
const path = data.dir + "/note.txt";
await filesystem.write_file({path, content: "from a script: ünïcödé"});
const [sum, weather, note, thought, repo] = await Promise.all([
  everything.get_sum({a: 40, b: 2}),
  everything.get_structured_content({location: "New York"}),
  filesystem.read_text_file({path}),
  thinking.sequentialthinking({thought: "x", nextThoughtNeeded: false, thoughtNumber: 1, totalThoughts: 1}),
  git.git_init({path: data.dir + "/repo"}),
]);
await memory.create_entities({entities: [{name: "note", entityType: "file", observations: [note.content]}]});
const graph = await memory.read_graph({});
const book = data.dir + "/book.xlsx";
await excel.excel_write_to_sheet({
  fileAbsolutePath: book, sheetName: "Sheet1", newSheet: false, range: "A1:B1", values: [[sum, weather.temperature]],
});
const sheet = await excel.excel_read_sheet({fileAbsolutePath: book, sheetName: "Sheet1"});
return {
  sum, conditions: weather.conditions, thoughts: thought.thoughtHistoryLength, branch: repo.initialBranch,
  remembered: graph.entities.map(e => e.observations).flat(),
  inSheet: sheet.includes("The sum of 40 and 2 is 42."),
};`, &got, "--data", string(data))
	if err := json.Unmarshal([]byte(`{
		"sum": "The sum of 40 and 2 is 42.", "conditions": "Cloudy", "thoughts": 1, "branch": "main",
		"remembered": ["from a script: ünïcödé"], "inSheet": true}`), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("value (-want +got):\n%s", diff)
	}
	content, err := os.ReadFile(filepath.Join(w.Dir, "note.txt"))
	if err != nil || string(content) != "from a script: ünïcödé" {
		t.Errorf("the script wrote %q, %v", content, err)
	}
}

// workbook writes the least file that is an Excel workbook (ECMA-376 part 1,
// section 8): the Excel server changes workbooks and does not make them.
func workbook(t *testing.T, path string) {
	t.Helper()
	const (
		header  = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`
		main    = `http://schemas.openxmlformats.org/spreadsheetml/2006/main`
		rels    = `http://schemas.openxmlformats.org/package/2006/relationships`
		office  = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
		content = `application/vnd.openxmlformats-officedocument.spreadsheetml.`
	)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for _, part := range []struct{ name, xml string }{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + content + `sheet.main+xml"/>` +
			`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + content + `worksheet+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="` + rels + `">` +
			`<Relationship Id="rId1" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns="` + main + `" xmlns:r="` + office + `">` +
			`<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + rels + `">` +
			`<Relationship Id="rId1" Type="` + office + `/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
		{"xl/worksheets/sheet1.xml", `<worksheet xmlns="` + main + `"><dimension ref="A1:B1"/><sheetData/></worksheet>`},
	} {
		w, err := z.Create(part.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(header + part.xml)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// Every tool of every pinned server is offered, none lost to its schema.
func TestToolsOfEveryServer(t *testing.T) {
	t.Parallel()
	want := map[string]int{}
	var names []string
	for name, s := range npmServers() {
		want[name] = s.Tools
		names = append(names, name)
	}
	w := newWorld(t, names...)
	out := finish(t, command(t, w.Home, "tools", "--json", "--config", w.Config(t)))
	var tools []struct{ Server, Name string }
	if err := json.Unmarshal([]byte(out.Stdout), &tools); err != nil || out.Code != 0 {
		t.Fatalf("exit %d, %v\n%.2000s\n%.4000s", out.Code, err, out.Stdout, out.Stderr)
	}
	got := map[string]int{}
	for _, tool := range tools {
		got[tool.Server]++
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tools per server (-want +got):\n%s", diff)
	}
}

// A page goes through a browser, and only its title comes back.
func TestBrowser(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(chromium); err != nil {
		t.Skipf("%v; apt-get install chromium puts it there", err)
	}
	w := newWorld(t, "playwright")
	out := w.Run(t, `
await playwright.browser_navigate({url: "data:text/html,<title>A page</title><p>Hello</p>"});
const page = await playwright.browser_evaluate({function: "() => document.title + ': ' + document.body.innerText"});
return /A page: Hello/.exec(page)[0];`)
	if got := strings.TrimSpace(out.Stdout); out.Code != 0 || got != "A page: Hello" {
		t.Errorf("exit %d, stdout %q\nstderr: %.4000s", out.Code, got, out.Stderr)
	}
}

// The memory server reads its file, changes the graph and writes the file for
// every call, without a lock: called side by side it loses all writes but one
// and reports that each succeeded.
func TestConcurrentWritesSurvive(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "memory")
	var got struct{ Written, Found int }
	w.Value(t, `
const names = Array.from({length: 33}, (_, i) => "n" + i);
const written = await Promise.all(names.map(name =>
  memory.create_entities({entities: [{name, entityType: "t", observations: []}]})));
const graph = await memory.read_graph({});
return {Written: written.length, Found: graph.entities.length};`, &got)
	if got.Written != 33 || got.Found != 33 {
		t.Errorf("%d writes reported success and %d entities are there, want 33 of both", got.Written, got.Found)
	}
	file, err := os.ReadFile(filepath.Join(w.Dir, "memory.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 33 {
		if !strings.Contains(string(file), fmt.Sprintf(`"name":"n%d"`, i)) {
			t.Errorf("n%d is not in the server's file", i)
		}
	}
}

// fanOut calls a server over stdio and one over HTTP, and combines the two.
const fanOut = `
const [a, b] = await Promise.all([everything.get_sum({a: 40, b: 2}), remote.echo({message: "hi"})]);
return [a, b];`

const fanOutResult = `["The sum of 40 and 2 is 42.","Echo: hi"]`

// Clients of both protocol eras, over both transports, get the same answer.
func TestServe(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "everything")
	w.AddHTTP(t, "remote")
	url := w.Serve(t)
	http := func(t *testing.T) mcp.Transport { t.Helper(); return overHTTP(t, url) }
	for _, tc := range []struct {
		name, version, negotiated string
		transport                 func(t *testing.T) mcp.Transport
	}{
		{"http, newest", "", "2026-07-28", http},
		{"http, 2025-06-18", "2025-06-18", "2025-06-18", http},
		{"stdio, newest", "", "2026-07-28", w.stdioServer},
		{"stdio, 2025-06-18", "2025-06-18", "2025-06-18", w.stdioServer},
	} {
		t.Run(tc.name, func(t *testing.T) {
			session := connect(t, tc.transport(t), tc.version)
			if got := session.InitializeResult().ProtocolVersion; got != tc.negotiated {
				t.Errorf("negotiated %s, want %s", got, tc.negotiated)
			}
			tools, err := session.ListTools(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(tools.Tools) != 1 || tools.Tools[0].Name != "execute_code" {
				t.Fatalf("tools: %+v, want execute_code alone", tools.Tools)
			}
			if text, failed := execute(t, session, fanOut); failed || text != fanOutResult {
				t.Errorf("failed %v, text %s, want %s", failed, text, fanOutResult)
			}
			if text, failed := execute(t, session, `return await everything.get_summ({a: 1, b: 2})`); !failed || !strings.Contains(text, "get_sum") {
				t.Errorf("a misspelt tool: failed %v, text %s", failed, text)
			}
		})
	}
}

// What another client has configured works as it is.
func TestForeignConfigurations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	node, entry := node(t), npm(t, npmServers()["everything"].Entry)
	for _, tc := range []struct{ file, content string }{
		{"mcp.json", fmt.Sprintf("{\n// comments are allowed\n\"mcpServers\": {\"everything\": {\"command\": %q, \"args\": [%q, \"stdio\"], \"cwd\": %q}}}", node, entry, w.Dir)},
		{"vscode.json", fmt.Sprintf(`{"servers": {"everything": {"type": "stdio", "command": %q, "args": [%q, "stdio"], "cwd": %q}}}`, node, entry, w.Dir)},
		{"config.toml", fmt.Sprintf("model = \"x\"\n[mcp_servers.everything]\ncommand = %q\nargs = [%q, \"stdio\"]\ncwd = %q\nenabled_tools = [\"get-sum\"]\n", node, entry, w.Dir)},
	} {
		t.Run(tc.file, func(t *testing.T) {
			script := w.File(t, "sum.ts", `everything.get_sum({a: 40, b: 2})`)
			out := finish(t, command(t, w.Home, "run", "--config", w.File(t, tc.file, tc.content), script))
			if out.Code != 0 || strings.TrimSpace(out.Stdout) != "The sum of 40 and 2 is 42." {
				t.Errorf("exit %d\nstdout: %s\nstderr: %s", out.Code, out.Stdout, out.Stderr)
			}
		})
	}
}
