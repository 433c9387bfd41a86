package python

import "strings"

// class is a TypedDict.
type class struct {
	name   string
	doc    string
	fields []field
	// typedDict and notRequired are what the stub calls these.
	typedDict, notRequired string
	// optional is set if a key may be missing, mixed if others may not.
	optional, mixed bool
	// functional is set if not all keys can be written as attributes.
	functional bool
}

type field struct {
	name, typ, doc string
	required       bool
}

// text writes the class under a name.
func (c class) text(name string) string {
	total := ""
	if c.optional && !c.mixed {
		total = ", total=False"
	}
	var b strings.Builder
	if c.functional {
		// Here, where everything is an expression, only a comment is no part
		// of it.
		b.WriteString(comment(c.doc, "") + name + " = " + c.typedDict + "(" + quote(name) + ", {\n")
		for _, f := range c.fields {
			b.WriteString(comment(f.doc, "    ") + "    " + quote(f.name) + ": " + c.typ(f) + ",\n")
		}
		b.WriteString("}" + total + ")\n")
		return b.String()
	}
	b.WriteString("class " + name + "(" + c.typedDict + total + "):\n" + docstring(c.doc, "    "))
	for _, f := range c.fields {
		b.WriteString("    " + f.name + ": " + c.typ(f) + "\n" + docstring(f.doc, "    "))
	}
	if len(c.fields) == 0 {
		b.WriteString("    pass\n")
	}
	return b.String()
}

func (c class) typ(f field) string {
	if c.mixed && !f.required {
		return c.notRequired + "[" + f.typ + "]"
	}
	return f.typ
}

func classes(all []class) string {
	var b strings.Builder
	for _, c := range all {
		b.WriteString(c.text(c.name) + "\n")
	}
	return b.String()
}
