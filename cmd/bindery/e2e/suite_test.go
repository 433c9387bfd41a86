package e2e

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// suite is where the protocol's conformance suite is installed.
const suite = "@modelcontextprotocol/conformance/"

// check is what the suite says of one requirement.
type check struct {
	ID           string `json:"id"`
	Status       string `json:"status"`
	ErrorMessage string `json:"errorMessage"`
}

// report is what one run of the suite says: the checks of each scenario.
type report map[string][]check

// passes reports whether the scenario was run and broke no requirement.
func (r report) passes(scenario string) bool {
	checks, ran := r[scenario]
	return ran && !slices.ContainsFunc(checks, func(c check) bool { return c.Status == "FAILURE" })
}

// lost are the checks of the scenario that succeed in better and not here. One
// that tells more than it judges (INFO) is as good.
func (r report) lost(better report, scenario string) []string {
	good := map[string]bool{}
	for _, c := range r[scenario] {
		before, seen := good[c.ID]
		good[c.ID] = (c.Status == "SUCCESS" || c.Status == "INFO") && (before || !seen)
	}
	var lost []string
	for _, c := range better[scenario] {
		if c.Status == "SUCCESS" && !good[c.ID] && !slices.Contains(lost, c.ID) {
			lost = append(lost, c.ID)
		}
	}
	return lost
}

// failure is the first thing that the suite has against the scenario, "" if
// there is nothing.
func (r report) failure(scenario string) string {
	for _, c := range r[scenario] {
		if c.Status == "FAILURE" {
			return c.ID + ": " + c.ErrorMessage
		}
	}
	return ""
}

// count says how many of the scenarios pass.
func (r report) count(scenarios []string) int {
	n := 0
	for _, s := range scenarios {
		if r.passes(s) {
			n++
		}
	}
	return n
}

// resultFolder is how the suite names the folder of a scenario's results.
var resultFolder = regexp.MustCompile(`^(?:server-)?(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$`)

// runSuite runs the suite and returns what it found. Its exit code counts
// fixtures that are not there, and tells nothing.
func runSuite(t *testing.T, args ...string) report {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	dir, home := t.TempDir(), t.TempDir()
	args = append([]string{npm(t, suite+"dist/index.js")}, append(args, "-o", dir)...)
	cmd := exec.CommandContext(ctx, newerNode(t), args...)
	cmd.Dir, cmd.Env = home, environment(home)
	inOwnGroup(cmd)
	out := finish(t, cmd)
	r := report{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() != "checks.json" {
			return err
		}
		folder, err := filepath.Rel(dir, filepath.Dir(path))
		if err != nil {
			return err
		}
		m := resultFolder.FindStringSubmatch(filepath.ToSlash(folder))
		if m == nil {
			t.Errorf("%s is not named as results are", folder)
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var checks []check
		if err := json.Unmarshal(data, &checks); err != nil {
			t.Errorf("%s: %v", folder, err)
		}
		r[m[1]] = checks
		return nil
	})
	if err != nil || len(r) == 0 {
		t.Fatalf("no results: %v\nexit %d\n%.4000s\n%.4000s", err, out.Code, out.Stdout, out.Stderr)
	}
	return r
}

// scenarios are those that a revision of the protocol requires of a "server" or
// a "client", as the suite has frozen them.
func scenarios(t *testing.T, revision, leg string) []string {
	t.Helper()
	data, err := os.ReadFile(npm(t, suite+"requirements/"+revision+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var sets struct{ Server, Client []string }
	if err := yaml.Unmarshal(data, &sets); err != nil {
		t.Fatal(err)
	}
	if len(sets.Server) == 0 || len(sets.Client) == 0 {
		t.Fatalf("no scenarios are required by %s", revision)
	}
	if leg == "client" {
		return sets.Client
	}
	return sets.Server
}

// revisions are those of which the suite has a frozen set of requirements.
func revisions() []string { return []string{legacy, modern} }

// The two eras of the protocol.
const (
	legacy = "2025-11-25"
	modern = "2026-07-28"
)

// newerNode returns a Node.js that the conformance suite runs on: it needs 22,
// everything else 20. It is pinned for Linux.
func newerNode(t *testing.T) string {
	t.Helper()
	arch := map[string]string{"amd64": "x64", "arm64": "arm64"}[runtime.GOARCH]
	if runtime.GOOS != "linux" || arch == "" {
		t.Skip("there is no pinned Node.js 22 for this system")
	}
	return npm(t, "node-linux-"+arch+"/bin/node")
}

// built returns a program, built for this test. The name is a package's path.
func built(t *testing.T, name string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), name[strings.LastIndex(name, "/")+1:])
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", program, name)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out := finish(t, cmd); out.Code != 0 {
		t.Fatalf("build %s:\n%s", name, out.Stderr)
	}
	return program
}
