package stubs

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/codegen/lock"
	"github.com/bindery-mcp/bindery/codegen/shape"
	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

// Observed is what tools were seen to return, kept with the stubs so that they
// can be made again where nothing was seen. It holds no values. A nil Observed
// knows nothing.
type Observed struct {
	servers map[string]map[string]observation
}

// observation is the shape of a tool's results. A tool that changed is not
// the one that was seen.
type observation struct {
	Digest string       `json:"digest"`
	Shape  *shape.Shape `json:"shape"`
}

type observedFile struct {
	Version int                               `json:"version"`
	Servers map[string]map[string]observation `json:"servers"`
}

const (
	observedVersion = 1
	maxObserved     = 16 << 20 // bytes
	maxDepth        = 256
	maxNodes        = 2_000_000
)

// ParseObserved reads an [ObservedFile]. The error is an *[bindery.Error] of
// code Invalid or Limit.
func ParseObserved(data []byte) (*Observed, error) {
	refuse := func(code bindery.Code, err error) (*Observed, error) {
		return nil, &bindery.Error{
			Code: code, Op: "read " + ObservedFile, Err: err,
			Hint: "remove the file, and bindery codegen makes a new one",
		}
	}
	if len(data) > maxObserved || jsonscan.Exceeds(data, maxDepth, maxNodes) != jsonscan.None {
		return refuse(bindery.Limit, fmt.Errorf("it is too large or too deep (at most %d bytes)", maxObserved))
	}
	var f observedFile
	if err := json.Unmarshal(data, &f); err != nil {
		return refuse(bindery.Invalid, err)
	}
	if f.Version != observedVersion {
		return refuse(bindery.Invalid, errors.New("it is of another version of bindery"))
	}
	return &Observed{servers: f.Servers}, nil
}

// with returns o with the shapes that of knows of the tools, merged. now is the
// lock of these tools.
func (o *Observed) with(now *lock.Lock, tools []bindery.Tool, of func(bindery.ToolID) *shape.Shape) *Observed {
	merged := &Observed{servers: map[string]map[string]observation{}}
	add := func(server, tool string, x observation) {
		if x.Shape == nil || now.Servers[server][tool].Digest != x.Digest {
			return
		}
		if merged.servers[server] == nil {
			merged.servers[server] = map[string]observation{}
		}
		if before, ok := merged.servers[server][tool]; ok {
			x.Shape = joined(before.Shape, x.Shape)
		}
		merged.servers[server][tool] = x
	}
	if o != nil {
		for server, tools := range o.servers {
			for tool, x := range tools {
				add(server, tool, x)
			}
		}
	}
	for _, t := range tools {
		if s := of(t.ID); s != nil {
			add(t.ID.Server, t.ID.Name, observation{now.Servers[t.ID.Server][t.ID.Name].Digest, s})
		}
	}
	return merged
}

// joined returns the shape that holds both. The results behind the two are
// likely the same ones, seen again, so that one that holds the other already is
// taken as it is: the folder's first, so that it changes only with the types.
func joined(before, now *shape.Shape) *shape.Shape {
	all := shape.Merge(before, now)
	switch {
	case all.Same(before):
		return before
	case all.Same(now):
		return now
	}
	return all
}

// of returns what a module is told of the tools of a lock.
func (o *Observed) of(now *lock.Lock) func(bindery.ToolID) *codegen.Observed {
	return func(id bindery.ToolID) *codegen.Observed {
		if o == nil {
			return nil
		}
		x, ok := o.servers[id.Server][id.Name]
		if !ok || x.Digest != now.Servers[id.Server][id.Name].Digest {
			return nil
		}
		return codegen.ObservedShape(x.Shape)
	}
}

// encode returns the file, one line a tool so that a difference is short;
// empty if there is nothing to remember.
func (o *Observed) encode(l *lock.Lock) string {
	if o == nil {
		return ""
	}
	var servers []string
	for _, server := range slices.Sorted(maps.Keys(o.servers)) {
		var tools []string
		for _, tool := range slices.Sorted(maps.Keys(o.servers[server])) {
			x := o.servers[server][tool]
			if l.Servers[server][tool].Digest == x.Digest {
				tools = append(tools, "      "+inJSON(tool)+": "+inJSON(x))
			}
		}
		if len(tools) > 0 {
			servers = append(servers, "    "+inJSON(server)+": {\n"+strings.Join(tools, ",\n")+"\n    }")
		}
	}
	if len(servers) == 0 {
		return ""
	}
	return fmt.Sprintf("{\n  \"version\": %d,\n  \"servers\": {\n%s\n  }\n}\n", observedVersion, strings.Join(servers, ",\n"))
}

// inJSON returns v as JSON, which strings and shapes always have a form in.
func inJSON(v any) string {
	data, _ := json.Marshal(v)
	return string(data)
}
