package schema

import (
	"slices"
	"strings"
)

func (c *checker) object(t *Type, v *value, at *path) []finding {
	var all []finding
	var missing, extra []string
	known := make(map[string]bool, len(t.Props))
	for _, p := range t.Props {
		c.steps--
		known[p.Name] = true
		item := v.get(p.Name)
		switch {
		case item != nil:
			all = append(all, c.check(p.Type, item, at.property(p.Name), 0)...)
		case p.Required && !v.open && p.Type.Doc.Default == nil && p.Type.Resolve().Doc.Default == nil:
			missing = append(missing, p.Name)
		}
		if len(all) >= maxProblems {
			return all
		}
	}
	for i, key := range v.keys {
		c.steps--
		if len(all) >= maxProblems || c.steps <= 0 {
			return all
		}
		if known[key] {
			continue
		}
		extra = append(extra, key)
		all = append(all, c.extra(t, key, v.items[i], at)...)
		if t.Names != nil {
			name := &value{kind: stringValue, str: key, raw: quoteJSON(key)}
			for _, f := range c.check(t.Names, name, at.property(key), 0) {
				f.got = say("that name")
				all = append(all, f)
			}
		}
	}
	return append(all, c.missing(t, missing, extra, at)...)
}

// extra checks a property that t does not name.
func (c *checker) extra(t *Type, key string, item *value, at *path) []finding {
	for _, p := range t.Patterns {
		match, sure := c.match(p.Expr, key)
		if !sure {
			return nil
		}
		if match {
			return c.check(p.Type, item, at.property(key), 0)
		}
	}
	if t.Extra == nil {
		return nil
	}
	if t.Extra.Kind != Never {
		return c.check(t.Extra, item, at.property(key), 0)
	}
	f := finding{at: at.property(key), want: func() string { return t.properties() }, got: say("an unknown property"), extra: key}
	if near, ok := Nearest(key, t.names()); ok {
		f.hint = "did you mean " + quoteShort(near) + "?"
	}
	return []finding{f}
}

// missing returns the required properties that v lacks. An unknown property
// with nearly the name of a missing one is most likely a slip, even where the
// schema allows any.
func (c *checker) missing(t *Type, missing, extra []string, at *path) []finding {
	var all []finding
	for _, name := range missing[:min(len(missing), maxProblems)] {
		i := slices.IndexFunc(t.Props, func(p Property) bool { return p.Name == name })
		want := t.Props[i].Type
		f := finding{at: at.property(name), want: func() string { return want.want(2) }, got: say("nothing")}
		if near, ok := Nearest(name, extra); ok {
			f.hint = "the property " + quoteShort(near) + " is not known: did you mean " + quoteShort(name) + "?"
		}
		all = append(all, f)
	}
	return all
}

func (t *Type) names() []string {
	names := make([]string, len(t.Props))
	for i, p := range t.Props {
		names[i] = p.Name
	}
	return names
}

// properties describes the properties of a closed object.
func (t *Type) properties() string {
	names := t.names()
	if len(names) == 0 {
		return "no properties"
	}
	if len(names) > shown {
		names = append(slices.Clone(names[:shown]), "…")
	}
	return "only " + strings.Join(names, ", ")
}
