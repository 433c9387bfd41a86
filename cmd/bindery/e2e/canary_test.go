package e2e

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery/backends/backendtest"
)

// canaries are secrets by where they were planted. Each occurs nowhere else.
type canaries map[string]string

// plant returns a secret that looks like nothing in particular: no rule about
// what credentials look like is to help.
func (c canaries) plant(where string) string {
	c[where] = "canary" + strings.Repeat("x", 3) + strings.ReplaceAll(where, " ", "")
	return c[where]
}

// absent wants none of the secrets in what was said in a place.
func (c canaries) absent(t *testing.T, place string, said []byte) {
	t.Helper()
	for where, secret := range c {
		if i := bytes.Index(said, []byte(secret)); i >= 0 {
			t.Errorf("the secret of %s is in %s: …%q…", where, place, said[max(0, i-150):min(len(said), i+len(secret)+50)])
		}
	}
}

// witness is a server over HTTP that notes the requests it gets.
type witness struct {
	mu   sync.Mutex
	seen map[string]bool
	next http.Handler
}

func (h *witness) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	for _, text := range []string{r.Header.Get("Authorization"), r.Header.Get("X-Key"), r.URL.Query().Get("k")} {
		h.seen[text] = true
	}
	h.mu.Unlock()
	h.next.ServeHTTP(w, r)
}

// bearer adds a token to requests.
type bearer struct {
	token string
	next  http.RoundTripper
}

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+b.token)
	return b.next.RoundTrip(r)
}

// A secret reaches the server it is for, and is seen nowhere else.
func TestSecretsAreSeenNowhereElse(t *testing.T) {
	for _, values := range []bool{false, true} {
		t.Run(fmt.Sprintf("audit values %v", values), func(t *testing.T) { secretsAreSeenNowhereElse(t, values) })
	}
}

func secretsAreSeenNowhereElse(t *testing.T, values bool) {
	w, c := newWorld(t), canaries{}
	env := append(environment(w.Home),
		"IN_ENV="+c.plant("env"), "IN_URL="+c.plant("url"), "IN_DOWN="+c.plant("url of a server that is down"),
		"IN_401="+c.plant("url of a server that refuses"), "CLIENT="+c.plant("client"), "UNUSED="+c.plant("unused variable"),
		"PASSED="+c.plant("passEnv"), "BINDERY_SECRETS_PASSPHRASE="+c.plant("passphrase"))
	w.File(t, "in-file", c.plant("file")+"\n")
	w.File(t, "for-cmd", c.plant("cmd")+"\n")
	bindery := func(stdin string, args ...string) outcome {
		cmd := command(t, w.Home, args...)
		cmd.Env, cmd.Stdin = env, strings.NewReader(stdin)
		out := finish(t, cmd)
		c.absent(t, "bindery "+strings.Join(args, " "), []byte(out.Stdout+out.Stderr))
		return out
	}
	for name, where := range map[string]string{"header": "store, in a header", "env": "store, in env"} {
		if out := bindery(c.plant(where), "secret", "set", name); out.Code != 0 {
			t.Fatal(out.Stderr)
		}
	}
	bindery("", "secret", "list")

	own := w.AddFaulty(t, "own")
	maps.Copy(own["env"].(map[string]string), map[string]string{
		"WHO": "own", "A": "${env:IN_ENV}", "B": "${file:in-file}", "C": "${cmd:cat for-cmd}", "D": "${secret:env}", "E": c.plant("written out"),
	})
	own["passEnv"] = []string{"PASSED"}
	w.AddFaulty(t, "other")["env"].(map[string]string)["WHO"] = "other"
	dying := w.AddFaulty(t, "dying", backendtest.DieOnStart)
	dying["env"].(map[string]string)["A"] = "${env:IN_ENV}"
	// One that says its secret wherever it can, as servers do that complain of it.
	w.Add("chatty", map[string]any{
		"command": "sh", "cwd": w.Dir, "env": map[string]string{"A": "${env:IN_ENV}", "PATH": os.Getenv("PATH")},
		"args": []string{"-c", `echo "the token $A is wrong"; echo "bad token: $A" >&2; sleep 0.2; exit 1`},
	})
	seen := &witness{seen: map[string]bool{}, next: backendtest.NewHTTP()}
	add := func(name string, h http.Handler, query string) {
		srv := httptest.NewServer(h)
		t.Cleanup(srv.Close)
		w.Add(name, map[string]any{"url": srv.URL + "/mcp?k=" + query, "headers": map[string]string{
			"Authorization": "Bearer ${secret:header}", "X-Key": c.plant("header written out"),
		}})
	}
	add("remote", seen, "${env:IN_URL}")
	add("refusing", backendtest.NewHTTP(backendtest.Unauthorized), "${env:IN_401}")
	add("failing", backendtest.NewHTTP(backendtest.ServerError), "${env:IN_401}")
	w.Add("down", map[string]any{"url": "http://127.0.0.1:1/${env:IN_DOWN}?k=${env:IN_DOWN}"})
	w.Add("nohost", map[string]any{"url": "http://me:${env:IN_DOWN}@bindery.invalid/mcp"})
	w.Set("clients", map[string]any{"ci": map[string]any{"token": "${env:CLIENT}"}})
	w.Set("audit", map[string]any{"dir": "audit", "values": values})

	gatewayIsSilent(t, w, c, env, values)
	for where, want := range map[string]string{
		"store, in a header": "Bearer " + c["store, in a header"], "header written out": c["header written out"], "url": c["url"],
	} {
		if !seen.seen[want] {
			t.Errorf("the secret of %s did not reach its server", where)
		}
	}
	// The commands that start no gateway, or one of their own.
	w.Set("audit", map[string]any{"dir": "audit2", "values": values})
	config := "--config=" + w.Config(t)
	script := w.File(t, "script.ts", canaryScript)
	for _, args := range [][]string{
		{"-v", "doctor", config}, {"-v", "codegen", "--out", "stubs", config}, {"codegen", "--check", "--out", "stubs", config},
		{"-v", "tools", config}, {"tools", "--json", config}, {"-v", "run", script, config}, {"audit", "query", "--dir", "audit", "--json"},
		{"-v", "call", "down.echo", "{}", config}, {"-v", "call", "own.env", "{}", config}, {"-v", "call", "failing.echo", "{}", config},
	} {
		bindery("", args...)
	}
	if n := everyFile(t, w, c); n < 5 {
		t.Errorf("%d files were looked at", n)
	}
}

