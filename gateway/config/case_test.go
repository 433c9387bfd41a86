package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bindery-mcp/bindery/gateway/config"
)

func TestReadCases(t *testing.T) {
	dir := t.TempDir()
	read := func(text string) (*config.Cases, error) {
		path := filepath.Join(dir, "cases.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return config.ReadCases(path)
	}
	c, err := read(`
config: bindery.yaml
cases:
  - {name: one, client: ci, tool: a.b, args: {big: 12345678901234567890123, hex: 0x10, half: .5, e: 1e3, s: "é\"", n: null, l: [true, "x"]}, want: Deny, rule: r}
  - {tool: a.b, hints: {readOnly: true}, touched: [c.d], read: [private], want: ask}
`)
	if err != nil {
		t.Fatal(err)
	}
	const args = `{"big":12345678901234567890123,"hex":16,"half":0.5,"e":1e3,"s":"é\"","n":null,"l":[true,"x"]}`
	if diff := cmp.Diff(args, string(c.Cases[0].Args)); diff != "" || c.Cases[0].Want != config.EffectDeny || c.Cases[1].Pos.Line != 5 {
		t.Errorf("%s %+v", diff, c.Cases)
	}
	_, err = read("cases:\n  - {tol: a.b, want: allow}\n  - {tool: a.b}\n  - {tool: a.b, want: off, args: {a: .inf}}\n")
	if err == nil {
		t.Fatal("no error")
	}
	want := `2:6: cases[0]: unknown key "tol"; did you mean tool?
3:5: cases[1].want: is missing; write allow, deny or ask
4:23: cases[2].want: "off" is no effect; known are allow, deny, ask
4:38: cases[2].args: ".inf" is nothing that JSON has; put it in quotes`
	path := filepath.Join(dir, "cases.yaml") + ":"
	got := ""
	for line := range strings.SplitSeq(err.Error(), "\n") {
		got += line[len(path):] + "\n"
	}
	if diff := cmp.Diff(want+"\n", got); diff != "" {
		t.Error(diff)
	}
	for _, text := range []string{"", "cases: []", "{}", "cases: 1", "cases: [1]", "case: []"} {
		if _, err := read(text); err == nil {
			t.Errorf("%q was read", text)
		}
	}
	if _, err := config.ReadCases(filepath.Join(dir, "none")); err == nil {
		t.Error("a file that is not there was read")
	}
}
