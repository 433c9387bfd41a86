package lock

import (
	"fmt"
	"slices"
	"strings"
)

// The harms that do not depend on what else changed.
const (
	harmWording = "the model reads it: a new description can carry instructions"
	harmTool    = "a new tool can be called before anyone has looked at it"
	harmData    = "a new parameter can ask for data that the tool did not get before"
	harmFields  = "a new field can ask for data that the tool did not get before"
	harmType    = "it can take data that it did not take before"
	harmOther   = "what it was before is not known"
)

// Compare returns what changed from old to next, sorted by server, tool and
// kind. A tool that was renamed is one removed and one added.
func Compare(old, next *Lock) []Change {
	var changes []Change
	add := func(server, tool string, all ...Change) {
		for _, c := range all {
			c.Server, c.Tool = server, tool
			changes = append(changes, c)
		}
	}
	for server, was := range old.Servers {
		if _, ok := next.Servers[server]; !ok {
			add(server, "", Change{Kind: ServerRemoved, Detail: "server removed, with " + count(len(was))})
		}
	}
	for server, is := range next.Servers {
		was, ok := old.Servers[server]
		if !ok {
			add(server, "", Change{Kind: ServerAdded, Detail: "server added, with " + count(len(is))})
			continue
		}
		for name := range was {
			if _, ok := is[name]; !ok {
				add(server, name, Change{Kind: ToolRemoved, Detail: "tool removed"})
			}
		}
		for name, tool := range is {
			before, ok := was[name]
			switch {
			case !ok:
				add(server, name, Change{Kind: ToolAdded, Detail: "tool added", Harm: harmTool})
			case before.Digest != tool.Digest:
				add(server, name, before.changes(tool)...)
			}
		}
	}
	slices.SortFunc(changes, compareChanges)
	return changes
}

func count(tools int) string {
	if tools == 1 {
		return "1 tool"
	}
	return fmt.Sprintf("%d tools", tools)
}

// changes says what made the digest of t that of next.
func (t Tool) changes(next Tool) []Change {
	all := slices.Concat(
		textChanges(TitleChanged, "title", t.Title, next.Title),
		textChanges(DescriptionChanged, "description", t.Description, next.Description),
		t.parameterChanges(next),
		t.Input.changes(next.Input, InputChanged, "rest of the input"),
		t.outputChanges(next),
	)
	is := hints(next.Hints)
	for i, was := range hints(t.Hints) {
		if was.value() != is[i].value() {
			all = append(all, Change{
				Kind: HintChanged, Harm: was.harm(is[i]),
				Detail: fmt.Sprintf("%s changed from %s to %s", was.name, was.value(), is[i].value()),
			})
		}
	}
	if len(all) == 0 {
		all = append(all, Change{Kind: OtherChanged, Detail: "changed, though no part of it shows how", Harm: harmOther})
	}
	return all
}

// textChanges compares two digests of one text.
func textChanges(kind Kind, what, was, is string) []Change {
	switch {
	case was == is:
		return nil
	case was == "":
		return []Change{{Kind: kind, Detail: what + " added", Harm: harmWording}}
	case is == "":
		return []Change{{Kind: kind, Detail: what + " removed"}}
	default:
		return []Change{{Kind: kind, Detail: what + " changed", Harm: harmWording}}
	}
}

func (t Tool) parameterChanges(next Tool) []Change {
	var all []Change
	for name := range t.Parameters {
		if _, ok := next.Parameters[name]; !ok {
			all = append(all, Change{Kind: ParameterRemoved, Detail: "parameter " + quote(name) + " removed"})
		}
	}
	for name, is := range next.Parameters {
		what := "parameter " + quote(name)
		was, ok := t.Parameters[name]
		if !ok {
			detail := what + " added"
			if is.Required {
				detail += ", required"
			}
			all = append(all, Change{Kind: ParameterAdded, Detail: detail, Harm: harmData})
			continue
		}
		all = append(all, was.Part.changes(is.Part, ParameterChanged, what)...)
		switch {
		case is.Required && !was.Required:
			all = append(all, Change{Kind: ParameterRequired, Detail: what + " is now required"})
		case was.Required && !is.Required:
			all = append(all, Change{Kind: ParameterOptional, Detail: what + " is no longer required"})
		}
	}
	return all
}

func (t Tool) outputChanges(next Tool) []Change {
	switch {
	case t.Output == nil && next.Output == nil:
		return nil
	case next.Output == nil:
		return []Change{{Kind: OutputRemoved, Detail: "output type removed"}}
	case t.Output == nil:
		c := Change{Kind: OutputAdded, Detail: "output type added"}
		if next.Output.Wording != "" {
			c.Harm = harmWording
		}
		return []Change{c}
	}
	return t.Output.changes(*next.Output, OutputChanged, "output type")
}

// changes is empty or has one element, which names all that changed.
func (p Part) changes(next Part, kind Kind, what string) []Change {
	asks := kind != OutputChanged // for data; what comes back does not
	var aspects, harms []string
	if p.Wording != next.Wording {
		aspects = append(aspects, "description")
		if next.Wording != "" {
			harms = append(harms, harmWording)
		}
	}
	if p.Type != next.Type {
		aspects = append(aspects, fmt.Sprintf("type (%s to %s)", anyOr(p.Type), anyOr(next.Type)))
		if asks && wider(p.Type, next.Type) {
			harms = append(harms, harmType)
		}
	}
	if p.Fields != next.Fields {
		aspects = append(aspects, "fields")
		if asks && next.Fields != "" {
			harms = append(harms, harmFields)
		}
	}
	// A type and fields are rules too.
	if p.Rules != next.Rules && p.Type == next.Type && p.Fields == next.Fields {
		aspects = append(aspects, "rules")
	}
	if len(aspects) == 0 {
		return nil
	}
	return []Change{{Kind: kind, Detail: what + " changed: " + strings.Join(aspects, ", "), Harm: strings.Join(harms, "; ")}}
}

func anyOr(types string) string {
	if types == "" {
		return "any"
	}
	return types
}

// wider reports whether next names a type that was does not.
func wider(was, next string) bool {
	if was == "" || next == "" {
		return was != next && next == ""
	}
	old := strings.Split(was, typeSeparator)
	return slices.ContainsFunc(strings.Split(next, typeSeparator), func(t string) bool {
		return !slices.Contains(old, t) && !(t == "integer" && slices.Contains(old, "number"))
	})
}
