package codegen

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery/codegen/schema"
)

// Nearest returns the name that was probably meant by one that does not
// exist. See [schema.Nearest] for how, and for its bounds.
func Nearest(name string, among []string) (string, bool) { return schema.Nearest(name, among) }

// fold returns name as an identifier: whatever is not an ASCII letter, digit,
// "_" or "$" becomes "_", and a leading digit gets one in front. The MCP
// specification wants tool names in ASCII; a look-alike from another script
// must not pass for one that is.
func fold(name string) string {
	var b strings.Builder
	for i, r := range name {
		switch {
		case r == '_' || r == '$' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z':
			b.WriteRune(r)
		case '0' <= r && r <= '9':
			if i == 0 {
				b.WriteByte('_')
			}
			b.WriteRune(r)
		default:
			b.WriteByte('_')
		}
	}
	if b.Len() == 0 {
		return "_"
	}
	return b.String()
}

// isIdent reports whether name can be written without quotes.
func isIdent(name string) bool { return name != "" && fold(name) == name }

// ServerIdent returns the identifier of a server of this name, if no other
// server claims the same: its own spelling with "_" for what JavaScript cannot
// spell, and a trailing "_" where the name is a keyword or a global.
func ServerIdent(name string) string {
	ident := fold(name)
	for reservedGlobal(ident) {
		ident += "_"
	}
	return ident
}

// nameServers gives each server its identifier.
func nameServers(servers []*server) {
	taken := map[string][]string{}
	idents := make([]string, len(servers))
	for i, s := range servers {
		ident := ServerIdent(s.Name)
		idents[i] = ident
		taken[ident] = append(taken[ident], s.Name)
	}
	for i, s := range servers {
		s.Ident = idents[i]
		if owners := taken[s.Ident]; len(owners) > 1 {
			s.Ident, s.Refused = "", collision("servers", s.Ident, owners)
		}
	}
}

// nameTools gives each tool of one server its identifier.
func nameTools(tools []*Function) {
	taken := map[string][]string{}
	idents := make([]string, len(tools))
	for i, f := range tools {
		ident := fold(f.ID.Name)
		if reservedProperty(ident) {
			ident += "_"
		}
		idents[i] = ident
		taken[ident] = append(taken[ident], f.ID.Name)
	}
	for i, f := range tools {
		f.Ident = idents[i]
		if owners := taken[f.Ident]; len(owners) > 1 {
			f.Ident, f.Refused = "", collision("tools", f.Ident, owners)
		}
	}
}

// collision says why an identifier was refused.
func collision(what, ident string, owners []string) string {
	const most = 6
	quoted := make([]string, 0, most+1)
	for _, o := range owners[:min(most, len(owners))] {
		quoted = append(quoted, quoteJS(clipText(o, 80)))
	}
	if n := len(owners) - most; n > 0 {
		quoted = append(quoted, fmt.Sprintf("%d more", n))
	}
	return fmt.Sprintf("the %s %s would all be called %s", what, strings.Join(quoted, " and "), ident)
}

// shortHash tells apart what was folded into one identifier.
func shortHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:3])
}

// nameTypes names the definitions that the schemas of one server refer to.
// Equal definitions, which generators repeat in every tool, share a name.
func nameTypes(tools []*Function) map[string]string {
	names := map[string]string{}
	taken := map[string]bool{}
	for _, f := range tools {
		for _, d := range f.defs() {
			if names[d.Key] != "" || simple(d.Type, 0) && !d.Recursive {
				continue
			}
			base := typeName(d, f)
			name := base
			for n := 2; taken[name]; n++ {
				name = fmt.Sprintf("%s%d", base, n)
			}
			taken[name] = true
			names[d.Key] = name
		}
	}
	return names
}

// defs returns the definitions of a function's schemas.
func (f *Function) defs() []*schema.Def {
	if f.Output == nil {
		return f.Input.Defs
	}
	return slices.Concat(f.Input.Defs, f.Output.Defs)
}

// typeName returns a name for a definition: its own, in the case of types.
func typeName(d *schema.Def, f *Function) string {
	from := d.Name
	if from == "" {
		from = f.ID.Name + "_value"
	}
	var b strings.Builder
	up := true
	for _, r := range clipText(from, 60) {
		switch {
		case 'a' <= r && r <= 'z' && up:
			b.WriteRune(r - 'a' + 'A')
			up = false
		case 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' && b.Len() > 0:
			b.WriteRune(r)
			up = false
		default:
			up = true
		}
	}
	name := b.String()
	if name == "" {
		return "Type"
	}
	if reservedGlobal(name) || name == "Record" {
		return name + "Type"
	}
	return name
}

// simple reports whether a type is as short as a name for it would be.
func simple(t *schema.Type, depth int) bool {
	switch t.Kind {
	case schema.Literal:
		return len(t.Values) <= 3
	case schema.Array:
		return depth == 0 && (t.Items == nil || simple(t.Items, depth+1))
	case schema.Object:
		return len(t.Props) == 0 && len(t.Patterns) == 0 && (t.Extra == nil || t.Extra.Kind == schema.Unknown || t.Extra.Kind == schema.Never) && t.Names == nil
	case schema.Ref:
		return depth < 4 && !t.Def.Recursive && simple(t.Def.Type, depth+1)
	case schema.Tuple, schema.Union, schema.Intersection:
		return false
	}
	return true
}
