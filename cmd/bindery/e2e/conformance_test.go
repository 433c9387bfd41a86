package e2e

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"testing"
)

// requirements is one frozen set of scenarios of the conformance suite, and
// what holds of each when execute_code is the only tool. A scenario that is in
// none of the lists fails the test, so that a newer suite is looked at.
type requirements struct {
	Revision string
	// Duties are the gateway's whatever is behind it: every check passes.
	Duties []string
	// Except are checks of duties that do not pass.
	Except map[string]string // check → reason
	// Outside are scenarios that need what a gateway in code mode does not
	// have. Of these only the form of what went over the wire is checked.
	Outside map[string][]string // reason → scenarios
}

const (
	needsTool      = "calls a tool of the suite's own by its fixed name; the gateway offers execute_code alone"
	needsOffer     = "resources, prompts, completion and logging are not offered; the SDK answers the lists, empty"
	needsTasks     = "the tasks extension is not offered"
	needsHeader    = "needs a tool whose schema has x-mcp-header; that of execute_code has none"
	needsExtension = "a matter of a tool that asks for input; execute_code never does"
)

func conformance() []requirements {
	return []requirements{
		{
			Revision: "2025-11-25",
			Duties: []string{
				"server-initialize", "server-session-lifecycle", "ping", "tools-list", "server-sse-multiple-streams",
				"dns-rebinding-protection",
			},
			Outside: map[string][]string{
				needsTool: {
					"tools-call-simple-text", "tools-call-image", "tools-call-audio", "tools-call-embedded-resource",
					"tools-call-mixed-content", "tools-call-with-logging", "tools-call-error", "tools-call-with-progress",
					"tools-call-sampling", "tools-call-elicitation", "elicitation-sep1034-defaults",
					"elicitation-sep1330-enums", "json-schema-2020-12", "server-sse-polling",
				},
				needsOffer: {
					"logging-set-level", "completion-complete", "resources-list", "resources-read-text", "resources-read-binary",
					"resources-templates-read", "resources-subscribe", "resources-unsubscribe", "prompts-list",
					"prompts-get-simple", "prompts-get-with-args", "prompts-get-embedded-resource", "prompts-get-with-image",
				},
			},
		},
		{
			Revision: "2026-07-28",
			Duties: []string{
				"server-stateless", "tools-list", "caching", "server-sse-multiple-streams", "dns-rebinding-protection",
				"http-header-validation", "input-required-result-unsupported-methods",
				"input-required-result-ignore-extra-params",
			},
			Except: map[string]string{
				"sep-2575-server-declares-prompts-in-discover":           needsOffer,
				"sep-2575-server-rejects-undeclared-capability":          needsTool,
				"sep-2575-missing-capability-http-400":                   needsTool,
				"sep-2575-http-server-no-independent-requests-on-stream": needsTool,
				"sep-2575-server-no-log-without-loglevel":                needsTool,
			},
			Outside: map[string][]string{
				needsTool: {
					"tools-call-simple-text", "tools-call-image", "tools-call-audio", "tools-call-embedded-resource",
					"tools-call-mixed-content", "tools-call-error", "tools-call-with-progress", "json-schema-2020-12",
				},
				needsOffer: {
					"completion-complete", "resources-list", "resources-read-text", "resources-read-binary",
					"resources-templates-read", "sep-2164-resource-not-found", "prompts-list", "prompts-get-simple",
					"prompts-get-with-args", "prompts-get-embedded-resource", "prompts-get-with-image",
				},
				needsHeader: {"http-custom-header-server-validation"},
				needsExtension: {
					"input-required-result-basic-elicitation", "input-required-result-basic-sampling",
					"input-required-result-basic-list-roots", "input-required-result-request-state",
					"input-required-result-multiple-input-requests", "input-required-result-multi-round",
					"input-required-result-missing-input-response", "input-required-result-non-tool-request",
					"input-required-result-result-type", "input-required-result-tampered-state",
					"input-required-result-capability-check", "input-required-result-validate-input",
				},
				needsTasks: {
					"tasks-lifecycle", "tasks-capability-negotiation", "tasks-wire-fields", "tasks-request-state-removal",
					"tasks-mrtr-input", "tasks-request-headers", "tasks-dispatch-and-envelope", "tasks-status-notifications",
					"tasks-required-task-error", "tasks-mrtr-composition",
				},
			},
		},
	}
}

