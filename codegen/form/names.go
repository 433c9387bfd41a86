package form

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery/codegen/schema"
)

// Fold returns name as an identifier: whatever is not an ASCII letter, digit,
// "_" or, in TypeScript, "$" becomes "_", and a leading digit gets one in front. The MCP
// specification wants tool names in ASCII; a look-alike from another script
// must not pass for one that is.
func Fold(name string, l Language) string {
	var b strings.Builder
	for i, r := range name {
		switch {
		case r == '_' || r == '$' && l == TypeScript || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z':
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

// IsIdent reports whether a name can be written as it is where any word may
// stand, such as after a dot.
func IsIdent(name string, l Language) bool {
	return name != "" && Fold(name, l) == name && (l != Python || !pythonKeyword(name))
}

// ServerIdent returns the identifier of a server of this name, if no other
// server claims the same: its own spelling with "_" for what the language
// cannot spell, and a trailing "_" where it has claimed the name.
func ServerIdent(name string, l Language) string {
	ident := Fold(name, l)
	for reservedGlobal(ident, l) {
		ident += "_"
	}
	return ident
}

func toolIdent(name string, l Language) string {
	ident := Fold(name, l)
	for reservedMember(ident, l) {
		ident += "_"
	}
	return ident
}

// nameServers gives each server its identifiers.
func nameServers(servers []*Server) {
	for l := range languages {
		names := spell("servers", servers, func(s *Server) (string, string) { return s.Name, ServerIdent(s.Name, l) })
		for i, s := range servers {
			s.names[l] = names[i]
		}
	}
}

// nameTools gives each tool of one server its identifiers.
func nameTools(tools []*Function) {
	for l := range languages {
		names := spell("tools", tools, func(f *Function) (string, string) { return f.ID.Name, toolIdent(f.ID.Name, l) })
		for i, f := range tools {
			f.names[l] = names[i]
		}
	}
}

// spell gives each its identifier, except where two would have the same.
func spell[T any](what string, all []T, of func(T) (name, ident string)) []Name {
	owners := map[string][]string{}
	for _, x := range all {
		name, ident := of(x)
		owners[ident] = append(owners[ident], name)
	}
	names := make([]Name, len(all))
	for i, x := range all {
		_, ident := of(x)
		if len(owners[ident]) > 1 {
			names[i].Refused = collision(what, ident, owners[ident])
		} else {
			names[i].Ident = ident
		}
	}
	return names
}

// collision says why an identifier was refused.
func collision(what, ident string, owners []string) string {
	const most = 6
	quoted := make([]string, 0, most+1)
	for _, o := range owners[:min(most, len(owners))] {
		quoted = append(quoted, Quote(Clip(o, 80)))
	}
	if n := len(owners) - most; n > 0 {
		quoted = append(quoted, fmt.Sprintf("%d more", n))
	}
	return fmt.Sprintf("the %s %s would all be called %s", what, strings.Join(quoted, " and "), ident)
}

// ShortHash tells apart what was folded into one identifier.
func ShortHash(s string) string {
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
	for _, r := range Clip(from, 60) {
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
	if reservedGlobal(name, TypeScript) || reservedGlobal(name, Python) || name == "Record" {
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
