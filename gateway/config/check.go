package config

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/bindery-mcp/bindery/internal/loopback"
	"github.com/bindery-mcp/bindery/internal/spelling"
)

func (s *Server) isServer() {}

func (s *Server) check(r *report, n *node, path string) {
	s.pos = n.pos
	s.checkType(r, n, path)
	switch remote, local := n.get("url") != nil || s.IsRemote(), n.get("command") != nil; {
	case remote && local:
		r.add(n.pos, path, "has both command and url", "keep the one that is meant")
	case !remote && !local && almost(n, "command", "url"):
	case !remote && !local:
		r.add(n.pos, path, "has neither command nor url", "write one of them")
	case local && empty(n.get("command")):
		r.add(n.get("command").pos, join(path, "command"), "is empty", "")
	case local:
		misplaced(r, n, path, "command", "headers", "oauth", "forward", "http_headers", "env_http_headers", "bearer_token_env_var")
	case empty(n.get("url")):
		r.add(n.get("url").pos, join(path, "url"), "is empty", "")
	default:
		misplaced(r, n, path, "url", "args", "env", "passEnv", "env_vars", "cwd")
		if s.IsRemote() && s.URL.IsLiteral() {
			if err := checkURL(s.URL.Reveal()); err != nil {
				r.add(s.URL.pos, join(path, "url"), err.Error(), "")
			}
		}
	}
	for name, v := range s.Env {
		if name == "" || strings.ContainsAny(name, "=\x00") {
			r.add(v.pos, join(path, "env"), quote(name)+" is not the name of a variable", "")
		}
	}
	for name, v := range s.Headers {
		if !isToken(name) {
			r.add(v.pos, join(path, "headers"), quote(name)+" is not the name of a header", "")
		}
	}
	s.checkOAuth(r, path)
	s.checkForward(r, n, path)
	for i, name := range s.PassEnv {
		if name == "" || strings.ContainsAny(name, "=\x00") {
			r.add(itemPos(n, "passEnv", i), join(path, "passEnv"), quote(name)+" is not the name of a variable", "")
		}
	}
	checkGlobs(r, n, path, "enabledTools", s.EnabledTools)
	checkGlobs(r, n, path, "disabledTools", s.DisabledTools)
}

func empty(n *node) bool {
	return n != nil && n.text == "" && (n.kind == stringNode || n.kind == nullNode)
}

// almost reports whether a key of n is probably one of those wanted, which has
// been said already.
func almost(n *node, wanted ...string) bool {
	for _, e := range n.entries {
		for _, w := range wanted {
			if spelling.Distance(e.key, w, 2) <= 2 {
				return true
			}
		}
	}
	return false
}

func (s *Server) checkType(r *report, n *node, path string) {
	at := n.pos
	if t := n.get("type"); t != nil {
		at = t.pos
	}
	switch spelling.Fold(string(s.Type)) {
	case "":
	case "stdio":
		s.Type = Stdio
	case "http", "streamable", "streamablehttp":
		s.Type = HTTP
	case "sse":
		s.Type = SSE
	case "ws", "websocket":
		s.Type = WebSocket
	default:
		r.add(at, join(path, "type"), quote(string(s.Type))+" is no kind of connection", "known are stdio, http, sse, websocket")
		s.Type = ""
	}
	switch {
	case s.Type == Stdio && s.IsRemote():
		r.add(at, join(path, "type"), "stdio does not go with a url", "remove type")
	case s.Type != "" && s.Type != Stdio && !s.Command.IsZero():
		r.add(at, join(path, "type"), quote(string(s.Type))+" does not go with a command", "remove type")
	case s.Type == Stdio || s.Type == HTTP:
		s.Type = "" // as the command or the URL says
	}
	if s.Isolate != "" && s.Isolate != PerSession {
		r.add(n.get("isolate").pos, join(path, "isolate"), quote(string(s.Isolate))+" is not known", "write session, or remove it")
	}
	for i, a := range s.Asks {
		if a != Elicitation && a != Sampling {
			r.add(itemPos(n, "asks", i), join(path, "asks"), quote(string(a))+" is nothing that a server can ask for", "known are elicitation, sampling")
		}
	}
	for i, root := range s.Roots {
		if u, err := url.Parse(root); err != nil || u.Scheme != "file" || u.Path == "" {
			r.add(itemPos(n, "roots", i), join(path, "roots"), quote(root)+" is not a file URI", "write it like file:///home/me/project")
		}
	}
}

