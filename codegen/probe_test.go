package codegen_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/bindery-mcp/bindery"
	dumps "github.com/bindery-mcp/bindery/benchmarks/catalogue"
	"github.com/bindery-mcp/bindery/codegen"
)

// realTools returns the tools of all servers of the catalogue, which must not
// be changed.
var realTools = sync.OnceValues(dumps.Tools)

// realModule returns the module of realTools.
func realModule(t testing.TB) *codegen.Module {
	t.Helper()
	m, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var compiled = sync.OnceValues(func() (*codegen.Module, error) {
	tools, err := realTools()
	return codegen.Compile(tools), err
})

// probe is what calls of one tool must and must not pass a type checker, made
// from its input schema alone. The wrong ones are nil where the schema does
// not forbid them.
type probe struct {
	tool *codegen.Function
	// least has the required properties only, every has all.
	least, every map[string]any
	// unknown has a property that the schema does not name, and forbidden
	// says that it may not have it; otherwise it is only a likely slip.
	unknown   map[string]any
	forbidden bool
	// missing lacks a required property; defaulted says that it has a default,
	// which a server may put in its place.
	missing   map[string]any
	defaulted bool
	// enum has a value that is not in a property's enumeration.
	enum map[string]any
}

// strange is what no schema of the catalogue names or lists.
const strange = "zz_strange"

func newProbe(t testing.TB, f *codegen.Function) probe {
	t.Helper()
	var root any
	d := json.NewDecoder(bytes.NewReader(f.Tool.Input))
	d.UseNumber()
	if err := d.Decode(&root); err != nil {
		t.Fatalf("%s: %v", f.ID, err)
	}
	s := sampler{root}
	m := s.flat(root, 0)
	p := probe{tool: f, least: s.object(m, false, 0), every: s.object(m, true, 0)}
	properties := object(m["properties"])
	switch extra := m["additionalProperties"].(type) {
	case nil, bool:
		p.forbidden = extra == false
		p.unknown = with(p.least, strange, 1)
	case map[string]any:
		if len(extra) == 0 {
			p.unknown = with(p.least, strange, 1)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.least)) {
		if !slices.Contains(list(m["required"]), any(name)) {
			continue
		}
		p.missing = maps.Clone(p.least)
		delete(p.missing, name)
		_, p.defaulted = s.flat(properties[name], 0)["default"]
		if !p.defaulted {
			break
		}
	}
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if s.enumerated(properties[name], 0) {
			p.enum = with(p.least, name, strange)
			break
		}
	}
	return p
}

func with(m map[string]any, key string, v any) map[string]any {
	m = maps.Clone(m)
	m[key] = v
	return m
}

// maxEnumerated is the length of the longest enumeration that stubs promise to
// list.
const maxEnumerated = 200

// enumerated reports whether a schema lists its values.
func (s sampler) enumerated(schema any, chain int) bool {
	m := object(schema)
	if chain > maxSampled || m["anyOf"] != nil || m["oneOf"] != nil || m["nullable"] != nil {
		return false
	}
	values := list(m["enum"])
	if c, ok := m["const"]; ok {
		values = []any{c}
	}
	if len(values) > 0 {
		return len(values) <= maxEnumerated && !slices.ContainsFunc(values, func(v any) bool {
			return list(v) != nil || object(v) != nil
		})
	}
	ref, ok := m["$ref"].(string)
	return ok && s.enumerated(s.target(ref), chain+1)
}

// probes returns the probe of each tool of a server.
func probes(t testing.TB, s *codegen.Server) []probe {
	t.Helper()
	all := make([]probe, len(s.Tools))
	for i, f := range s.Tools {
		all[i] = newProbe(t, f)
	}
	return all
}

// tally counts probes by what they try.
type tally struct{ Tools, Least, Every, Unknown, Missing, Enum int }

// atLeast fails the test for counts below those measured with the catalogue as
// it is: probes that are not made find nothing.
func (n tally) atLeast(t *testing.T, want tally) {
	t.Helper()
	t.Logf("probes: %+v", n)
	if n.Tools < want.Tools || n.Least < want.Least || n.Every < want.Every ||
		n.Unknown < want.Unknown || n.Missing < want.Missing || n.Enum < want.Enum {
		t.Errorf("too few probes: %+v, want at least %+v", n, want)
	}
}

// The checks at run time agree with the schemas, as the stubs do.
func TestProbesChecked(t *testing.T) {
	t.Parallel()
	m := realModule(t)
	var n tally
	check := func(p probe, what string, args map[string]any, ok bool) {
		raw, err := json.Marshal(args)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range []codegen.Language{codegen.TypeScript, codegen.Python} {
			err := m.Check(p.tool.ID, l, raw)
			switch {
			case ok && err != nil:
				t.Errorf("%s refuses %s: %v\n%s", p.tool.ID, what, err, raw)
			case !ok && bindery.CodeOf(err) != bindery.Invalid:
				t.Errorf("%s takes %s: %v\n%s", p.tool.ID, what, err, raw)
			}
		}
	}
	for _, s := range m.Servers() {
		for _, p := range probes(t, s) {
			n.Tools++
			n.Least++
			check(p, "the required properties", p.least, true)
			n.Every++
			check(p, "all properties", p.every, true)
			if p.unknown != nil {
				n.Unknown++
				check(p, "an unknown property", p.unknown, !p.forbidden)
			}
			if p.missing != nil {
				n.Missing++
				check(p, "a missing property", p.missing, p.defaulted)
			}
			if p.enum != nil {
				n.Enum++
				check(p, "a value that is not listed", p.enum, false)
			}
		}
	}
	n.atLeast(t, tally{})
}
