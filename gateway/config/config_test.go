package config_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/jsonschema-go/jsonschema"
	"go.yaml.in/yaml/v4"

	"github.com/bindery-mcp/bindery/gateway/config"
)

func TestSchemaGolden(t *testing.T) {
	got, err := config.Schema()
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := config.Schema(); !bytes.Equal(again, got) {
		t.Error("the schema is not the same twice")
	}
	const golden = "testdata/schema.json"
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestSchemaAgreesWithLoad holds the schema to what Parse takes.
func TestSchemaAgreesWithLoad(t *testing.T) {
	text, err := config.Schema()
	if err != nil {
		t.Fatal(err)
	}
	var s jsonschema.Schema
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	schema, err := s.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, yaml string
		ok         bool
	}{
		{"sample", sample, true},
		{"secrets", secretsYAML, true},
		{"empty", "{}", true},
		{"serial", "mcpServers: {a: {command: x, concurrency: serial, enabled: false, required: true, cwd: /x}}", true},
		{"limits", "limits: {wall: 1m30s, memory: 5 GB, result: 10, calls: 3}", true},
		{"unknown key", "mcpServers: {a: {command: x, foo: 1}}", false},
		{"both", "mcpServers: {a: {command: x, url: 'http://x'}}", false},
		{"neither", "mcpServers: {a: {args: [x]}}", false},
		{"name", "mcpServers: {'a b': {command: x}}", false},
		{"duration", "limits: {wall: 30}", false},
		{"size", "limits: {memory: much}", false},
		{"concurrency", "mcpServers: {a: {command: x, concurrency: 0}}", false},
		{"workers", "sandbox: {workers: 1000}", false},
		{"negative", "inlineTokens: -1", false},
		{"pattern", "clients: {a: {token: '${env:X}', allow: [github]}}", false},
		{"no token", "clients: {a: {allow: [github.x]}}", true},
		{"policy", "policy: {labels: {private: [notes.*]}, rules: [{name: a, when: 'true', effect: ask, reason: why}], default: deny, flow: off}\npin: quarantine", true},
		{"effect", "policy: {rules: [{name: a, effect: permit}]}", false},
		{"rule without a name", "policy: {rules: [{effect: deny}]}", false},
		{"flow", "policy: {flow: allow}", false},
		{"label", "policy: {labels: {'a b': [x.y]}}", false},
		{"pin", "pin: maybe", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var v any
			if err := yaml.Unmarshal([]byte(tt.yaml), &v); err != nil {
				t.Fatal(err)
			}
			j, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			var instance any
			if err := json.Unmarshal(j, &instance); err != nil {
				t.Fatal(err)
			}
			_, loadErr := config.Parse("bindery.yaml", []byte(tt.yaml))
			if schemaErr := schema.Validate(instance); (schemaErr == nil) != tt.ok || (loadErr == nil) != tt.ok {
				t.Errorf("want ok %v; schema says %v, Parse says %v", tt.ok, schemaErr, loadErr)
			}
		})
	}
}

const sample = `
listen: 127.0.0.1:9000
mcpServers:
  zeta: {command: npx, args: [-y, "@scope/server", "$${HOME}", "8080", "true"], env: {GITHUB_TOKEN: "${env:GITHUB_TOKEN}", MODE: "no"}}
  alpha: {url: "https://example.com/mcp", headers: {Authorization: "Bearer ${file:token}"}, callTimeout: 90s, concurrency: 4}
  mid: {command: "${env:TOOL:-tool}", enabled: false, startupTimeout: 1h, concurrency: serial, enabledTools: ["a*"], passEnv: [PATH]}
clients:
  ci: {token: "${env:CI_TOKEN}", allow: ["zeta.*"], deny: ["*.delete_*"]}
limits: {wall: 2m, memory: 512MiB, logs: 1000, calls: 7}
sandbox: {workers: 4}
inlineTokens: 200
`

