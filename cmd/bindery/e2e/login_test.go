package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery/backends/backendtest"
	"github.com/bindery-mcp/bindery/internal/issuertest"
)

// account is a world with the server docs, which wants a login at a provider.
type account struct {
	*world

	issuer *issuertest.Issuer
	url    string // of docs
	said   map[string]string
}

// newAccount returns an account that nobody has logged in to. takes is asked
// whether docs takes a request whose token the provider knows.
func newAccount(t *testing.T, takes func(r *http.Request) bool) *account {
	t.Helper()
	a := &account{world: newWorld(t), issuer: issuertest.New(t), said: map[string]string{}}
	a.url = a.issuer.Protect(t, backendtest.NewHTTP(), takes, false).URL + "/mcp"
	a.Add("docs", map[string]any{
		"url": a.url, "oauth": map[string]string{"clientId": issuertest.Native}, "headers": map[string]string{"X-Gateway": "${env:GATEWAY:-none}"},
	})
	return a
}

// bindery runs a command to its end.
func (a *account) bindery(t *testing.T, args ...string) outcome {
	t.Helper()
	out := finish(t, command(t, a.Home, append(args, "-v", "--config", a.Config(t))...))
	a.said["bindery "+strings.Join(args, " ")] += out.Stdout + out.Stderr
	return out
}

// logIn logs in as somebody does whose browser is on another machine: the address
// that the program prints goes there, and the one where the browser ends comes back.
func (a *account) logIn(t *testing.T) {
	t.Helper()
	cmd := exec.Command(binary, "-v", "login", "docs", "--no-browser", "--config", a.Config(t))
	cmd.Dir, cmd.Env = a.Home, environment(a.Home)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	p, page := start(t, cmd, regexp.MustCompile(`^ +(http://\S+)$`), true)
	back, err := issuertest.Browse(t.Context(), page)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(stdin, back.String()+"\n"); err != nil {
		t.Fatal(err)
	}
	if err := p.wait(t); err != nil || !strings.HasSuffix(p.output(), "\nbindery: logged in to docs at "+a.issuer.URL+"\n") {
		t.Fatalf("the login ended with %v:\n%s", err, p.output())
	}
	a.said["bindery login"] += p.output()
}

// gateway starts `bindery serve`; docs hears which one calls.
func (a *account) gateway(t *testing.T, name string) (p *process, url string) {
	t.Helper()
	cmd := exec.Command(binary, "-v", "serve", "--config", a.Config(t), "--listen", "127.0.0.1:0")
	cmd.Dir, cmd.Env = a.Home, append(environment(a.Home), "GATEWAY="+name)
	return start(t, cmd, regexp.MustCompile(`^bindery: listening on (http://\S+/mcp)$`), true)
}

// kept are the fields of the login that is kept, and where that is.
func (a *account) kept(t *testing.T) (path string, token map[string]any) {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(a.Home, ".config", "bindery", "tokens", "*.json"))
	if err != nil || len(list) != 1 {
		t.Fatalf("kept are %q, %v", list, err)
	}
	info, err := os.Stat(list[0])
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%s can be read by others: %v, %v", list[0], info, err)
	}
	data, err := os.ReadFile(list[0])
	if err == nil {
		err = json.Unmarshal(data, &token)
	}
	if err != nil {
		t.Fatal(err)
	}
	return list[0], token
}

// secrets are all that nobody may see of the logins there were.
func (a *account) secrets(t *testing.T) canaries {
	t.Helper()
	c := canaries{}
	for _, r := range a.issuer.Requests("/oauth/token") {
		for _, name := range []string{"code", "code_verifier", "refresh_token"} {
			if value := r.Form.Get(name); value != "" {
				c[name+" "+value[:4]] = value
			}
		}
	}
	_, token := a.kept(t)
	for _, name := range []string{"access_token", "refresh_token"} {
		value, _ := token[name].(string)
		if len(value) < 20 {
			t.Fatalf("the %s is %q", name, value)
		}
		c["kept "+name+" "+value[len(value)-4:]] = value
	}
	return c
}

