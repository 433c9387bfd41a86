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

var compiled = sync.OnceValues(func() (*codegen.Module, error) {
	tools, err := realTools()
	return codegen.Compile(tools), err
})

// realModule returns the module of realTools.
func realModule(t testing.TB) *codegen.Module {
	t.Helper()
	m, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// probe is what calls of one tool must and must not pass a type checker, made
// from its input schema alone.
type probe struct {
	tool *codegen.Function
	// least has the required properties only, every has all.
	least, every map[string]any
	wrong        []mistake
	// result is what the tool may return, nil if it does not say.
	result map[string]any
}

// mistake is arguments with one thing wrong.
type mistake struct {
	what what
	args map[string]any
	// nested mistakes are inside an argument.
	nested bool
	// open mistakes name another property where the schema says that there may
	// be others.
	open bool
	// certain mistakes are refused at run time. Others a server may well
	// accept: an unknown name where it does not say that it has no others, a
	// missing value that has a default.
	certain bool
}

type what string

const (
	unknownName  what = "an unknown property"
	missingName  what = "a missing property"
	unlisted     what = "a value that is not listed"
	justRequired what = "the required properties"
	allNamed     what = "all properties"
	resultNamed  what = "a result with all properties"
)

// strange is what no schema of the catalogue names or lists.
const strange = "zz_strange"

func newProbe(t testing.TB, f *codegen.Function) probe {
	t.Helper()
	s := newSampler(t, f.Tool.Input)
	m := s.flat(s.root, 0)
	p := probe{tool: f, least: s.object(m, false, 0), every: s.object(m, true, 0), wrong: s.mistakes(m, 0)}
	if f.Tool.Output != nil {
		out := newSampler(t, f.Tool.Output)
		p.result = out.object(out.flat(out.root, 0), true, 0)
	}
	return p
}

func newSampler(t testing.TB, schema json.RawMessage) sampler {
	t.Helper()
	var root any
	d := json.NewDecoder(bytes.NewReader(schema))
	d.UseNumber()
	if err := d.Decode(&root); err != nil {
		t.Fatalf("%s: %v", schema, err)
	}
	return sampler{root}
}

// maxNested is how many objects deep mistakes are made.
const maxNested = 2

// mistakes returns what is wrong for an object of a flat schema.
func (s sampler) mistakes(m map[string]any, depth int) []mistake {
	var all []mistake
	least := s.object(m, false, 0)
	properties := object(m["properties"])
	names := slices.Sorted(maps.Keys(properties))
	if extra := m["additionalProperties"]; len(object(extra)) == 0 {
		all = append(all, mistake{
			what: unknownName, args: with(least, strange, 1), certain: extra == false, open: extra != nil && extra != false,
		})
	}
	for _, name := range names {
		inner, listed := s.plain(properties[name], 0)
		_, defaulted := s.flat(properties[name], 0)["default"]
		if slices.Contains(list(m["required"]), any(name)) {
			args := maps.Clone(least)
			delete(args, name)
			all = append(all, mistake{what: missingName, args: args, certain: !defaulted})
		}
		if listed {
			all = append(all, mistake{what: unlisted, args: with(least, name, strange), certain: true})
		}
		if depth == maxNested {
			continue
		}
		wrap := func(v map[string]any) any { return v }
		if kind(inner) == "array" {
			inner, _ = s.plain(inner["items"], 0)
			wrap = func(v map[string]any) any { return []any{v} }
		}
		if kind(inner) != "object" || len(object(inner["properties"])) == 0 {
			continue
		}
		for _, w := range s.mistakes(inner, depth+1) {
			w.args, w.nested = with(least, name, wrap(w.args)), true
			all = append(all, w)
		}
	}
	return all
}

func with(m map[string]any, key string, v any) map[string]any {
	m = maps.Clone(m)
	m[key] = v
	return m
}

// maxListed is the length of the longest enumeration that stubs promise to
// write down.
const maxListed = 200

// plain returns the flat form of a schema that offers no alternatives, nil for
// any other, and whether it lists its values.
func (s sampler) plain(schema any, chain int) (flat map[string]any, listed bool) {
	m := object(schema)
	if chain > maxSampled || m["anyOf"] != nil || m["oneOf"] != nil || m["allOf"] != nil {
		return nil, false
	}
	if ref, ok := m["$ref"].(string); ok {
		if flat, listed = s.plain(s.target(ref), chain+1); flat == nil || listed {
			return nil, listed
		}
	}
	values := list(m["enum"])
	if c, ok := m["const"]; ok {
		values = []any{c}
	}
	if len(values) > 0 {
		return nil, len(values) <= maxListed && !slices.ContainsFunc(values, func(v any) bool {
			return list(v) != nil || object(v) != nil
		})
	}
	return s.flat(schema, 0), false
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
type tally map[what]int

// atLeast fails the test for counts below those measured with the catalogue as
// it is: probes that are not made find nothing.
func (n tally) atLeast(t *testing.T, want tally) {
	t.Helper()
	t.Logf("probes: %v", n)
	for what, least := range want {
		if n[what] < least {
			t.Errorf("%d probes of %s, want at least %d", n[what], what, least)
		}
	}
}

// The checks at run time agree with the schemas, as the stubs do.
func TestProbesChecked(t *testing.T) {
	t.Parallel()
	m := realModule(t)
	n := tally{}
	check := func(p probe, w mistake, ok bool) {
		n[w.what]++
		raw, err := json.Marshal(w.args)
		if err != nil {
			t.Fatal(err)
		}
		err = m.Check(p.tool.ID, codegen.TypeScript, raw)
		switch {
		case ok && err != nil:
			t.Errorf("%s refuses %s: %v\n%s", p.tool.ID, w.what, err, raw)
		case !ok && bindery.CodeOf(err) != bindery.Invalid:
			t.Errorf("%s takes %s: %v\n%s", p.tool.ID, w.what, err, raw)
		}
	}
	for _, s := range m.Servers() {
		for _, p := range probes(t, s) {
			check(p, mistake{what: justRequired, args: p.least}, true)
			check(p, mistake{what: allNamed, args: p.every}, true)
			for _, w := range p.wrong {
				check(p, w, !w.certain)
			}
		}
	}
	n.atLeast(t, tally{justRequired: 3087, allNamed: 3087, unknownName: 3700, missingName: 5300, unlisted: 1700})
}
