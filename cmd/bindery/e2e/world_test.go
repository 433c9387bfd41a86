package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// world is one test's own place: a home for bindery, a folder for the servers
// behind it, and the configuration that names them.
type world struct {
	// Home is bindery's HOME, and Dir the servers' HOME and working folder.
	Home, Dir string
	config    map[string]any
	servers   map[string]any
}

// newWorld returns a world with the pinned servers of these names. When the
// test ends, nothing may be left running that was started there.
func newWorld(t *testing.T, servers ...string) *world {
	t.Helper()
	// What a server reports as a path is compared with Dir, so it has no links in it.
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{Home: filepath.Join(root, "home"), Dir: filepath.Join(root, "dir"), servers: map[string]any{}}
	w.config = map[string]any{"mcpServers": w.servers}
	for _, d := range []string{w.Home, w.Dir} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	// Registered before anything is started, this runs after all of it was stopped.
	t.Cleanup(func() { nothingRunsIn(t, w.Dir) })
	known := npmServers()
	for _, name := range servers {
		s, ok := known[name]
		if !ok {
			t.Fatalf("no pinned server is called %s", name)
		}
		w.Add(name, w.stdio(t, s))
	}
	return w
}

// Add adds a server's entry to the configuration.
func (w *world) Add(name string, entry map[string]any) { w.servers[name] = entry }

// Set sets another key of the configuration.
func (w *world) Set(key string, value any) { w.config[key] = value }

func (w *world) here(s string) string { return strings.ReplaceAll(s, "{dir}", w.Dir) }

func (w *world) stdio(t *testing.T, s npmServer) map[string]any {
	t.Helper()
	args := []string{npm(t, s.Entry)}
	for _, a := range s.Args {
		args = append(args, w.here(a))
	}
	env := map[string]string{"HOME": w.Dir, "PATH": os.Getenv("PATH")}
	for k, v := range s.Env {
		env[k] = w.here(v)
	}
	return map[string]any{"command": node(t), "args": args, "env": env, "cwd": w.Dir}
}

// AddHTTP starts server-everything as a Streamable HTTP server and adds it.
func (w *world) AddHTTP(t *testing.T, name string) {
	t.Helper()
	shim, err := filepath.Abs("testdata/loopback.mjs")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node(t), "--import", shim, npm(t, npmServers()["everything"].Entry), "streamableHttp")
	cmd.Dir = w.Dir
	cmd.Env = append(environment(w.Dir), "PORT=0")
	_, port := start(t, cmd, regexp.MustCompile(`^loopback port (\d+)`), false)
	w.Add(name, map[string]any{"url": "http://127.0.0.1:" + port + "/mcp"})
}

// Config writes the configuration and returns its path. JSON is YAML too.
func (w *world) Config(t *testing.T) string {
	t.Helper()
	data, err := json.MarshalIndent(w.config, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return w.File(t, "bindery.yaml", string(data))
}

// File writes a file into bindery's home and returns its path.
func (w *world) File(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(w.Home, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Run runs a script with `bindery run`.
func (w *world) Run(t *testing.T, script string, args ...string) outcome {
	t.Helper()
	file := w.File(t, "script.ts", script)
	return finish(t, command(t, w.Home, append([]string{"run", "--config", w.Config(t), file}, args...)...))
}

// Value runs a script that has to succeed, and decodes what it printed.
func (w *world) Value(t *testing.T, script string, into any, args ...string) {
	t.Helper()
	out := w.Run(t, script, args...)
	if out.Code != 0 {
		t.Fatalf("exit %d\nstdout: %.4000s\nstderr: %.4000s", out.Code, out.Stdout, out.Stderr)
	}
	if err := json.Unmarshal([]byte(out.Stdout), into); err != nil {
		t.Fatalf("stdout is no JSON: %v\nstdout: %.4000s\nstderr: %.4000s", err, out.Stdout, out.Stderr)
	}
}

// Serve starts `bindery serve` and returns its MCP endpoint.
func (w *world) Serve(t *testing.T) string {
	t.Helper()
	_, url := w.Gateway(t)
	return url
}

// Gateway starts `bindery serve` and returns it and its MCP endpoint.
func (w *world) Gateway(t *testing.T) (p *process, url string) {
	t.Helper()
	cmd := exec.Command(binary, "serve", "--config", w.Config(t), "--listen", "127.0.0.1:0")
	cmd.Dir = w.Home
	cmd.Env = environment(w.Home)
	return start(t, cmd, regexp.MustCompile(`^bindery: listening on (http://\S+/mcp)$`), true)
}

// nothingRunsIn fails if a process has its working folder in dir: servers
// start there, and none may outlive the gateway that started it. Where there
// is no /proc it cannot tell.
func nothingRunsIn(t *testing.T, dir string) {
	t.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil {
		t.Error(err)
		return
	}
	for _, link := range links {
		cwd, err := os.Readlink(link)
		if err != nil || cwd != dir && !strings.HasPrefix(cwd, dir+"/") {
			continue
		}
		cmdline, err := os.ReadFile(filepath.Join(filepath.Dir(link), "cmdline"))
		if err != nil {
			continue // it ended just now
		}
		t.Errorf("still running: %s", fmt.Sprintf("%q", strings.Split(string(cmdline), "\x00")))
	}
}
