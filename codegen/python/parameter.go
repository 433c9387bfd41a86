package python

import (
	"strings"

	"github.com/bindery-mcp/bindery/codegen/form"
	"github.com/bindery-mcp/bindery/codegen/schema"
)

// Parameter is one property of a tool's arguments.
type Parameter struct {
	// Name is how the tool's schema spells it.
	Name string
	// Spelled is its keyword argument. It is empty where there can be none, or
	// where another property would have the same; such a property is only
	// passed as **{"name": value}.
	Spelled string
}

// Parameters returns the properties of a tool's arguments, in the order of its
// schema. A property whose own name is a keyword argument always has it. No
// two have the same.
func Parameters(f *form.Function) []Parameter {
	return parameters(arguments(f).props)
}

// arguments returns what a tool's arguments may be. They are an object even if
// the schema does not say so.
func arguments(f *form.Function) members {
	if f.NoArguments() {
		return members{closed: true}
	}
	left := maxMembers
	m, ok := membersOf(f.Input.Root, &left)
	if !ok || len(m.props) == 0 && len(m.extra) == 0 {
		return members{extra: []*schema.Type{{}}}
	}
	return m
}

func parameters(props []schema.Property) []Parameter {
	all := make([]Parameter, len(props))
	owners := map[string]int{}
	for i, p := range props {
		all[i] = Parameter{Name: p.Name, Spelled: spell(p.Name)}
		owners[all[i].Spelled]++
	}
	for i, p := range all {
		if p.Spelled != p.Name && owners[p.Spelled] > 1 {
			all[i].Spelled = ""
		}
	}
	return all
}

// spell returns the keyword argument for a property; empty if nothing of its
// name can be spelled.
func spell(name string) string {
	if form.IsIdent(name, form.Python) && !claimed(name) {
		return name
	}
	ident := form.Fold(name, form.Python)
	if strings.Trim(ident, "_") == "" {
		return ""
	}
	for !form.IsIdent(ident, form.Python) || claimed(ident) {
		ident += "_"
	}
	return ident
}

// claimed reports whether a keyword argument of that name means something
// else: _raw asks for the whole answer, and Python gives nobody __debug__.
func claimed(name string) bool { return name == "_raw" || name == "__debug__" }
