package e2e

import "testing"

// What the suite asks of a server that only execute_code could do, and does not.
const (
	needsTool  = "calls a tool of the suite's own; execute_code is the only one"
	needsName  = "asks for a prompt of the suite's own; prompts have their server's name in front"
	needsTasks = "calls tools of the suite's own that are tasks; execute_code is the only one"
	needsState = "calls a tool of the suite's own that asks for input; execute_code is the only one"
)

// missingInCodeMode are the scenarios, and the checks of others, that fail where
// execute_code is the only tool. All else is the endpoint's own duty.
func missingInCodeMode() map[string]string {
	all := map[string]string{}
	list := func(reason string, names ...string) {
		for _, name := range names {
			all[name] = reason
		}
	}
	list(
		needsTool, "tools-call-simple-text", "tools-call-image", "tools-call-audio", "tools-call-embedded-resource",
		"tools-call-mixed-content", "tools-call-with-logging", "tools-call-error", "tools-call-with-progress", "tools-call-sampling",
		"tools-call-elicitation", "elicitation-sep1034-defaults", "elicitation-sep1330-enums", "json-schema-2020-12",
		"http-custom-header-server-validation",
		"sep-2575-server-rejects-undeclared-capability", "sep-2575-missing-capability-http-400",
		"sep-2575-http-server-no-independent-requests-on-stream", "sep-2575-server-no-log-without-loglevel",
	)
	list(
		needsName, "completion-complete", "prompts-get-simple", "prompts-get-with-args", "prompts-get-embedded-resource",
		"prompts-get-with-image", "input-required-result-non-tool-request",
	)
	list(
		needsState, "input-required-result-basic-elicitation", "input-required-result-basic-sampling",
		"input-required-result-basic-list-roots", "input-required-result-request-state", "input-required-result-multiple-input-requests",
		"input-required-result-multi-round", "input-required-result-result-type", "input-required-result-tampered-state",
		"input-required-result-capability-check",
	)
	list(
		needsTasks, "tasks-lifecycle", "tasks-capability-negotiation", "tasks-wire-fields", "tasks-request-state-removal",
		"tasks-mrtr-input", "tasks-request-headers", "tasks-dispatch-and-envelope", "tasks-required-task-error", "tasks-mrtr-composition",
	)
	return all
}

// The endpoint that models see, with execute_code as its only tool, does all
// that does not take another.
func TestConformanceOfCodeMode(t *testing.T) {
	t.Parallel()
	_ = newerNode(t) // or skip
	w := newWorld(t)
	w.Add("everything", map[string]any{"command": built(t, everythingServer), "cwd": w.Dir})
	url := w.Serve(t)
	found := newFindings()
	t.Run("run", func(t *testing.T) {
		for _, revision := range revisions() {
			t.Run(revision, func(t *testing.T) {
				t.Parallel()
				found.put(revision, "", runSuite(t, "server", "--url", url, "--requirements", revision))
			})
		}
	})
	if t.Failed() {
		return
	}
	missing, failed := missingInCodeMode(), map[string]bool{}
	for _, revision := range revisions() {
		r := found.of(revision, "")
		for scenario, checks := range r {
			if r.passes(scenario) && missing[scenario] != "" {
				t.Errorf("%s: %s passes; take it off the list", revision, scenario)
			}
			for _, c := range checks {
				switch {
				case c.Status != "FAILURE":
				case c.ID != wellFormed && missing[scenario] != "":
					failed[scenario] = true
				case c.ID != wellFormed && missing[c.ID] != "":
					failed[c.ID] = true
				default:
					t.Errorf("%s: %s: %s: %s", revision, scenario, c.ID, c.ErrorMessage)
				}
			}
		}
		for _, scenario := range scenarios(t, revision, "server") {
			if _, ran := r[scenario]; !ran {
				t.Errorf("%s: %s was not run", revision, scenario)
			}
		}
	}
	rows := [][]string{{"revision", "scored scenarios that pass"}}
	for _, revision := range revisions() {
		rows = append(rows, []string{revision, found.of(revision, "").outOf(scenarios(t, revision, "server"))})
	}
	conformancePage.Hold(t, "code", table(rows...)+"\n"+reasons(missing))
	for name := range missing {
		if !failed[name] {
			t.Errorf("%s does not fail, or is not run; take it off the list", name)
		}
	}
}

// wellFormed is the check of every message of a scenario against the schema of
// the protocol.
const wellFormed = "wire-schema-valid"
