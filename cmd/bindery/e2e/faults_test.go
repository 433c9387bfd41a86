package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery/backends/backendtest"
)

func lacks(text string, wants []string) []string {
	var missing []string
	for _, want := range wants {
		if !strings.Contains(text, want) {
			missing = append(missing, want)
		}
	}
	return missing
}

// Every mistake in a configuration is reported, all of them at once, with the
// place and the nearest thing that is right.
func TestMalformedConfiguration(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, file, content string
		wants               []string
	}{
		{"unknown key", "bindery.yaml", "mcpServers:\n  a:\n    comand: npx\n", []string{"bindery.yaml:3", "comand", "command"}},
		{"two mistakes", "bindery.yaml", "lisen: x\nmcpServers:\n  a: {command: [1]}\n", []string{"bindery.yaml:1", "listen", "bindery.yaml:3"}},
		{"bad type", "bindery.yaml", "mcpServers: 7\n", []string{"bindery.yaml:1", "mcpServers"}},
		{"no YAML", "bindery.yaml", "mcpServers: {a: [\n", []string{"bindery.yaml:"}},
		{
			"unset variable", "bindery.yaml", "mcpServers:\n  a: {command: x, env: {T: \"${env:BINDERY_E2E_UNSET}\"}}\n",
			[]string{"bindery.yaml:2", "BINDERY_E2E_UNSET"},
		},
		{"truncated JSON", "mcp.json", `{"mcpServers": {"a": {"command": "x"`, []string{"mcp.json:1"}},
		{"wrong TOML", "config.toml", "[mcp_servers.a]\ncommand = [\"x\"]\n", []string{"config.toml:2", "command"}},
		{"neither command nor url", "bindery.yaml", "mcpServers:\n  a: {args: [x]}\n", []string{"bindery.yaml:2", "command", "url"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			out := finish(t, command(t, w.Home, "run", "--config", w.File(t, tc.file, tc.content), w.File(t, "s.ts", "1")))
			if out.Code != 2 || out.Stdout != "" {
				t.Errorf("exit %d, stdout %q; want 2 and nothing", out.Code, out.Stdout)
			}
			if missing := lacks(out.Stderr, tc.wants); missing != nil {
				t.Errorf("stderr lacks %q:\n%s", missing, out.Stderr)
			}
		})
	}
	t.Run("no such file", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		out := finish(t, command(t, w.Home, "run", "--config", filepath.Join(w.Home, "none.yaml"), w.File(t, "s.ts", "1")))
		if missing := lacks(out.Stderr, []string{"none.yaml"}); out.Code != 2 || missing != nil {
			t.Errorf("exit %d, stderr lacks %q:\n%s", out.Code, missing, out.Stderr)
		}
	})
}

// A server that does not come up is a message with its name and the cause, and
// takes nothing away from the others, not even in the same script.
func TestBrokenServers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.AddFaulty(t, "steady")
	w.Add("missing", map[string]any{"command": "bindery-e2e-no-such-program"})
	w.AddFaulty(t, "dead", backendtest.DieOnStart)
	w.AddFaulty(t, "silent", backendtest.HangInit)["startupTimeout"] = "2s"
	w.Add("garbage", map[string]any{"command": "yes", "args": []string{"\x07npm WARN {[ not JSON"}, "cwd": w.Dir, "startupTimeout": "2s"})
	w.Add("unreachable", map[string]any{"url": "http://127.0.0.1:9/mcp", "startupTimeout": "2s"})
	w.AddUpstream(t, "locked", backendtest.Unauthorized)
	mute := w.AddUpstream(t, "mute")
	mute.Hold("server/discover", "initialize")
	w.servers["mute"].(map[string]any)["startupTimeout"] = "2s"
	session := connect(t, overHTTP(t, w.Serve(t)), "")
	for _, tc := range []struct {
		server string
		wants  []string
	}{
		{"missing", []string{"bindery-e2e-no-such-program"}},
		{"dead", []string{"missing API key: set FOO", "7"}},
		{"silent", []string{"2s"}},
		{"garbage", []string{"2s"}},
		{"unreachable", []string{"127.0.0.1:9"}},
		{"locked", []string{"401"}},
		{"mute", []string{"2s"}},
	} {
		t.Run(tc.server, func(t *testing.T) {
			caught := strings.ReplaceAll(`
const [failure, beside] = await Promise.all([(async () => SERVER.echo({}))().catch(e => e.message), steady.echo({alpha: 42})]);
return "beside: " + beside.alpha + "\n" + failure;`, "SERVER", tc.server)
			text, failed := execute(t, session, caught)
			if missing := lacks(text, append(tc.wants, "beside: 42", tc.server)); failed || missing != nil {
				t.Errorf("caught: failed %v, the text lacks %q:\n%s", failed, missing, text)
			}
			text, failed = execute(t, session, "await "+tc.server+".echo({})")
			if missing := lacks(text, append(tc.wants, tc.server+" is not available")); !failed || missing != nil {
				t.Errorf("not caught: failed %v, the text lacks %q:\n%s", failed, missing, text)
			}
		})
	}
}

