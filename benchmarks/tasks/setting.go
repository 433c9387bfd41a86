package tasks

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/benchmarks"
	"github.com/bindery-mcp/bindery/benchmarks/catalogue"
	"github.com/bindery-mcp/bindery/benchmarks/exposure"
	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/gateway"
)

// setting is what a user has configured: the servers of a task, and besides
// them the most common ones of the catalogue, up to a number.
type setting struct {
	servers int
	// before are the tokens in front of the first word, by way.
	before map[string]int
	// found are the tokens of what the task's searches find there.
	found int
}

// furnish returns the task's servers among so many in all; with 0, alone.
func furnish(ctx context.Context, c *benchmarks.Counter, popular []catalogue.Server, t Task, own []backends.Server, n int) (setting, error) {
	servers := slices.Clone(own)
	for _, s := range popular {
		if len(servers) < n && !slices.Contains(t.Servers, s.ID) {
			servers = append(servers, backends.Server{Name: s.ID, Identity: s.ID, Tools: s.Tools, State: backends.Ready})
		}
	}
	setup := exposure.NewSetup(ctx, &backends.Catalogue{Version: 1, Servers: servers}, gateway.Options{})
	set := setting{servers: len(servers), before: make(map[string]int)}
	measured, err := exposure.Measure(ctx, c, setup)
	if err != nil {
		return set, err
	}
	for _, w := range measured.Ways {
		set.before[w.ID] = w.Before
	}
	var found []string
	for _, words := range t.find {
		found = append(found, setup.Module.Search(codegen.Query{Text: words, Limit: hits}).String())
	}
	text := strings.Join(found, "\n")
	if missing := t.notIn(text); len(missing) > 0 {
		return set, fmt.Errorf("among %d servers the searches of %s do not find %s:\n%s", len(servers), t.ID, strings.Join(missing, ", "), text)
	}
	set.found, err = c.Count(text)
	return set, err
}

// toolsOf returns the tools of all servers.
func toolsOf(servers []backends.Server) []bindery.Tool {
	var list []bindery.Tool
	for _, s := range servers {
		list = append(list, s.Tools...)
	}
	return list
}
