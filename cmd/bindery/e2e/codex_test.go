package e2e

import (
	"bytes"
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tiktoken-go/tokenizer"

	"github.com/bindery-mcp/bindery/cmd/bindery/e2e/responses"
)

// codexTimeout bounds one conversation, which takes seconds on a quiet machine.
const codexTimeout = 3 * time.Minute

// codexRun is one conversation of the real Codex CLI with a scripted model.
type codexRun struct {
	Model string
	// Servers are the [mcp_servers.*] tables of its config.toml, and whatever
	// else belongs after the settings that every run needs.
	Servers string
	// Link is the endpoint of a gateway that `bindery link codex` puts in.
	Link  string
	Turns []responses.Turn
}

// play runs the conversation to its end and returns what the model was sent.
func (r codexRun) play(t *testing.T) []responses.Request {
	t.Helper()
	codex := npm(t, ".bin/codex")
	model := responses.NewServer(r.Turns...)
	api := httptest.NewServer(model)
	defer api.Close()

	dir := t.TempDir()
	home := filepath.Join(dir, "codex")
	work := filepath.Join(dir, "work")
	for _, d := range []string{home, work} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	config := filepath.Join(home, "config.toml")
	if err := os.WriteFile(config, []byte(fmt.Sprintf(codexConfig, api.URL+"/v1")+r.Servers), 0o600); err != nil {
		t.Fatal(err)
	}
	if r.Link != "" {
		out := finish(t, command(t, dir, "link", "codex", "--file", config, "--url", r.Link))
		if out.Code != 0 {
			t.Fatalf("link: exit %d\n%s", out.Code, out.Stderr)
		}
	}

	ctx, cancel := context.WithTimeout(t.Context(), codexTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, codex, "exec", "--cd", work, "--skip-git-repo-check", "--ephemeral",
		"--json", "-m", r.Model, "Run the scripted conversation.")
	cmd.Env = append(environment(dir), "CODEX_HOME="+home,
		// Whatever is not on this machine goes to a port where nobody listens.
		"HTTPS_PROXY=http://127.0.0.1:9", "HTTP_PROXY=http://127.0.0.1:9", "NO_PROXY=127.0.0.1,localhost")
	var events, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &events, &stderr
	inOwnGroup(cmd)
	runErr := cmd.Run()
	if err := model.Err(); err != nil || runErr != nil {
		t.Fatalf("codex: %v\nscript: %v\nevents:\n%.6000s\nstderr:\n%.6000s", runErr, err, &events, &stderr)
	}
	return model.Requests()
}

// codexConfig is what every run needs. A failed expectation must end the run
// at once instead of being sent again.
const codexConfig = `
model_provider = "scripted"
check_for_update_on_startup = false

[analytics]
enabled = false

[model_providers.scripted]
name = "scripted"
base_url = %q
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
`

// Codex offers MCP tools to a model in one of three ways; the name of the
// model picks one. Here a plain MCP server is behind it, so that what fails in
// a gateway can be told from what fails in this harness.
func TestCodexWithPlainServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	servers := fmt.Sprintf(`
[mcp_servers.everything]
command = %q
args = [%q, "stdio"]
cwd = %q
required = true
default_tools_approval_mode = "approve"
`, node(t), npm(t, npmServers()["everything"].Entry), w.Dir)
	sum := responses.FunctionCall("mcp__everything", "get_sum", map[string]int{"a": 40, "b": 2})
	end := responses.Turn{Expect: []string{"The sum of 40 and 2 is 42."}, Items: []responses.Item{responses.Message("done")}}

	for _, tc := range []struct {
		name, model string
		turns       []responses.Turn
	}{
		{"inline", "local-model", []responses.Turn{{Items: []responses.Item{sum}}, end}},
		{"tool search", "gpt-5.5", []responses.Turn{
			{Items: []responses.Item{responses.ToolSearch("sum of two numbers")}},
			{Expect: []string{"get_sum"}, Items: []responses.Item{sum}},
			end,
		}},
		{"code mode", "gpt-6-astra", []responses.Turn{
			{Items: []responses.Item{responses.CustomCall("functions", "exec",
				`text((await tools.mcp__everything__get_sum({a: 40, b: 2})).content[0].text)`)}},
			end,
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			codexRun{Model: tc.model, Servers: servers, Turns: tc.turns}.play(t)
		})
	}
}