func TestEncodeRoundTrip(t *testing.T) {
	c, err := config.Parse("bindery.yaml", []byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	first, err := c.Encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := config.Parse("bindery.yaml", first)
	if err != nil {
		t.Fatalf("%v\n%s", err, first)
	}
	second, err := again.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(first), string(second)); diff != "" {
		t.Errorf("-first +second:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"zeta", "alpha", "mid"}, again.ServerNames()); diff != "" {
		t.Error(diff)
	}
	zeta := again.Servers["zeta"]
	if got := zeta.Args[2].Reveal() + zeta.Args[3].Reveal() + zeta.Env["MODE"].Reveal(); got != "${HOME}8080no" {
		t.Errorf("arguments changed: %q\n%s", got, first)
	}
	if again.Limits.Wall != 2*time.Minute || again.Limits.Logs != 1000 || again.Servers["mid"].IsEnabled() {
		t.Errorf("values changed:\n%s", first)
	}
}

func TestEncodeReplacesCredentials(t *testing.T) {
	c, err := config.Parse(".mcp.json", []byte(`{"mcpServers": {
		"one": {"command": "x", "args": ["--token", "abc", "--level", "3"], "env": {"API_KEY": "first", "MODE": "fast"}},
		"two": {"command": "x", "env": {"API_KEY": "second", "OTHER_KEY": "first"}},
		"three": {"url": "https://example.com/mcp?api_key=abc", "headers": {"Authorization": "Bearer abc"}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Encode()
	if err != nil {
		t.Fatal(err)
	}
	const want = `# Credentials do not belong in this file. Set these variables before bindery starts:
#   ONE_ARG (mcpServers.one.args[1])
#   API_KEY (mcpServers.one.env.API_KEY)
#   TWO_API_KEY (mcpServers.two.env.API_KEY)
#   OTHER_KEY (mcpServers.two.env.OTHER_KEY)
#   THREE_URL (mcpServers.three.url)
#   THREE_AUTHORIZATION (mcpServers.three.headers.Authorization)
mcpServers:
  one:
    command: x
    args: [--token, '${env:ONE_ARG}', --level, '3']
    env:
      API_KEY: ${env:API_KEY}
      MODE: fast
  two:
    command: x
    env:
      API_KEY: ${env:TWO_API_KEY}
      OTHER_KEY: ${env:OTHER_KEY}
  three:
    url: ${env:THREE_URL}
    headers:
      Authorization: Bearer ${env:THREE_AUTHORIZATION}
`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if v := c.Servers["one"].Env["API_KEY"]; v.Reveal() != "first" {
		t.Error("Encode changed the configuration itself")
	}
}

func TestPatterns(t *testing.T) {
	client := config.Client{Allow: []config.ToolPattern{"git.*", "*.read_?"}, Deny: []config.ToolPattern{"git.delete_*"}}
	for _, tt := range []struct {
		server, tool string
		want         bool
	}{
		{"git", "log", true}, {"git", "a.b", true}, {"git", "delete_all", false}, {"git.internal", "log", false},
		{"other", "read_x", true}, {"other", "read_xy", false}, {"other", "log", false},
	} {
		if got := client.Allows(tt.server, tt.tool); got != tt.want {
			t.Errorf("%s.%s: %v", tt.server, tt.tool, got)
		}
	}
	if !(config.Client{}).Allows("a", "b") {
		t.Error("a client without lists may not call")
	}
	if (config.Client{Deny: []config.ToolPattern{"*"}}).Allows("a", "b") {
		t.Error("deny * allows")
	}
	s := config.Server{EnabledTools: []config.Glob{"a*", "b"}, DisabledTools: []config.Glob{"*z"}}
	for tool, want := range map[string]bool{"a": true, "abc": true, "abz": false, "b": true, "bc": false, "c": false} {
		if got := s.Offers(tool); got != want {
			t.Errorf("%s: %v", tool, got)
		}
	}
	if (config.Server{EnabledTools: []config.Glob{}}).Offers("a") {
		t.Error("an empty list of enabled tools offers one")
	}
}

func TestFind(t *testing.T) {
	home, dir := t.TempDir(), t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", home)
	t.Chdir(dir)
	if _, err := config.Find(); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), home) {
		t.Errorf("without a file: %v", err)
	}
	user := filepath.Join(home, "bindery", "bindery.yaml")
	write(t, user, "")
	if got, err := config.Find(); err != nil || got != user {
		t.Errorf("%q, %v", got, err)
	}
	write(t, "bindery.yaml", "")
	if got, err := config.Find(); err != nil || got != "bindery.yaml" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestLoadBounds(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"large.yaml":    strings.Repeat("#", config.MaxFile+1),
		"nested.json":   strings.Repeat(`{"a":`, 100_000),
		"nested.toml":   "a = " + strings.Repeat("[", 100_000),
		"dotted.toml":   "a" + strings.Repeat(".a", 100_000) + " = 1",
		"header.toml":   "[a" + strings.Repeat(".a", 100_000) + "]",
		"nested.yaml":   strings.Repeat("[", 100_000),
		"dashes.yaml":   strings.Repeat("- ", 100_000) + "x",
		"deep.json":     strings.Repeat(`[`, 40) + strings.Repeat(`]`, 40),
		"binary.yaml":   "a: \xff\xfe",
		"manykeys.toml": "[mcp_servers]\n" + numbered(50_000, "k%d = 1\n"),
		"inline.toml":   "a = {" + numbered(50_000, "k%d = 1, ") + "z = 1}",
		"oneline.json":  `{"mcpServers": {"a": {"command": "x", "args": [` + strings.Repeat("[],", 50_000) + `]}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(dir, name)
			write(t, path, text)
			_, err := config.Load(path)
			if err == nil {
				t.Fatal("no error")
			}
			if n := len(err.Error()); n > 64<<10 {
				t.Errorf("an error of %d bytes", n)
			}
		})
	}
	if _, err := config.Load(filepath.Join(dir, "absent.yaml")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an absent file: %v", err)
	}
}

func TestReferenceToFileIsBounded(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "big"), strings.Repeat("x", config.MaxReference+1))
	write(t, filepath.Join(dir, "bindery.yaml"), `mcpServers: {a: {command: x, env: {T: "${file:big}"}}}`)
	if _, err := config.Load(filepath.Join(dir, "bindery.yaml")); err == nil || !strings.Contains(err.Error(), "larger than 64 KiB") {
		t.Error(err)
	}
}

func TestParseSize(t *testing.T) {
	for text, want := range map[string]config.Size{
		"0": 0, "12": 12, "12B": 12, "1KiB": 1024, "3 MiB": 3 << 20, "2GiB": 2 << 30, "5kB": 5000, "1GB": 1e9,
	} {
		got, err := config.ParseSize(text)
		if err != nil || got != want {
			t.Errorf("%q: %d, %v", text, got, err)
		}
		if again, err := config.ParseSize(got.String()); err != nil || again != want {
			t.Errorf("%q prints as %q", text, got)
		}
	}
	for _, text := range []string{"", "MiB", "-1", "1.5MiB", "9999999999GiB", "1TiB", "1 2"} {
		if got, err := config.ParseSize(text); err == nil {
			t.Errorf("%q: %d", text, got)
		}
	}
}

// A server is the same wherever its entry stands, and another if anything in it is.
func TestServerSame(t *testing.T) {
	parse := func(text string) config.Server {
		t.Helper()
		c, err := config.Parse("bindery.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return c.Servers["s"]
	}
	const remote = `{url: "https://a.example/mcp", headers: {X-Key: one}, oauth: {clientId: me, clientSecret: two, grant: client_credentials}}`
	const local = `{command: a, args: [b, c], env: {D: e}, cwd: /}`
	for _, tt := range []struct {
		one, other string
		same       bool
	}{
		{local, local, true},
		{remote, remote, true},
		{local, `{command: a, args: [b, d], env: {D: e}, cwd: /}`, false},
		{local, `{command: a, args: [b, c], env: {D: f}, cwd: /}`, false},
		{local, `{command: a, args: [b, c], env: {D: e}, cwd: /, lazy: true}`, false},
		{remote, strings.Replace(remote, "two", "three", 1), false},
		{remote, strings.Replace(remote, "one", "zero", 1), false},
	} {
		one, other := parse("mcpServers:\n  s: "+tt.one), parse("# moved\nmcpServers:\n  other: {command: x}\n  s:   "+tt.other)
		if got := one.Same(other); got != tt.same {
			t.Errorf("%s and %s: got %t", tt.one, tt.other, got)
		}
		if !one.Same(parse("mcpServers:\n  s: " + tt.one)) {
			t.Errorf("%s is not what it was", tt.one)
		}
	}
}
