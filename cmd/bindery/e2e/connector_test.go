package e2e

import (
	"slices"
	"strings"
	"testing"
)

// connectorClient is a client made of bindery's connections to servers. It is
// built by its path: the end-to-end tests import nothing of the product.
const connectorClient = "./testdata/conformanceclient"

// missingInClient are what the suite asks of clients and bindery does not do,
// with the reason. A scenario that ends in / stands for all under it.
func missingInClient() map[string]string {
	return map[string]string{
		"auth/enterprise-managed-authorization": "an extension: tokens of a company's identity provider; bindery logs in to each server",
		"auth/dpop":                             "an extension: tokens that are bound to a key (RFC 9449)",
		"auth/dpop-nonce":                       "an extension: tokens that are bound to a key (RFC 9449)",
		"auth/wif-jwt-bearer":                   "an extension: tokens for workloads that have a JWT of their platform",
	}
}

// What bindery is to the servers behind it, against the suite for clients.
func TestConformanceOfClient(t *testing.T) {
	t.Parallel()
	_ = newerNode(t) // or skip
	program := built(t, connectorClient)
	found := newFindings()
	t.Run("run", func(t *testing.T) {
		for _, revision := range revisions() {
			t.Run(revision, func(t *testing.T) {
				t.Parallel()
				found.put(revision, "", runSuite(t, "client", "--command", program, "--requirements", revision))
			})
		}
	})
	if t.Failed() {
		return
	}
	missing := missingInClient()
	rows := [][]string{{"revision", "scored scenarios that pass", "scored ones of OAuth"}}
	for _, revision := range revisions() {
		r, scored := found.of(revision, ""), scenarios(t, revision, "client")
		for scenario := range r {
			why := listed(missing, scenario)
			switch {
			case r.passes(scenario) && why != "":
				t.Errorf("%s: %s passes; take it off the list", revision, scenario)
			case !r.passes(scenario) && why == "":
				t.Errorf("%s: %s: %s", revision, scenario, r.failure(scenario))
			}
		}
		for _, scenario := range scored {
			if _, ran := r[scenario]; !ran {
				t.Errorf("%s: %s was not run", revision, scenario)
			}
		}
		logins := slices.DeleteFunc(slices.Clone(scored), func(s string) bool { return !strings.HasPrefix(s, "auth/") })
		rows = append(rows, []string{revision, r.outOf(scored), r.outOf(logins)})
	}
	conformancePage.Hold(t, "client", table(rows...)+"\n"+reasons(missing))
}

// listed returns the entry of the list that the scenario is under.
func listed(list map[string]string, scenario string) string {
	for name := range list {
		if scenario == name || strings.HasSuffix(name, "/") && strings.HasPrefix(scenario, name) {
			return name
		}
	}
	return ""
}
