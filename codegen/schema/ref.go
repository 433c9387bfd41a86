package schema

import (
	"crypto/sha256"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// ref returns the type of a reference.
func (p *parser) ref(ref string) *Type {
	fragment, local := strings.CutPrefix(ref, "#")
	if !local && p.id != "" {
		fragment, local = strings.CutPrefix(ref, p.id+"#")
	}
	if !local {
		return p.unknown("$ref %s leads outside the schema", clip(ref))
	}
	target, name := p.pointer(fragment)
	if target == nil {
		return p.unknown("$ref %s leads nowhere", clip(ref))
	}
	d := p.defs[target]
	if d == nil {
		d = &Def{Name: name, source: target}
		p.defs[target] = d
		p.queue = append(p.queue, d)
	}
	return &Type{Kind: Ref, Def: d}
}

// pointer follows a JSON pointer (RFC 6901) in a URI fragment and returns the
// value and the pointer's last part.
func (p *parser) pointer(fragment string) (*value, string) {
	path, err := url.PathUnescape(fragment)
	if err != nil {
		path = fragment
	}
	if path == "" {
		return p.root, ""
	}
	if path[0] != '/' {
		return nil, "" // an $anchor
	}
	v, name := p.root, ""
	for part := range strings.SplitSeq(path[1:], "/") {
		name = strings.ReplaceAll(strings.ReplaceAll(part, "~1", "/"), "~0", "~")
		switch v.kind {
		case objectValue:
			v = v.get(name)
		case arrayValue:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(v.items) {
				return nil, ""
			}
			v = v.items[i]
		default:
			return nil, ""
		}
		if v == nil {
			return nil, ""
		}
	}
	return v, name
}

// breakLoops makes sure that every type that contains itself does so inside
// an array or an object. A definition that is merely itself, as in
// {"$ref": "#"}, has no meaning, and no language could declare it.
func (p *parser) breakLoops() {
	const (
		open = 1
		done = 2
	)
	state := map[*Def]int{}
	var visit func(t *Type)
	visit = func(t *Type) {
		switch t.Kind {
		case Union, Intersection:
			for _, u := range t.Of {
				visit(u)
			}
		case Ref:
			d := t.Def
			switch state[d] {
			case open:
				broken := *p.unknown("the definition %s is nothing but itself", clip(d.Name))
				broken.Doc = t.Doc
				*t = broken
			case 0:
				state[d] = open
				visit(d.Type)
				state[d] = done
			}
		}
	}
	for _, d := range p.queue {
		if state[d] == 0 {
			state[d] = open
			visit(d.Type)
			state[d] = done
		}
	}
}

// manyDefs is the number of definitions from which a schema does not share
// them with others: finding out takes their square.
const manyDefs = 64

// identify sets the Key and Recursive of each definition of the schema root.
func identify(root *value, defs []*Def) {
	if len(defs) > manyDefs {
		sum := sha256.Sum256(root.raw)
		for i, d := range defs {
			d.Recursive = true // it may be; nothing is lost by supposing so
			d.Key = fmt.Sprintf("%x/%d", sum[:16], i)
		}
		return
	}
	number := make(map[*Def]int, len(defs))
	for i, d := range defs {
		number[d] = i
	}
	refs := make([][]int, len(defs))
	for i, d := range defs {
		seen := make(map[*Def]bool)
		d.Type.refs(func(r *Def) {
			if !seen[r] {
				seen[r] = true
				refs[i] = append(refs[i], number[r])
			}
		})
	}
	texts := make([][sha256.Size]byte, len(defs))
	for i, d := range defs {
		texts[i] = sha256.Sum256([]byte(d.Name + "\x00" + string(d.source.raw)))
	}
	for i, d := range defs {
		d.Key, d.Recursive = closure(i, texts, refs)
	}
}

// closure returns a key for everything that can be reached from a definition,
// as a walk in breadth from it meets the texts and the references, and
// whether the definition itself can be.
func closure(from int, texts [][sha256.Size]byte, refs [][]int) (key string, recursive bool) {
	at := map[int]int{from: 0}
	order := []int{from}
	h := sha256.New()
	for n := 0; n < len(order); n++ {
		i := order[n]
		h.Write(texts[i][:])
		for _, r := range refs[i] {
			if _, ok := at[r]; !ok {
				at[r] = len(order)
				order = append(order, r)
			}
			recursive = recursive || r == from
			fmt.Fprintf(h, "%d,", at[r])
		}
		h.Write([]byte{';'})
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:16]), recursive
}

// refs calls f for every reference in t, in order.
func (t *Type) refs(f func(*Def)) {
	if t.Kind == Ref {
		f(t.Def)
	}
	for _, u := range t.Of {
		u.refs(f)
	}
	for _, u := range t.Prefix {
		u.refs(f)
	}
	for _, prop := range t.Props {
		prop.Type.refs(f)
	}
	for _, pat := range t.Patterns {
		pat.Type.refs(f)
	}
	for _, u := range []*Type{t.Items, t.Extra, t.Names} {
		if u != nil {
			u.refs(f)
		}
	}
}
