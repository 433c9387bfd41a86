package config_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery/gateway/config"
)

// fakeSources answer from what they are asked, and count.
func fakeSources(asked map[string]int) config.Sources {
	return config.Sources{
		Env: func(string) (string, bool) { return "", false },
		Keychain: func(_ context.Context, service, account string) (string, error) {
			asked["keychain"]++
			return "<" + service + "|" + account + ">", nil
		},
		Command: func(_ context.Context, dir string, argv []string) (string, error) {
			asked["cmd"]++
			return dir + "<" + strings.Join(argv, "|") + ">", nil
		},
		Secret: func(_ context.Context, name string) (string, error) {
			asked["secret"]++
			return "<" + name + ">", nil
		},
	}
}

func TestReferences(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"${secret:a.b_C-9}":                       "<a.b_C-9>",
		"Bearer ${secret:a}!":                     "Bearer <a>!",
		"${keychain:https://x.example/api/me}":    "<https://x.example/api|me>",
		"${cmd:op read 'op://My vault/x/y'}":      ".<op|read|op://My vault/x/y>",
		`${cmd: pass  show "a b"c '' }`:           ".<pass|show|a bc|>",
		"${secret:a}${secret:b}":                  "<a><b>",
		"$${secret:a}":                            "${secret:a}",
		"${cmd:printf %s $HOME;x|y>z}":            ".<printf|%s|$HOME;x|y>z>",
		"${keychain:bindery/me@example.com}-tail": "<bindery|me@example.com>-tail",
	} {
		quoted := fmt.Sprintf("%q", text)
		c, err := fakeSources(map[string]int{}).Read(t.Context(), "bindery.yaml", []byte("mcpServers: {a: {command: x, env: {T: "+quoted+"}}}"))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := c.Servers["a"].Env["T"].Reveal(); got != want {
			t.Errorf("%s stands for %q, want %q", text, got, want)
		}
		if shown := c.Servers["a"].Env["T"].String(); strings.Contains(shown, "<") {
			t.Errorf("%s is shown as %s", text, shown)
		}
	}
}

func TestMalformedReferences(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"${secret:}", "${secret}", "${secret:a b}", "${secret:a/b}", "${secret:" + strings.Repeat("x", 65) + "}",
		"${keychain:}", "${keychain:x}", "${keychain:/x}", "${keychain:x/}", "${keychain:a\x01/b}",
		"${cmd:}", "${cmd:  }", "${cmd:a 'b}", "${cmd:a ${env:B}}", "${cmd:'' x}", "${cmd:a" + strings.Repeat(" b", 64) + "}", "${cmd:a \x00}",
	} {
		if v, err := config.ParseValue(text); err == nil {
			t.Errorf("%q was read as %v", text, v)
		}
	}
}

// What asks a person, or runs a program, does so once however often it is named.
func TestReferencesAreLookedUpOnce(t *testing.T) {
	t.Parallel()
	asked := map[string]int{}
	_, err := fakeSources(asked).Read(t.Context(), "bindery.yaml", []byte(`
mcpServers:
  a: {command: x, args: ["${cmd:p}", "${cmd:p}"], env: {S: "${secret:s}", K: "${keychain:k/k}"}}
  b: {url: "https://example.com", headers: {S: "${secret:s}", K: "${keychain:k/k}", C: "Bearer ${cmd:p}"}}
  off: {command: x, enabled: false, env: {S: "${secret:other}", C: "${cmd:other}"}}
`))
	if err != nil {
		t.Fatal(err)
	}
	for kind, n := range asked {
		if n != 1 {
			t.Errorf("%s was asked %d times", kind, n)
		}
	}
}

func TestUnresolvableReferencesNameTheirPlace(t *testing.T) {
	t.Parallel()
	const token = "ghp_0123456789abcdefghij0123456789"
	from := config.Sources{
		Env:      func(string) (string, bool) { return "", false },
		Keychain: func(context.Context, string, string) (string, error) { return "", errors.New("there is no keychain") },
		Command: func(context.Context, string, []string) (string, error) {
			return "", errors.New("exit status 3:\nno, " + token + " is wrong")
		},
		Secret: func(context.Context, string) (string, error) { return "", nil },
	}
	_, err := from.Read(t.Context(), "bindery.yaml", []byte(`mcpServers:
  a:
    command: x
    env:
      K: "${keychain:k/me}"
      C: "${cmd:prog --token=`+token+` verbose}"
      S: "${secret:s}"
`))
	want := []string{
		"bindery.yaml:5:10: mcpServers.a.env.K: ${keychain:k/me}: there is no keychain",
		"bindery.yaml:6:10: mcpServers.a.env.C: ${cmd:prog …}: exit status 3: no, …redacted is wrong",
		"bindery.yaml:7:10: mcpServers.a.env.S: ${secret:s} is empty",
	}
	if err == nil || !slices.Equal(strings.Split(err.Error(), "\n"), want) {
		t.Errorf("got:\n%v\nwant:\n%s", err, strings.Join(want, "\n"))
	}
	// Without sources nothing is there, and nothing panics.
	if _, err := config.Read("bindery.yaml", []byte(`mcpServers: {a: {command: x, args: ["${secret:a}", "${cmd:a}", "${keychain:a/b}"]}}`)); err == nil ||
		strings.Count(err.Error(), "no such source") != 3 {
		t.Error(err)
	}
}

func TestNothingIsLookedUpAfterTheEnd(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	asked := map[string]int{}
	_, err := fakeSources(asked).Read(ctx, "bindery.yaml", []byte(`mcpServers: {a: {command: x, args: ["${cmd:a}", "${secret:b}"]}}`))
	if err == nil || len(asked) != 0 {
		t.Errorf("%v, asked %v", err, asked)
	}
}

// A command in a configuration may hold what it should not.
func TestCommandsAreShownWithoutCredentials(t *testing.T) {
	t.Parallel()
	const token = "ghp_0123456789abcdefghij0123456789"
	v, err := config.ParseValue("${cmd:curl -H '" + token + "' --key=" + token + " x}")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{v.String(), config.Secret{Value: v}.String(), fmt.Sprintf("%+v %#v", v, v)} {
		if strings.Contains(text, token) || !strings.Contains(text, "curl -H") {
			t.Error(text)
		}
	}
}
