package lock_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/lock"
)

// Every single change to any place of a real schema changes the digest, and
// Compare says where.
func TestEveryMutationShows(t *testing.T) {
	total := 0
	for _, tool := range slices.Concat(listed(t, "testdata/tools/*.json"), listed(t, "testdata/currents/monday.json")) {
		for _, part := range []struct {
			name string
			of   func(*bindery.Tool) *json.RawMessage
		}{
			{"input", func(tool *bindery.Tool) *json.RawMessage { return &tool.Input }},
			{"output", func(tool *bindery.Tool) *json.RawMessage { return &tool.Output }},
		} {
			source := *part.of(&tool)
			if source == nil {
				continue
			}
			before := lock.Of([]bindery.Tool{tool})
			for place, mutant := range mutants(t, source) {
				total++
				mutated := tool
				*part.of(&mutated) = json.RawMessage(mutant)
				changes := lock.Compare(before, lock.Of([]bindery.Tool{mutated}))
				if len(changes) == 0 || changes[0].Kind == lock.OtherChanged {
					t.Errorf("%s, %s%s: %v", tool.ID, part.name, place, changes)
				}
			}
		}
	}
	if total < 1000 {
		t.Errorf("%d mutations; too few to show anything", total)
	}
}

// mutants yields schemas that differ from source in one place, with the place.
func mutants(t *testing.T, source json.RawMessage) func(yield func(string, string) bool) {
	dec := json.NewDecoder(bytes.NewReader(source))
	dec.UseNumber()
	var root any
	if err := dec.Decode(&root); err != nil {
		t.Fatal(err)
	}
	return func(yield func(string, string) bool) {
		emit := func(place string) bool {
			b, err := json.Marshal(root)
			if err != nil {
				t.Fatal(err)
			}
			return yield(place, string(b))
		}
		mutate(root, "", func(v any) { root = v }, emit)
	}
}

// mutate puts every mutation of v in its place by set, one after the other,
// and then v back.
func mutate(v any, place string, set func(any), emit func(string) bool) bool {
	try := func(what string, mutation any) bool {
		set(mutation)
		defer set(v)
		return emit(place + what)
	}
	switch v := v.(type) {
	case string:
		return try(" longer", v+"x") && try(" another kind", false)
	case json.Number:
		return try(" times ten", json.Number(v.String()+"e1")) && try(" as text", v.String())
	case bool:
		return try(" negated", !v)
	case nil:
		return try(" no longer null", 0)
	case []any:
		return mutateArray(v, place, try, emit)
	case map[string]any:
		return mutateObject(v, place, try, emit)
	}
	return true
}

func mutateArray(v []any, place string, try func(string, any) bool, emit func(string) bool) bool {
	if !try(" with another element", append(slices.Clone(v), "another")) {
		return false
	}
	for i, item := range v {
		if !try(" without an element", slices.Delete(slices.Clone(v), i, i+1)) || !mutate(item, place+"/", func(x any) { v[i] = x }, emit) {
			return false
		}
	}
	// The names that are required are a set.
	if len(v) > 1 && !strings.HasSuffix(place, "/required") {
		return try(" in another order", append(slices.Clone(v[1:]), v[0]))
	}
	return true
}

func mutateObject(v map[string]any, place string, try func(string, any) bool, emit func(string) bool) bool {
	copied := func(change func(map[string]any)) map[string]any {
		c := maps.Clone(v)
		change(c)
		return c
	}
	if !try(" with another member", copied(func(c map[string]any) { c["another"] = true })) {
		return false
	}
	for k, x := range v {
		renamed := try(" with "+k+" renamed", copied(func(c map[string]any) { delete(c, k); c[k+"x"] = x }))
		if !renamed || !mutate(x, place+"/"+k, func(y any) { v[k] = y }, emit) {
			return false
		}
		if empty, _ := json.Marshal(x); string(empty) == "{}" || string(empty) == "[]" {
			continue // may be a member that says nothing
		}
		if !try(" without "+k, copied(func(c map[string]any) { delete(c, k) })) {
			return false
		}
	}
	return true
}
