package config_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/bindery-mcp/bindery/gateway/config"
)

const (
	fromEnv     = "resolved-from-the-environment"
	writtenOut  = "written-out-in-the-file"
	inArgument  = "--api-key=written-out-in-the-file"
	secretsYAML = `
mcpServers:
  local:
    command: tool
    args: ["` + inArgument + `", "${env:NAME}"]
    env: {TOKEN: "${env:NAME}", MODE_KEY: "` + writtenOut + `", OLD_TOKEN: "${env:UNSET:-` + writtenOut + `}"}
    passEnv: [NAME]
  remote:
    url: "https://user:` + writtenOut + `@example.com/mcp"
    headers: {Authorization: "Bearer ${env:NAME}", X-Key: "Bearer ` + writtenOut + `"}
clients:
  one: {token: "${env:NAME}"}
`
)

func secrets(t *testing.T) *config.Config {
	t.Helper()
	c, err := config.Parse("bindery.yaml", []byte(secretsYAML))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Resolve(func(name string) (string, bool) { return fromEnv, name == "NAME" }); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	c := secrets(t)
	printed := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t"} {
		printed[verb] = fmt.Sprintf(verb, *c)
		printed["pointer "+verb] = fmt.Sprintf(verb, c)
		printed["value "+verb] = fmt.Sprintf(verb+verb, c.Servers["local"].Env["TOKEN"], c.Servers["local"].Args)
	}
	j, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	y, err := yaml.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := c.Encode()
	if err != nil {
		t.Fatal(err)
	}
	var logged bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&logged, nil), slog.NewJSONHandler(&logged, nil)} {
		slog.New(h).Info("config", "all", c, "one", c.Clients["one"].Token, "url", c.Servers["remote"].URL)
	}
	printed["json"], printed["yaml"], printed["encode"], printed["slog"] = string(j), string(y), string(encoded), logged.String()
	for _, w := range c.Warnings() {
		printed["warnings"] += w.String()
	}
	for how, text := range printed {
		for _, secret := range []string{fromEnv, fmt.Sprintf("%x", fromEnv), writtenOut, fmt.Sprintf("%x", writtenOut)} {
			if strings.Contains(text, secret) {
				t.Errorf("%s shows %s:\n%s", how, secret, text)
			}
		}
	}
	if got := c.Servers["local"].Env["NAME"].Reveal(); got != fromEnv {
		t.Errorf("passEnv gave %q", got)
	}
	if got := c.Servers["remote"].Headers["Authorization"].Reveal(); got != "Bearer "+fromEnv {
		t.Errorf("header is %q", got)
	}
}

func TestEncodeHidesTokens(t *testing.T) {
	c := &config.Config{Clients: map[string]config.Client{"ci": {Token: config.Secret{Value: config.Literal("hunter2")}}}}
	text, err := c.Encode()
	if err != nil || strings.Contains(string(text), "hunter2") || !strings.Contains(string(text), "${env:CI_TOKEN}") {
		t.Errorf("%s, %v", text, err)
	}
}

func TestErrorsHoldNoSecrets(t *testing.T) {
	const input = `
mcpServers:
  a: {command: x, env: {T: "${hunter2-hunter2}"}, headers: {A: "${env:hunter2 hunter2}"}}
  b: {url: "hunter2://user:hunter2@example.com", env: {T: [hunter2]}}
  c: {url: "${env:HOST}"}
clients:
  one: {token: hunter2}
  two: {token: "hunter2${env:X}"}
`
	c, err := config.Parse("bindery.yaml", []byte(input))
	if err == nil {
		t.Fatal("no error")
	}
	if c != nil {
		t.Error("a configuration beside an error")
	}
	for line := range strings.Lines(err.Error()) {
		// The name in a malformed reference is shown: it is what to correct.
		if strings.Contains(line, "hunter2") && !strings.Contains(line, "reference") && !strings.Contains(line, "name of a variable") {
			t.Error(line)
		}
	}
}

func TestReveal(t *testing.T) {
	for text, want := range map[string]string{
		"plain": "plain", "": "", "$${env:X}": "${env:X}", "$$": "$$", "a$b": "a$b", "100%": "100%", "$${": "${",
	} {
		v, err := config.ParseValue(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := v.Reveal(); got != want {
			t.Errorf("%q reveals %q, want %q", text, got, want)
		}
	}
	v, err := config.ParseValue("${env:X}")
	if err != nil || v.Reveal() != "" || v.IsLiteral() {
		t.Errorf("an unresolved reference reveals %q, %v", v.Reveal(), err)
	}
}

// What a reference stands for is a secret also where it is a part of a text.
func TestSecretsOfAServer(t *testing.T) {
	c, err := config.Parse("bindery.yaml", []byte(`
mcpServers:
  db:
    command: db-mcp
    args: ["--dsn", "postgres://me:${env:DB_PASSWORD}@host/x", "${env:HOME}/data", "${env:LEVEL:-debug}"]
    env: {URL: "https://host/${secret:path}?v=1", CACHE: "${env:HOME}/cache"}
`))
	if err != nil {
		t.Fatal(err)
	}
	sources := config.Sources{
		Env: func(name string) (string, bool) {
			v, ok := map[string]string{"DB_PASSWORD": "hunter22", "HOME": "/home/me"}[name]
			return v, ok
		},
		Secret: func(context.Context, string) (string, error) { return "very/secret", nil },
	}
	if err := sources.Resolve(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	s := c.Servers["db"]
	if got := s.Secrets(); !slices.Equal(got, []string{"hunter22", "very/secret"}) {
		t.Errorf("%q", got)
	}
}
