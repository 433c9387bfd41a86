package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery/backends/backendtest"
)

// The stubs follow a server that comes back with other tools, and the command
// ends well when it is interrupted.
func TestWatchFollowsServers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	entry := w.AddFaulty(t, "moody")
	_, with, err := backendtest.Command(backendtest.Extra)
	if err != nil {
		t.Fatal(err)
	}
	marker := filepath.Join(w.Dir, "marker")
	var later []string
	for k, v := range with {
		later = append(later, fmt.Sprintf("%s='%s'", k, v))
	}
	entry["args"] = []string{"-c", fmt.Sprintf("if [ -e %s ]; then export %s; fi; exec %s", marker, strings.Join(later, " "), entry["command"])}
	entry["command"] = "/bin/sh"
	out := filepath.Join(w.Home, "stubs")
	p, servers := start(t, command(t, w.Home, "codegen", "--config", w.Config(t), "--watch", "--detail", "line", "--out", out),
		regexp.MustCompile(`watching (\d+) servers?`), true)
	if servers != "1" {
		t.Errorf("it watches %s servers", servers)
	}
	stub := filepath.Join(out, "moody.d.ts")
	if text, err := os.ReadFile(stub); err != nil || strings.Contains(string(text), "extra") {
		t.Fatalf("before the change: %v\n%s", err, text)
	}
	if err := os.WriteFile(marker, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, child := range descendants(t, p.cmd.Process.Pid) {
		if err := kill(child.PID); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, func() string {
		if text, err := os.ReadFile(stub); err != nil || !strings.Contains(string(text), "extra") {
			return fmt.Sprintf("no new tool in the stubs: %v\n%s", err, p.output())
		}
		return ""
	})
	eventually(t, func() string {
		if !strings.Contains(p.output(), "moody.extra: tool added (could be harmful") {
			return "the change was not told: " + p.output()
		}
		return ""
	})
}