// What goes wrong in one call is an error of that call; the calls beside it
// are answered, and later the server can be called again.
func TestFaultyCalls(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.AddFaulty(t, "steady")
	w.AddFaulty(t, "near", backendtest.GarbageFirst)
	w.AddFaulty(t, "flood")
	w.AddUpstream(t, "far")
	w.AddUpstream(t, "stream", backendtest.SSE)
	// Of a bomb, 64 MB are unpacked before it is given up, on a machine that
	// may be busy.
	w.Set("limits", map[string]any{"wall": "100s"})
	session := connect(t, overHTTP(t, w.Serve(t)), "")
	for _, tc := range []struct {
		name, call string
		wants      []string // of the error; none if the call succeeds
	}{
		{"noise on stdout", `near.noise({})`, nil},
		{"50 MB over stdio", `near.big({bytes: 50 << 20})`, []string{"near.big", "over the limit"}},
		{"50 MB over stdio, id last", `near.big({bytes: 50 << 20, idLast: true})`, []string{"near.big", "over the limit"}},
		{"endless over stdio", `flood.endless({})`, []string{"flood.endless", "over the limit"}},
		{"gzip bomb", `far.endless({})`, []string{"far.endless", "over the limit"}},
		{"gzip bomb, event stream", `stream.endless({})`, []string{"stream.endless", "over the limit"}},
		{"cut off over stdio", `near.broken({})`, []string{"near.broken", "not valid JSON-RPC"}},
		{"deep over HTTP", `far.deep({count: 100000})`, []string{"far.deep", "nest"}},
		{"dies over stdio", `near.die({})`, []string{"near.die", "out of cheese"}},
		{"dies over HTTP", `far.die({})`, []string{"far.die"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			text, failed := execute(t, session, strings.ReplaceAll(`
const [outcome, beside] = await Promise.all([CALL.then(() => "answered", e => e.message), steady.echo({alpha: 42})]);
return "beside: " + beside.alpha + "\n" + outcome;`, "CALL", tc.call))
			wants := append(tc.wants, "beside: 42")
			if tc.wants == nil {
				wants = append(wants, "answered")
			}
			if missing := lacks(text, wants); failed || missing != nil {
				t.Errorf("failed %v, the text lacks %q:\n%s", failed, missing, text)
			}
			server, _, _ := strings.Cut(tc.call, ".")
			eventually(t, func() string {
				if text, failed := execute(t, session, server+".echo({alpha: 1})"); failed || !strings.Contains(text, "1") {
					return server + " has not recovered: " + text
				}
				return ""
			})
		})
	}
}

// A server that failed at first is used as soon as it works.
func TestServerComesUpLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	entry := w.AddFaulty(t, "late")
	licence := filepath.Join(w.Home, "licence")
	entry["args"] = []any{"-c", `test -e "$0" || { echo "no licence found" >&2; exit 3; }; exec "$1"`, licence, entry["command"]}
	entry["command"] = "sh"
	session := connect(t, overHTTP(t, w.Serve(t)), "")
	text, failed := execute(t, session, `late.echo({alpha: 42})`)
	if missing := lacks(text, []string{"late", "no licence found"}); !failed || missing != nil {
		t.Errorf("failed %v, the text lacks %q:\n%s", failed, missing, text)
	}
	w.File(t, "licence", "")
	eventually(t, func() string {
		if text, failed := execute(t, session, `(await late.echo({alpha: 42})).alpha`); failed || text != "42" {
			return "late has not come up: " + text
		}
		return ""
	})
}

// A real server answers with a file of 50 MB, as text and again as structured
// content: the call fails and says why, and the server can be called again.
func TestHugeAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "filesystem")
	big := filepath.Join(w.Dir, "big.txt")
	if err := os.WriteFile(big, []byte(strings.Repeat("0123456789abcde\n", 50<<20/16)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(w.Dir, "small.txt"), []byte("small"), 0o600); err != nil {
		t.Fatal(err)
	}
	var got struct{ Failure, After string }
	w.Value(t, `
let Failure = "";
try { await filesystem.read_text_file({path: data + "/big.txt"}) } catch (e) { Failure = e.message }
const {content: After} = await filesystem.read_text_file({path: data + "/small.txt"});
return {Failure, After};`, &got, "--data", `"`+w.Dir+`"`)
	if missing := lacks(got.Failure, []string{"filesystem.read_text_file", "over the limit"}); missing != nil {
		t.Errorf("the error lacks %q: %s", missing, got.Failure)
	}
	if got.After != "small" {
		t.Errorf("the call after it returned %q", got.After)
	}
}