// silent wants none of the secrets in what programs have said.
func (a *account) silent(t *testing.T, c canaries) {
	t.Helper()
	for what, text := range a.said {
		c.absent(t, what, []byte(text))
	}
}

// wantsLogin fails unless a call ends with the way to mend it.
func (a *account) wantsLogin(t *testing.T) {
	t.Helper()
	if out := a.bindery(t, "call", "docs.echo", `{"alpha":1}`); out.Code != 1 || !strings.Contains(out.Stderr, "run: bindery login docs") {
		t.Errorf("a call without a login: exit %d\n%s", out.Code, out.Stderr)
	}
}

// What a person does about a server that wants a login: nobody is let in before,
// every command and a gateway that runs are after, and nobody is once they have
// logged out. What it takes is seen nowhere on the way.
func TestLoginHoldsUntilLogout(t *testing.T) {
	t.Parallel()
	a := newAccount(t, nil)
	p, endpoint := a.gateway(t, "one")
	session := connect(t, overHTTP(t, endpoint), "")
	call := func() (text string, failed bool) {
		text, failed = execute(t, session, `return (await docs.echo({alpha: 42})).alpha`)
		a.said["results"] += text + "\n"
		return text, failed
	}
	a.wantsLogin(t)
	if text, failed := call(); !failed || !strings.Contains(text, "bindery login docs") {
		t.Errorf("a script without a login: %s", text)
	}

	a.logIn(t)
	first := a.secrets(t)
	if out := a.bindery(t, "call", "docs.echo", `{"alpha":42}`); out.Code != 0 || !strings.Contains(out.Stdout, "42") {
		t.Errorf("a call: exit %d\n%s%s", out.Code, out.Stdout, out.Stderr)
	}
	if out := a.bindery(t, "doctor"); !regexp.MustCompile(`(?m)^ok +docs +\d+ tools`).MatchString(out.Stdout) {
		t.Errorf("doctor says\n%s%s", out.Stdout, out.Stderr)
	}
	eventually(t, func() string {
		if text, failed := call(); failed || text != "42" {
			return "the gateway that was there before the login says " + text
		}
		return ""
	})

	_, token := a.kept(t)
	access, _ := token["access_token"].(string)
	if out := a.bindery(t, "logout", "docs"); out.Code != 0 || !strings.Contains(out.Stderr, "bindery: logged out of docs\n") {
		t.Errorf("logout: exit %d\n%s", out.Code, out.Stderr)
	}
	if n := everyFile(t, a.world, first); n == 0 {
		t.Error("no file was looked at")
	}
	if got := status(t, a.url, access); got != http.StatusUnauthorized {
		t.Errorf("whoever has kept the token is answered %d", got)
	}
	if text, failed := call(); !failed || !strings.Contains(text, "bindery login docs") {
		t.Errorf("a script after the logout: %s", text)
	}
	a.wantsLogin(t)
	if out := a.bindery(t, "logout", "docs"); out.Code != 0 || !strings.Contains(out.Stderr, "nobody was logged in to docs") {
		t.Errorf("another logout: exit %d\n%s", out.Code, out.Stderr)
	}

	a.logIn(t)
	eventually(t, func() string {
		if text, failed := call(); failed || text != "42" {
			return "the gateway says after the next login " + text
		}
		return ""
	})
	a.said["the gateway's log"] = p.output()
	a.silent(t, first)
	a.silent(t, a.secrets(t))
}

// status is what a server answers to a request with a token.
func status(t *testing.T, url, token string) int {
	t.Helper()
	own := &http.Transport{}
	defer own.CloseIdleConnections()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(initialize("2025-11-25")))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	resp, err := (&http.Client{Transport: bearer{token, own}}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}