// misplaced reports keys that mean nothing for the other kind of server.
func misplaced(r *report, n *node, path, kind string, keys ...string) {
	for _, key := range keys {
		if v := n.get(key); v != nil && (len(v.entries) > 0 || len(v.items) > 0 || v.text != "") {
			r.add(v.pos, join(path, key), "does not go with "+kind, "remove it")
		}
	}
}

func checkGlobs(r *report, n *node, path, key string, globs []Glob) {
	for i, g := range globs {
		if err := checkGlob(string(g)); err != nil {
			r.add(itemPos(n, key, i), join(path, key), err.Error(), "")
		}
	}
}

func checkGlob(g string) error {
	if g == "" {
		return fmt.Errorf("an empty pattern matches nothing")
	}
	if i := strings.IndexAny(g, "[]{}!,\\ \t\n"); i >= 0 {
		return fmt.Errorf("%s: %q has no meaning in a pattern; only * and ? do", quote(g), g[i:i+1])
	}
	return nil
}

func itemPos(n *node, key string, i int) Pos {
	list := n.get(key)
	if list != nil && i < len(list.items) {
		return list.items[i].pos
	}
	return n.pos
}

// checkName wants names that can be written in a tool's id, in a URL and in
// the configuration of any client.
func checkName(r *report, e entry, path string) {
	if len(e.key) > 64 {
		r.add(e.pos, join(path, e.key), "a name has at most 64 characters", "")
		return
	}
	ok := e.key != ""
	for _, c := range []byte(e.key) {
		ok = ok && (c == '_' || c == '.' || c == '-' || isAlnum(c))
	}
	if !ok {
		r.add(e.pos, path, quote(e.key)+" cannot be a name", "use letters, digits, _ . and -")
	}
}

func isAlnum(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// isToken reports whether s is a token of RFC 9110, section 5.6.2.
func isToken(s string) bool {
	for _, c := range []byte(s) {
		if !isAlnum(c) && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	return s != ""
}

// checkURL never quotes the URL: it may hold a credential.
func checkURL(s string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return fmt.Errorf("is not a URL")
	case u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "ws" && u.Scheme != "wss":
		return fmt.Errorf("is not a URL that begins with http://, https://, ws:// or wss://")
	case u.Host == "":
		return fmt.Errorf("names no host")
	}
	return nil
}

func checkPatterns(r *report, n *node, path, key string, patterns []ToolPattern) {
	for i, p := range patterns {
		at := itemPos(n, key, i)
		if err := checkGlob(string(p)); err != nil {
			r.add(at, join(path, key), err.Error(), "")
		} else if p != "*" && !strings.Contains(strings.Trim(string(p), "."), ".") {
			r.add(at, join(path, key), quote(string(p))+" names no tool", "write it as server.tool, such as "+clip(string(p), 60)+".*")
		}
	}
}

func (c *Config) check(r *report, n *node, _ string) {
	if l := n.get("listen"); l != nil && l.kind == stringNode {
		if err := c.checkListen(); err != nil {
			r.add(l.pos, "listen", err.Error(), "")
		}
	}
	if c.Sandbox.Workers > MaxWorkers {
		r.add(n.get("sandbox").get("workers").pos, "sandbox.workers", fmt.Sprintf("more than %d workers", MaxWorkers), "")
	}
	if views := n.get("views"); views != nil {
		for _, e := range views.entries {
			checkName(r, e, "views")
			c.checkView(r, e)
		}
	}
	c.checkAccess(r, n)
	c.checkQuotas(r, n)
	clients := n.get("clients")
	if clients == nil {
		return
	}
	for _, e := range clients.entries {
		checkName(r, e, "clients")
		if e.key == "anonymous" {
			// It would share kept values and workers with them.
			r.add(e.pos, join("clients", e.key), "is what callers without a token are called", "choose another name")
		}
	}
}

// CheckAddress says what is wrong with an address to listen on, whoever can
// reach it.
func CheckAddress(address string) error {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("%s is not an address; write it like %s", quote(address), DefaultListen)
	}
	if p, err := strconv.Atoi(port); err != nil || p < 0 || p > 65535 {
		return fmt.Errorf("%s is not a port; write a number from 0 to 65535", quote(port))
	}
	return nil
}

func (c *Config) checkListen() error {
	if err := CheckAddress(c.Listen); err != nil {
		return err
	}
	if !loopback.Host(c.Listen) && !c.Authenticates() {
		return fmt.Errorf("%s can be reached from other machines, and there are no clients with tokens; add clients, or listen on 127.0.0.1",
			quote(c.Listen))
	}
	return nil
}