// A call that a real server does not answer ends at its deadline, as an error
// that the script can catch; the calls beside it are not held up.
func TestCallTimeout(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	everything := w.stdio(t, npmServers()["everything"])
	everything["callTimeout"] = "3s"
	w.Add("everything", everything)
	var got struct{ Failure, Beside string }
	w.Value(t, `
const slow = everything.trigger_long_running_operation({duration: 600, steps: 1}).then(() => "answered", e => e.message);
const Beside = await everything.get_sum({a: 40, b: 2});
return {Failure: await slow, Beside};`, &got)
	if missing := lacks(got.Failure, []string{"everything.trigger-long-running-operation", "3s"}); missing != nil {
		t.Errorf("the error lacks %q: %s", missing, got.Failure)
	}
	if got.Beside != "The sum of 40 and 2 is 42." {
		t.Errorf("the call beside it returned %q", got.Beside)
	}
}

// Scripts that are wrong or hostile end with a message that a model can act
// on, and the gateway goes on serving the same session.
func TestBadScripts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "everything", "memory")
	w.Set("limits", map[string]any{"wall": "100s", "cpu": "2s", "memory": "128MiB"})
	session := connect(t, overHTTP(t, w.Serve(t)), "")
	for _, tc := range []struct {
		name, code string
		wants      []string
	}{
		{"syntax error", "const a = 1;\nconst b = ;\nreturn a", []string{"SyntaxError", "line 2", "const b = ;"}},
		{"endless loop", "while (true) {}", []string{"2 s", "CPU"}},
		{"memory bomb", `const a = []; while (true) a.push("x".repeat(1 << 20) + a.length)`, []string{"memory", "128"}},
		{"never resolves", "await new Promise(() => {})", []string{"promise", "nothing can settle"}},
		{"unknown tool", "await everything.get_summ({a: 1, b: 2})", []string{"get_summ", "did you mean", "get_sum"}},
		{"unknown server", "await everythin.get_sum({a: 1, b: 2})", []string{"everythin", "everything"}},
		{"wrong argument", "\nawait everything.get_sum({a: 1, b: \"two\"})", []string{"everything.get_sum", "b", "number", "string", "line 2"}},
		{"missing argument", "await everything.get_sum({a: 1})", []string{"everything.get_sum", "b: expected number"}},
		{"thrown", "null.x", []string{"TypeError", "line 1"}},
		{"no network", `await fetch("http://127.0.0.1:9/")`, []string{"fetch"}},
		{
			"effects", "await memory.create_entities({entities: []});\nthrow new Error(\"too late\")",
			[]string{"too late", "line 2", "memory.create_entities"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			text, failed := execute(t, session, tc.code)
			if !failed {
				t.Errorf("the result is not marked as an error")
			}
			if missing := lacks(text, tc.wants); missing != nil {
				t.Errorf("the message lacks %q:\n%s", missing, text)
			}
		})
	}
	if text, failed := execute(t, session, `everything.get_sum({a: 40, b: 2})`); failed || text != "The sum of 40 and 2 is 42." {
		t.Errorf("a good script after the bad ones: failed %v, %s", failed, text)
	}
}

// The command line tells a script's failure from its own.
func TestExitCodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config, good := w.Config(t), w.File(t, "good.ts", "return 42")
	for _, tc := range []struct {
		name string
		args []string
		code int
		want string // on standard output for 0, on standard error otherwise
	}{
		{"value", []string{"run", "--config", config, good}, 0, "42"},
		{"script fails", []string{"run", "--config", config, w.File(t, "bad.ts", "throw new Error('no')")}, 1, "no"},
		{"no script", []string{"run", "--config", config, "none.ts"}, 2, "none.ts"},
		{"data is no JSON", []string{"run", "--config", config, good, "--data", "{"}, 2, "--data"},
		{"unknown flag", []string{"run", "--cnfig", config, good}, 2, "--config"},
		{"unknown command", []string{"rnu"}, 2, "run"},
		{"others could reach it", []string{"serve", "--config", config, "--listen", "0.0.0.0:0"}, 2, "token"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			out := finish(t, command(t, w.Home, tc.args...))
			shown := out.Stderr
			if tc.code == 0 {
				shown = out.Stdout
			}
			if out.Code != tc.code || !strings.Contains(shown, tc.want) {
				t.Errorf("exit %d, want %d with %q\nstdout: %s\nstderr: %s", out.Code, tc.code, tc.want, out.Stdout, out.Stderr)
			}
		})
	}
}
