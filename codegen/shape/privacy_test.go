package shape_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery/codegen/shape"
)

// planter plants secrets where answers and arguments can have them.
type planter struct {
	*rand.Rand
	secrets []string
	args    []any
	texts   []any // more values of the answer
	public  int   // fields made so far
}

const alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

func (p *planter) from(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[p.IntN(len(alphabet))]
	}
	return string(b)
}

// name is a plain word: nothing in itself says that it is data.
func (p *planter) name() string {
	return p.secret([]string{
		"annabel", "mortimer", "zuleika", "perceval", "octavia", "leopold", "tiberius", "rosalind",
		"Casimir", "Philippa", "severin", "Ottoline",
	}[p.IntN(12)])
}

func (p *planter) secret(s string) string {
	p.secrets = append(p.secrets, s)
	return s
}

// datum is a secret that looks like what it is.
func (p *planter) datum() string {
	n := p.IntN(9000) + 1000
	switch p.IntN(14) {
	case 0:
		return p.secret(p.name() + "@example.com")
	case 1:
		return p.secret(fmt.Sprintf("PROJ-%d", n))
	case 2:
		return p.secret(fmt.Sprintf("%08x-7c1d-4b2a-9e3f-%012x", p.Uint32(), p.Uint64()>>16))
	case 3:
		return p.secret(fmt.Sprintf("/home/%s/notes.txt", p.name()))
	case 4:
		return p.secret(fmt.Sprintf("2026-%02d-%02d", n%12+1, n%28+1))
	case 5:
		return p.secret(fmt.Sprint(n))
	case 6:
		return p.secret(p.name() + " Example")
	case 7:
		return p.secret("acme-" + p.name())
	case 8:
		return p.secret(p.name() + ".example.org")
	case 9:
		return p.secret(fmt.Sprintf("user_%d", n))
	case 10:
		return p.secret(p.from("0123456789abcdef", 12+p.IntN(30)))
	case 11:
		return p.secret("ключ-" + p.name())
	case 12:
		return p.secret("ghp_" + p.from(alphanumeric, 36))
	}
	return p.secret(p.from(alphanumeric, 24+p.IntN(16)))
}

func (p *planter) any() string {
	if p.IntN(2) == 0 {
		return p.name()
	}
	return p.datum()
}

// value plants secrets as values, and maps whose keys give themselves away.
func (p *planter) value(depth int) any {
	n := p.IntN(10)
	if depth > 3 {
		n = p.IntN(3)
	}
	switch n {
	case 0, 1:
		return p.any()
	case 2:
		return "About " + p.any() + ", and " + p.any() + "."
	case 3: // one key that looks like data is enough
		return map[string]any{p.datum(): p.value(depth + 1), p.name(): p.value(depth + 1)}
	case 4: // the same structure for each
		return map[string]any{
			p.name() + "a": map[string]any{"id": 1, "x": p.any()},
			p.name() + "b": map[string]any{"id": 2, "x": p.any()},
		}
	case 5: // the arguments have it
		name := p.name()
		p.args = append(p.args, "everything of "+name+", please")
		return map[string]any{name: p.value(depth + 1)}
	case 6: // another value has it
		name := p.name()
		p.texts = append(p.texts, name)
		return map[string]any{name: p.value(depth + 1)}
	case 7: // a list of them
		return []any{map[string]any{p.name() + "a": 1}, map[string]any{p.name() + "b": p.any()}}
	case 8:
		return []any{p.value(depth + 1), p.value(depth + 1)}
	}
	p.public++
	return map[string]any{"id": p.IntN(5), fmt.Sprintf("part%d", p.public%10): p.value(depth + 1)}
}

// call returns an answer, and the arguments it is for.
func (p *planter) call(t *testing.T) shape.Answer {
	t.Helper()
	p.args, p.texts = []any{p.any()}, nil
	answer := map[string]any{"items": []any{p.value(0), p.value(0)}, "total": 2, "rest": nil}
	answer["rest"] = p.texts
	value, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	args, err := json.Marshal(map[string]any{"query": p.args, p.name(): map[string]any{p.datum(): 1}})
	if err != nil {
		t.Fatal(err)
	}
	return shape.Answer{Source: shape.JSONText, JSON: value, Args: args, Public: shape.WordsOf("Lists items.")}
}

// No secret is in what is written to disk, or in the type.
func TestNoSecretIsLearned(t *testing.T) {
	t.Parallel()
	for seed := range uint64(400) {
		p := &planter{Rand: rand.New(rand.NewPCG(seed, 2))}
		var learned *shape.Shape
		var seen []string
		for range 1 + p.IntN(4) {
			a := p.call(t)
			a.Before = learned
			learned = shape.Merge(learned, shape.Of(a))
			seen = append(seen, string(a.JSON))
		}
		if learned.Counts().Unread > 0 || learned.Type().Props == nil {
			t.Fatalf("seed %d: nothing was learned", seed)
		}
		typ, err := json.Marshal(learned.Type())
		if err != nil {
			t.Fatal(err)
		}
		disk, err := json.Marshal(learned)
		if err != nil {
			t.Fatal(err)
		}
		out := strings.ToLower(string(typ) + "\n" + string(disk))
		for _, s := range p.secrets {
			if strings.Contains(out, strings.ToLower(s)) {
				t.Fatalf("seed %d: %q was learned:\n%s\nfrom\n%s", seed, s, disk, strings.Join(seen, "\n"))
			}
		}
	}
}

// What tells a key from a field often comes in a later answer: then the key
// goes from what is known already, too.
func TestLaterAnswersTakeNamesAway(t *testing.T) {
	t.Parallel()
	later := map[string]shape.Answer{
		"another name":    {JSON: json.RawMessage(`{"points":{"rosalind":4}}`)},
		"a key like data": {JSON: json.RawMessage(`{"points":{"leopold@example.com":4}}`)},
		"the arguments":   {JSON: json.RawMessage(`{"points":{"octavia":3}}`), Args: json.RawMessage(`{"who":"octavia"}`)},
		"a value":         {JSON: json.RawMessage(`{"points":{"octavia":3},"by":"octavia"}`)},
	}
	for name, a := range later {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := of(`{"points":{"octavia":3}}`)
			if data, _ := json.Marshal(first); !strings.Contains(string(data), "octavia") {
				t.Fatal("the rules have become able to know a plain word; say so in the package comment")
			}
			a.Source = shape.Structured
			s := shape.Merge(first, shape.Of(a))
			data, err := json.Marshal(s)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(data), "octavia") || strings.Contains(string(data), "rosalind") {
				t.Errorf("still there: %s", data)
			}
		})
	}
}
