package catalogue_test

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/benchmarks/catalogue"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Figures in the documentation are counted over these numbers.
func TestCounts(t *testing.T) {
	t.Parallel()
	tools, err := catalogue.Tools()
	if err != nil {
		t.Fatal(err)
	}
	got := struct{ servers, tools, outputs, hinted int }{tools: len(tools)}
	ids, servers := map[bindery.ToolID]bool{}, map[string]bool{}
	for _, x := range tools {
		if ids[x.ID] {
			t.Errorf("%s is there twice", x.ID)
		}
		ids[x.ID], servers[x.ID.Server] = true, true
		if x.Output != nil {
			got.outputs++
		}
		if x.Hints != (bindery.Hints{}) {
			got.hinted++
		}
	}
	got.servers = len(servers)
	want := got
	want.servers, want.tools, want.outputs, want.hinted = 67, 3087, 162, 2108
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestServers(t *testing.T) {
	t.Parallel()
	all, err := catalogue.Servers()
	if err != nil {
		t.Fatal(err)
	}
	// A dump that no row of servers.json names would be dead weight in every
	// binary that holds the catalogue.
	if files, err := os.ReadDir("dumps"); err != nil || len(files) != len(all) {
		t.Errorf("%d dumps for %d rows of servers.json (%v)", len(files), len(all), err)
	}
	if !slices.IsSortedFunc(all, func(a, b catalogue.Server) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("the servers are not sorted by ID")
	}
	popular := slices.MaxFunc(all, func(a, b catalogue.Server) int { return a.Downloads - b.Downloads })
	if popular.ID != "playwright" {
		t.Errorf("the server with the most downloads is %s with %d, want playwright", popular.ID, popular.Downloads)
	}
	for _, s := range all {
		if s.Package == "" || s.Version == "" || len(s.Tools) == 0 {
			t.Errorf("%s: package %q, version %q, %d tools; want all three", s.ID, s.Package, s.Version, len(s.Tools))
		}
		if !json.Valid(s.List) {
			t.Errorf("%s: List is not valid JSON", s.ID)
		}
		checkTools(t, s)
	}
}

// The tools are in the order of List, so each is looked for after the one
// before it.
func checkTools(t *testing.T, s catalogue.Server) {
	t.Helper()
	rest := s.List
	for _, x := range s.Tools {
		if x.ID.Server != s.ID || x.ID.Name == "" {
			t.Errorf("%s has a tool %q", s.ID, x.ID)
		}
		in := bytes.Index(rest, x.Input)
		if in < 0 || !bytes.HasPrefix(x.Input, []byte("{")) || !bytes.Contains(rest, x.Output) {
			t.Fatalf("%s: the schemas are not the bytes that the server sent", x.ID)
		}
		rest = rest[in+len(x.Input):]
	}
}