// canaryScript has every server say what it can, errors included.
const canaryScript = `
const said = [];
for (const s of ["own", "other", "dying", "remote", "refusing", "failing", "down", "nohost", "chatty"]) {
  for (const [tool, args] of [["env", {}], ["echo", {text: "x"}], ["fail", {text: "no"}], ["rpcerror", {text: "no"}], ["nothing", {}]]) {
    try { said.push(await tools[s][tool](args)) } catch (e) { said.push(String(e), String(e && e.stack), JSON.stringify(e)) }
  }
}
said.push(await tools.search("echo", {limit: 50}), await tools.describe("own.echo"), Object.keys(globalThis));
console.log(JSON.stringify(said)); console.error(JSON.stringify(said));
return said;`

// gatewayIsSilent runs a gateway that logs all it can, and has it do all it can.
func gatewayIsSilent(t *testing.T, w *world, c canaries, env []string, values bool) {
	t.Helper()
	cmd := exec.Command(binary, "-v", "serve", "--config", w.Config(t), "--listen", "127.0.0.1:0")
	cmd.Dir, cmd.Env = w.Home, env
	p, url := start(t, cmd, regexp.MustCompile(`^bindery: listening on (http://\S+/mcp)$`), true)
	pooled := &http.Transport{}
	t.Cleanup(pooled.CloseIdleConnections)
	session := connect(t, &mcp.StreamableClientTransport{Endpoint: url, HTTPClient: &http.Client{Transport: bearer{c["client"], pooled}}}, "")
	arg := c.plant("an argument that is called token")
	for _, code := range []string{
		canaryScript, `await own.echo({token: "` + arg + `", text: "x"}); return 1`, `throw new Error("no")`, `await down.echo({})`,
	} {
		text, _ := execute(t, session, code)
		c.absent(t, "a result", []byte(text))
	}
	base := strings.TrimSuffix(url, "/mcp")
	for _, path := range []string{"/status", "/mcp", "/nothing", "/mcp/nothing"} {
		for _, token := range []string{c["client"], "wrong"} {
			c.absent(t, path, get(t, pooled, base+path, token))
		}
	}
	status := command(t, w.Home, "status", "--json", "--url", base, "--config", filepath.Join(w.Home, "bindery.yaml"))
	status.Env = env
	out := finish(t, status)
	if !strings.Contains(out.Stdout, `"down"`) {
		t.Errorf("status says nothing of the servers:\n%s\n%s", out.Stdout, out.Stderr)
	}
	c.absent(t, "status", []byte(out.Stdout+out.Stderr))
	processesHoldNoOther(t, w, c)
	p.signal(t, syscall.SIGHUP)
	session2, _ := execute(t, session, "return 1")
	c.absent(t, "a result", []byte(session2))
	if err := session.Close(); err != nil {
		t.Error(err)
	}
	p.signal(t, syscall.SIGTERM)
	if err := p.wait(t); err != nil {
		t.Error(err)
	}
	log := p.output()
	c.absent(t, "the log", []byte(log))
	if !strings.Contains(log, "level=DEBUG") && !strings.Contains(log, "level=INFO") {
		t.Errorf("nothing was logged with -v:\n%s", log)
	}
	records, err := filepath.Glob(filepath.Join(w.Home, "audit", "audit-*.jsonl"))
	if err != nil || len(records) == 0 {
		t.Fatalf("no audit log: %v", err)
	}
	data, err := os.ReadFile(records[0])
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(data), `"args":{`) != values {
		t.Errorf("values are recorded: %v", !values)
	}
}