// check is what the suite says of one requirement.
type check struct {
	ID           string `json:"id"`
	Status       string `json:"status"`
	ErrorMessage string `json:"errorMessage"`
}

// The protocol's own conformance suite, against the gateway in both eras.
func TestConformance(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.AddFaulty(t, "steady")
	url := w.Serve(t)
	for _, r := range conformance() {
		t.Run(r.Revision, func(t *testing.T) { r.verify(t, runConformance(t, w.Home, url, r.Revision)) })
	}
}

func (r requirements) verify(t *testing.T, results map[string][]check) {
	t.Helper()
	passed := map[string]bool{}
	for _, scenario := range r.Duties {
		t.Run(scenario, func(t *testing.T) {
			succeeded := 0
			for _, c := range results[scenario] {
				why, excepted := r.Except[c.ID]
				switch {
				case c.Status == "SUCCESS":
					succeeded++
					passed[c.ID] = true
				case c.Status == "FAILURE" && excepted:
					t.Logf("%s: %s", c.ID, why)
				case c.Status == "FAILURE":
					t.Errorf("%s: %s", c.ID, c.ErrorMessage)
				}
			}
			if succeeded == 0 {
				t.Error("no check passed; did the scenario run?")
			}
		})
	}
	for id := range r.Except {
		if passed[id] {
			t.Errorf("%s passes: take it off the list of exceptions", id)
		}
	}
	known := slices.Clone(r.Duties)
	for _, scenarios := range r.Outside {
		known = append(known, scenarios...)
	}
	for scenario, checks := range results {
		if !slices.Contains(known, scenario) {
			t.Errorf("%s is new: it is a duty of the gateway, or there is a reason why not", scenario)
		}
		for _, c := range checks {
			if c.ID == "wire-schema-valid" && c.Status != "SUCCESS" {
				t.Errorf("%s: a message broke the schema of %s: %s", scenario, r.Revision, c.ErrorMessage)
			}
		}
	}
}

// resultFolder is how the suite names the folder of a scenario's results.
var resultFolder = regexp.MustCompile(`^server-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$`)

// runConformance runs the scenarios of one revision and returns their checks.
// The suite's exit code counts fixtures that are not there, and tells nothing.
func runConformance(t *testing.T, home, url, revision string) map[string][]check {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	dir := t.TempDir()
	cmd := exec.CommandContext(ctx, newerNode(t), npm(t, "@modelcontextprotocol/conformance/dist/index.js"),
		"server", "--url", url, "--requirements", revision, "-o", dir)
	cmd.Dir, cmd.Env = home, environment(home)
	inOwnGroup(cmd)
	out := finish(t, cmd)
	folders, err := os.ReadDir(dir)
	if err != nil || len(folders) == 0 {
		t.Fatalf("no results: %v\nexit %d\n%.4000s\n%.4000s", err, out.Code, out.Stdout, out.Stderr)
	}
	results := map[string][]check{}
	for _, f := range folders {
		m := resultFolder.FindStringSubmatch(f.Name())
		if m == nil {
			t.Fatalf("%s is not named as results are", f.Name())
		}
		data, err := os.ReadFile(filepath.Join(dir, f.Name(), "checks.json"))
		if err != nil {
			t.Fatal(err)
		}
		var checks []check
		if err := json.Unmarshal(data, &checks); err != nil {
			t.Fatalf("%s: %v", f.Name(), err)
		}
		results[m[1]] = checks
	}
	return results
}

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
