package gateway

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/direct"
	"github.com/bindery-mcp/bindery/gateway/identity"
	"github.com/bindery-mcp/bindery/sandbox"
)

// thousandsOfTools are 30 servers with 100 tools each, of about 1 KiB each, as real ones are.
func thousandsOfTools() []backends.Server {
	var servers []backends.Server
	for i := range 30 {
		s := backends.Server{Name: fmt.Sprintf("server%d", i), State: backends.Ready}
		for j := range 100 {
			t := tool(s.Name, fmt.Sprintf("tool_%d", j))
			t.Description = fmt.Sprintf("Does the thing number %d of server %d, as its documentation says at some length: %0300d", j, i, 0)
			t.Input = []byte(`{"type":"object","properties":{"id":{"type":"integer","description":"Number of the thing."},"name":{"type":"string","description":"Name of the thing."},"options":{"type":"object","properties":{"deep":{"type":"boolean"},"limit":{"type":"integer"}}}},"required":["id"]}`)
			t.Raw = []byte(`{"name":"` + t.ID.Name + `","description":"` + t.Description + `","inputSchema":` + string(t.Input) + `}`)
			s.Tools = append(s.Tools, t)
		}
		servers = append(servers, s)
	}
	return servers
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// A thousand clients with rules of their own share what they see the same of;
// and what was made for one of them once is not made again.
func TestThousandClientsOfThreeThousandTools(t *testing.T) {
	const many, most = 1000, 50 << 20
	for name, rules := range map[string]func(i int) config.Client{
		"20 sets of rules": func(i int) config.Client {
			return config.Client{Allow: []config.ToolPattern{config.ToolPattern(fmt.Sprintf("server%d.*", i%20)), "server29.*"}}
		},
		"one tool less each": func(i int) config.Client {
			return config.Client{Deny: []config.ToolPattern{config.ToolPattern(fmt.Sprintf("server%d.tool_%d", i%30, i/30))}}
		},
	} {
		for _, mode := range []config.Mode{config.Direct, config.Both} { // both is all that code has, and more
			t.Run(name+" in mode "+string(mode), func(t *testing.T) {
				if testing.Short() {
					t.Skip("takes seconds")
				}
				crowd(t, mode, many, most, rules)
			})
		}
	}
}

func crowd(t *testing.T, mode config.Mode, many int, most int64, rules func(i int) config.Client) {
	o := Options{
		Tools: newFakeTools(thousandsOfTools()...), Engine: echo, InlineTokens: 1000,
		Views: map[string]config.View{config.DefaultView: {Mode: mode}},
	}
	g := start(t, o)
	defer runtime.KeepAlive(g)
	g.View(Anonymous()).table()
	before := heap()
	for i := range many {
		o.Clients = append(o.Clients, NewClient(fmt.Sprint("client", i), rules(i)))
	}
	o.Identities = identity.New(&config.Config{Clients: map[string]config.Client{"client0": {}}}, nil, nil)
	g.Apply(o)
	of := func(i int) *View { return g.View(g.now.Load().clients.of(o.Clients[i].Name)) }
	views, tables := make([]*View, many), make([]*direct.Table, many)
	for i := range views {
		views[i] = of(i)
		if mode != config.Direct {
			_ = views[i].Bindings(sandbox.TypeScript)
			_ = views[i].description(*g.opts())
		}
		tables[i] = views[i].table()
	}
	grown := heap() - before
	t.Logf("%d KiB", grown>>10)
	if grown > most {
		t.Errorf("%d clients cost %d KiB", many, grown>>10)
	}
	for i, v := range views {
		if of(i) != v || v.table() != tables[i] {
			t.Fatalf("the view of client %d was made again", i)
		}
	}
	if n := testing.AllocsPerRun(100, func() { of(7).table() }); n > 4 {
		t.Errorf("%v allocations to find a view", n)
	}
	if n := testing.AllocsPerRun(100, func() { _, _, _ = tables[7].Page("") }); n > 100 {
		t.Errorf("%v allocations for a page", n)
	}
	if mode == config.Direct {
		return
	}
	if n := testing.AllocsPerRun(100, func() { views[7].description(*g.opts()) }); n > 1000 { // goroutines beside it allocate, too
		t.Errorf("%v allocations to describe it", n)
	}
}

// What a client sees does not depend on who else there is.
func TestSharedViewIsThatOfTheClientAlone(t *testing.T) {
	tools := newFakeTools(ready("a", "get", "put", "x-y", "x.y", "x_y"), ready("b", "get"), backends.Server{Name: "c", State: backends.Connecting})
	for name, rules := range map[string]config.Client{
		"a part":             {Deny: []config.ToolPattern{"a.put"}},
		"one server":         {Allow: []config.ToolPattern{"b.*"}},
		"one of two alike":   {Deny: []config.ToolPattern{"a.x-y"}},
		"neither of them":    {Deny: []config.ToolPattern{"a.x*"}},
		"nothing":            {Deny: []config.ToolPattern{"*"}},
		"not what is not up": {Deny: []config.ToolPattern{"c.*"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := NewClient("c", rules)
			shared := newView(tools.Catalogue(), config.View{}, c, Options{}, nil, newView(tools.Catalogue(), config.View{}, Anonymous(), Options{}, nil, nil))
			alone := newView(tools.Catalogue(), config.View{}, c, Options{}, nil, nil)
			for _, l := range []sandbox.Language{sandbox.TypeScript, sandbox.Python} {
				if d := cmp.Diff(alone.Bindings(l).Servers, shared.Bindings(l).Servers); d != "" {
					t.Errorf("%s: -alone +shared\n%s", l, d)
				}
			}
			sameTable(t, alone.table(), shared.table())
			if a, s := alone.description(Options{}), shared.description(Options{}); a != s {
				t.Errorf("alone\n%s\nshared\n%s", a, s)
			}
		})
	}
}

func sameTable(t *testing.T, alone, shared *direct.Table) {
	t.Helper()
	a, next, err := alone.Page("")
	if err != nil || next != "" {
		t.Fatal(next, err)
	}
	s, _, _ := shared.Page("")
	if d := cmp.Diff(a, s); d != "" {
		t.Errorf("-alone +shared\n%s", d)
	}
	if d := cmp.Diff(alone.Refused(), shared.Refused()); d != "" {
		t.Errorf("-alone +shared\n%s", d)
	}
}
