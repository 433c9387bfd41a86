package gateway

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/direct"
)

// view returns what the configuration says of a view, and whether there is such a
// one: one that is not there, for a reload took it away, shows nothing. The
// default one there always is.
func (o Options) view(name string) (config.View, bool) {
	shown, ok := o.Views[name]
	if ok || name == config.DefaultView {
		return shown, true
	}
	return config.View{Servers: []string{}}, false
}

// shownTools are the tools of one server that are in the view. Two that the
// view gives one name are both left out: which of them it meant is not for the
// gateway to guess.
func shownTools(tools []bindery.Tool, shown config.View, c Client) []direct.Item {
	var list []direct.Item
	named := make(map[bindery.ToolID]int)
	for _, t := range tools {
		if !shown.Shows(t.ID.Server, t.ID.Name) || !c.allows(t.ID) {
			continue
		}
		item := shownItem(t, shown)
		list = append(list, item)
		named[item.ID]++
	}
	return slices.DeleteFunc(list, func(item direct.Item) bool { return named[item.ID] > 1 })
}

// shownItem is a tool as it is in a view.
func shownItem(t bindery.Tool, shown config.View) direct.Item {
	item := direct.Item{Tool: t, Origin: t.ID}
	if o, ok := shown.Tools[t.ID.String()]; ok {
		item.Tool, item.Changed = override(t, o), true
	}
	return item
}

func override(t bindery.Tool, o config.Override) bindery.Tool {
	t.ID.Name = cmp.Or(o.Name, t.ID.Name)
	t.Title = cmp.Or(o.Title, t.Title)
	t.Description = cmp.Or(o.Description, t.Description)
	t.Hints.ReadOnly = cmp.Or(o.Hints.ReadOnly, t.Hints.ReadOnly)
	t.Hints.Destructive = cmp.Or(o.Hints.Destructive, t.Hints.Destructive)
	t.Hints.Idempotent = cmp.Or(o.Hints.Idempotent, t.Hints.Idempotent)
	t.Hints.OpenWorld = cmp.Or(o.Hints.OpenWorld, t.Hints.OpenWorld)
	return t
}

// Mistakes returns what is wrong with a view as its servers are now: names that
// several tools would have, and rules that are about no tool. Servers that are
// not up are given the benefit of the doubt.
func (g *Gateway) Mistakes(name string) []string {
	shown, _ := g.opts().view(name)
	cat := g.opts().Tools.Catalogue()
	var tools []bindery.Tool
	down := false
	for _, s := range cat.Servers {
		if shown.Has(s.Name) {
			tools = append(tools, s.Tools...)
			down = down || len(s.Tools) == 0 && s.State != backends.Ready
		}
	}
	var list []string
	if m := shown.Mode; m == config.Direct || m == config.Both {
		list = append(list, g.views().of(name, Anonymous()).table().Refused()...)
	}
	if down {
		return list
	}
	known := func(match func(bindery.ToolID) bool) bool {
		return slices.ContainsFunc(tools, func(t bindery.Tool) bool { return match(t.ID) })
	}
	for _, rule := range []struct {
		key      string
		patterns []config.ToolPattern
	}{{"include", shown.Include}, {"exclude", shown.Exclude}} {
		for _, p := range rule.patterns {
			if !known(func(id bindery.ToolID) bool { return p.Match(id.Server, id.Name) }) {
				list = append(list, fmt.Sprintf("%s %s is about no tool", rule.key, p))
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(shown.Tools)) {
		if !known(func(t bindery.ToolID) bool { return t.String() == id }) {
			list = append(list, fmt.Sprintf("tools has %s, and there is no such tool", id))
		}
	}
	twice := renamedTwice(shown, tools)
	for _, id := range slices.Sorted(maps.Keys(twice)) {
		list = append(list, fmt.Sprintf("%s: would be %s", id, strings.Join(twice[id], " and ")))
	}
	return list
}

// renamedTwice are the names that a view gives to several tools.
func renamedTwice(shown config.View, tools []bindery.Tool) map[string][]string {
	owners := make(map[string][]string)
	for _, t := range tools {
		if !shown.Shows(t.ID.Server, t.ID.Name) {
			continue
		}
		name := t.ID
		name.Name = cmp.Or(shown.Tools[t.ID.String()].Name, name.Name)
		owners[name.String()] = append(owners[name.String()], t.ID.String())
	}
	maps.DeleteFunc(owners, func(_ string, of []string) bool { return len(of) < 2 })
	return owners
}
