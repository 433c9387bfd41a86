package shape_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bindery-mcp/bindery/codegen/schema"
	"github.com/bindery-mcp/bindery/codegen/shape"
)

// answers makes values like those of tools: few names, so that they meet.
type answers struct{ *rand.Rand }

func (r answers) value(depth int) any {
	n := r.IntN(10)
	if depth > 3 {
		n = r.IntN(5)
	}
	switch n {
	case 0:
		return nil
	case 1:
		return r.IntN(2) == 0
	case 2:
		return r.IntN(1000)
	case 3:
		return float64(r.IntN(1000)) + 0.5
	case 4:
		return "text"
	case 5, 6:
		list := make([]any, r.IntN(4))
		for i := range list {
			list[i] = r.value(depth + 1)
		}
		return list
	}
	record := map[string]any{}
	for range r.IntN(7) {
		record[word(r.IntN(12))] = r.value(depth + 1)
	}
	if r.IntN(2) == 0 {
		record["id"] = 1
	}
	if r.IntN(12) == 0 {
		record["a b"] = 1
	}
	return record
}

// structure returns what s encodes but for what it counts.
func structure(t *testing.T, s *shape.Shape) any {
	t.Helper()
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	var strip func(any)
	strip = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			delete(v, "c")
			for _, x := range v {
				strip(x)
			}
		case []any:
			for _, x := range v {
				strip(x)
			}
		}
	}
	root := v.(map[string]any)["t"]
	strip(root)
	return root
}

func TestMergeLaws(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		r := answers{rand.New(rand.NewPCG(seed, 1))}
		values := make([]json.RawMessage, 3)
		shapes := make([]*shape.Shape, 3)
		for i := range values {
			data, err := json.Marshal(r.value(0))
			if err != nil {
				t.Fatal(err)
			}
			values[i], shapes[i] = data, of(string(data))
		}
		a, b, c := shapes[0], shapes[1], shapes[2]
		all := shape.Merge(shape.Merge(a, b), c)
		for law, other := range map[string]*shape.Shape{
			"associative": shape.Merge(a, shape.Merge(b, c)),
			"commutative": shape.Merge(c, shape.Merge(b, a)),
			"idempotent":  shape.Merge(all, shape.Merge(all, a)),
		} {
			if diff := cmp.Diff(structure(t, all), structure(t, other)); diff != "" || !all.Same(other) {
				t.Fatalf("seed %d: merging is not %s (-all +other):\n%s\n%s", seed, law, diff, values)
			}
		}
		root := &schema.Schema{Root: all.Type()}
		for _, v := range values {
			if problems := root.Check(v); len(problems) > 0 {
				t.Fatalf("seed %d: the type %s does not accept %s: %v", seed, show(root.Root), v, problems)
			}
		}
	}
}