// The same three ways, and the one that `bindery link codex` asks for, with
// the gateway behind Codex and two servers behind the gateway: the model calls
// one tool once and reads one combined value.
func TestCodexWithGateway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "everything", "filesystem")
	w.AddHTTP(t, "remote")
	if err := os.WriteFile(filepath.Join(w.Dir, "note.txt"), []byte("a note"), 0o600); err != nil {
		t.Fatal(err)
	}
	url := w.Serve(t)
	server := fmt.Sprintf(`
[mcp_servers.bindery]
url = %q
required = true
default_tools_approval_mode = "approve"
`, url)
	script := fmt.Sprintf(`
const [sum, note, echo] = await Promise.all([
  everything.get_sum({a: 40, b: 2}),
  filesystem.read_text_file({path: %q}),
  remote.echo({message: "hi"}),
]);
return {sum, note: note.content, echo};`, filepath.Join(w.Dir, "note.txt"))
	const want = `{"sum":"The sum of 40 and 2 is 42.","note":"a note","echo":"Echo: hi"}`
	call := responses.FunctionCall("mcp__bindery", "execute_code", map[string]string{"code": script})
	end := responses.Turn{Expect: []string{want}, Items: []responses.Item{responses.Message("done")}}

	for _, tc := range []struct {
		name, model, servers, link string
		// inline says that execute_code is among the definitions that the
		// model gets, and tokens how much of the first prompt is the
		// gateway's, at most.
		inline bool
		tokens int
		turns  []responses.Turn
	}{
		{"inline", "local-model", server, "", true, 300, []responses.Turn{{Items: []responses.Item{call}}, end}},
		{"tool search", "gpt-5.5", server, "", false, 40, []responses.Turn{
			{Items: []responses.Item{responses.ToolSearch("run a script against the tools of everything")}},
			{Expect: []string{"execute_code"}, Items: []responses.Item{call}},
			end,
		}},
		{"code mode", "gpt-6-astra", server, "", false, 40, []responses.Turn{
			{Items: []responses.Item{responses.CustomCall("functions", "exec", fmt.Sprintf(
				`text((await tools.mcp__bindery__execute_code({code: %s})).content[0].text)`, strconv.Quote(script)))}},
			end,
		}},
		{"code mode, linked", "gpt-6-astra", "", url, true, 300, []responses.Turn{{Items: []responses.Item{call}}, end}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			requests := codexRun{Model: tc.model, Servers: tc.servers, Link: tc.link, Turns: tc.turns}.play(t)
			definition, mentions := requests[0].Tool("mcp__bindery"), requests[0].Mentions("mcp__bindery")
			if inline := definition != nil; inline != tc.inline {
				t.Errorf("definition in the first request: %v, want %v", inline, tc.inline)
			}
			if definition == nil && len(mentions) == 0 {
				t.Error("nothing in the first request tells the model that the gateway is there")
			}
			n := tokens(t, string(definition)+strings.Join(mentions, "\n"))
			if n > tc.tokens {
				t.Errorf("the gateway takes %d tokens of the first prompt, over %d:\n%s\n%q", n, tc.tokens, definition, mentions)
			}
		})
	}
}

// A model can write Python instead.
func TestCodexRunsPython(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "everything", "memory")
	config := w.Config(t)
	// Preparing the interpreter is not what is looked at here.
	if out := finish(t, command(t, w.Home, "python", "install", "--config", config)); out.Code != 0 {
		t.Fatalf("python install: exit %d\n%s", out.Code, out.Stderr)
	}
	server := fmt.Sprintf(`
[mcp_servers.bindery]
url = %q
required = true
default_tools_approval_mode = "approve"
`, w.Serve(t))
	code := "import asyncio, re\n" +
		"found = await tools.search('sum of two numbers')\n" +
		"first, second = await asyncio.gather(everything.get_sum(a=40, b=2), memory.read_graph())\n" +
		"{'line': 'everything.get_sum(a: ' in found, 'sum': int(re.findall(r'\\d+', first)[-1]), 'entities': second['entities']}"
	codexRun{Model: "local-model", Servers: server, Turns: []responses.Turn{
		{Items: []responses.Item{responses.FunctionCall("mcp__bindery", "execute_code", map[string]string{"code": code, "language": "python"})}},
		{Expect: []string{`{"line":true,"sum":42,"entities":[]}`}, Items: []responses.Item{responses.Message("done")}},
	}}.play(t)
}

// What a failed script tells the model reaches it whole.
func TestCodexReadsFailures(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "everything", "memory")
	server := fmt.Sprintf(`
[mcp_servers.bindery]
url = %q
required = true
default_tools_approval_mode = "approve"
`, w.Serve(t))
	code := "const a = await memory.create_entities({entities: [{name: 'n', entityType: 't', observations: []}]});\n" +
		"const b = await everything[\"get_\" + \"summ\"]({a: 1, b: 2});\nreturn [a, b];" // what no look at the text can tell
	requests := codexRun{Model: "local-model", Servers: server, Turns: []responses.Turn{
		{Items: []responses.Item{responses.FunctionCall("mcp__bindery", "execute_code", map[string]string{"code": code})}},
		{Items: []responses.Item{responses.Message("done")}},
	}}.play(t)
	out := requests[len(requests)-1].ToolOutput()
	for _, want := range []string{"get_sum", "line 2", "everything.get_summ", "memory.create_entities"} {
		if !strings.Contains(out, want) {
			t.Errorf("what the model reads lacks %q:\n%s", want, out)
		}
	}
}

// tokens counts as the models do that Codex is for.
func tokens(t *testing.T, text string) int {
	t.Helper()
	codec, err := tokenizer.Get(tokenizer.O200kBase)
	if err != nil {
		t.Fatal(err)
	}
	n, err := codec.Count(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
