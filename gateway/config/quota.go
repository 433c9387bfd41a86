package config

import (
	"fmt"
	"time"
)

// Quota bounds what clients may do in a time. Every quota that a call falls
// under is taken from.
type Quota struct {
	Name             string        `json:"name" jsonschema:"Name of the quota, which errors and records show, and under which what was used is kept."`
	Clients          []Glob        `json:"clients,omitempty" jsonschema:"The clients it is for, by name; * and ? are wildcards. Default: all."`
	Tools            []ToolPattern `json:"tools,omitempty" jsonschema:"The tools it is for, as server.tool; * and ? are wildcards. Resources, prompts and completions are server.resources/read, server.prompts/get and server.completion/complete. Default: all."`
	Rate             Rate          `json:"rate,omitzero" jsonschema:"Calls in a time at most, such as 10/s or 600/m."`
	Burst            int           `json:"burst,omitempty" jsonschema:"Calls that may come at once under rate. Default: the calls of rate."`
	PerDay           int           `json:"perDay,omitempty" jsonschema:"Calls in a day at most. A day begins at midnight UTC."`
	ExecutionsPerDay int           `json:"executionsPerDay,omitempty" jsonschema:"Scripts in a day at most, whatever they call."`
	Shared           bool          `json:"shared,omitempty" jsonschema:"Whether all its clients share it. Default false: each client has all of it."`
	Wait             time.Duration `json:"wait,omitempty" jsonschema:"How long a call over rate may wait for its turn, 10s at most. Default 0: it is refused."`
}

// Bounds of quotas.
const (
	MaxQuotas    = 256
	MaxQuotaWait = 10 * time.Second
)

func (q *Quota) check(r *report, n *node, path string) {
	if name := n.get("name"); q.Name == "" {
		if name == nil || name.kind == stringNode || name.kind == nullNode {
			r.add(n.pos, join(path, "name"), "is missing", "give the quota a name, which errors and records show")
		}
	} else {
		checkName(r, entry{key: q.Name, pos: name.pos}, join(path, "name"))
	}
	for _, key := range []string{"clients", "tools"} {
		bounded(r, n, path, key)
		if list := n.get(key); list != nil && list.kind == listNode && len(list.items) == 0 {
			r.add(list.pos, join(path, key), "is empty, which is not clear", "remove it if the quota is for all "+key)
		}
	}
	checkPatterns(r, n, path, "tools", q.Tools)
	if n.get("rate") == nil && n.get("perDay") == nil && n.get("executionsPerDay") == nil {
		r.add(n.pos, path, "bounds nothing", "write rate, perDay or executionsPerDay")
	}
	for _, key := range []string{"perDay", "executionsPerDay", "burst"} {
		if v := n.get(key); v != nil && v.kind == intNode && v.text == "0" {
			r.add(v.pos, join(path, key), "0 would let nothing through", "write 1 or more, or forbid the calls with deny")
		}
	}
	for _, key := range []string{"burst", "wait"} {
		if v := n.get(key); v != nil && n.get("rate") == nil {
			r.add(v.pos, join(path, key), "goes with rate, which is missing", "")
		}
	}
	if q.Wait > MaxQuotaWait {
		r.add(n.get("wait").pos, join(path, "wait"), fmt.Sprintf("is longer than %v", MaxQuotaWait), "")
	}
}

// checkQuotas finds names that are there twice: what was used is kept under
// them.
func (c *Config) checkQuotas(r *report, n *node) {
	list := n.get("quotas")
	if list == nil {
		return
	}
	if len(list.items) > MaxQuotas {
		r.add(list.pos, "quotas", fmt.Sprintf("has more than %d quotas", MaxQuotas), "")
	}
	seen := map[string]Pos{}
	for i, item := range list.items {
		if i >= len(c.Quotas) || c.Quotas[i].Name == "" {
			continue
		}
		name := c.Quotas[i].Name
		if first, ok := seen[name]; ok {
			r.add(item.get("name").pos, fmt.Sprintf("quotas[%d].name", i), quote(name)+" is there twice",
				fmt.Sprintf("the first one is in line %d", first.Line))
			continue
		}
		seen[name] = item.pos
	}
}