func get(t *testing.T, rt http.RoundTripper, url, token string) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := rt.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var head bytes.Buffer
	if err := res.Header.Write(&head); err != nil {
		t.Fatal(err)
	}
	body := make([]byte, 0, 64<<10)
	if !strings.Contains(res.Header.Get("Content-Type"), "event-stream") {
		if body, err = io.ReadAll(io.LimitReader(res.Body, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	return append(head.Bytes(), body...)
}

// processesHoldNoOther looks at the arguments of every process, and at the
// environment of the servers.
func processesHoldNoOther(t *testing.T, w *world, c canaries) {
	t.Helper()
	dirs, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		t.Fatal(err)
	}
	if len(dirs) == 0 {
		return // no /proc here
	}
	mine := []string{"env", "file", "cmd", "store, in env", "written out", "passEnv"}
	found := 0
	for _, dir := range dirs {
		args, err := os.ReadFile(filepath.Join(dir, "cmdline"))
		if err != nil {
			continue // it has ended
		}
		c.absent(t, "the arguments of a process", args)
		cwd, err := os.Readlink(filepath.Join(dir, "cwd"))
		environ, readable := os.ReadFile(filepath.Join(dir, "environ"))
		if err != nil || readable != nil || cwd != w.Dir || bytes.Contains(args, []byte("the token")) {
			continue
		}
		switch {
		case bytes.Contains(environ, []byte("WHO=own\x00")):
			found++
			others := canaries{}
			for where, secret := range c {
				if !slices.Contains(mine, where) {
					others[where] = secret
				} else if !bytes.Contains(environ, []byte("="+secret+"\x00")) {
					t.Errorf("the secret of %s did not reach its server", where)
				}
			}
			others.absent(t, "the environment of the server own", environ)
		case bytes.Contains(environ, []byte("WHO=other\x00")):
			found++
			c.absent(t, "the environment of another server", environ)
		}
	}
	if found != 2 {
		t.Errorf("%d servers were looked at", found)
	}
}

// everyFile looks at all that was written: stubs, caches, the audit log, the
// store. Only the files that held a secret before may hold it. It returns how
// many others there are.
func everyFile(t *testing.T, w *world, c canaries) (n int) {
	t.Helper()
	err := filepath.WalkDir(w.Home, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		switch filepath.Base(path) {
		case "in-file", "for-cmd", "bindery.yaml":
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		n++
		rel, _ := filepath.Rel(w.Home, path)
		c.absent(t, rel, data)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return n
}
