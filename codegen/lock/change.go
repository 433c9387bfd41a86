package lock

import "cmp"

// Kind is what kind of thing a [Change] is about.
type Kind uint8

// The kinds of changes, in the order in which those of one tool are listed.
const (
	ServerAdded Kind = iota
	ServerRemoved
	ToolAdded
	ToolRemoved
	TitleChanged
	DescriptionChanged
	ParameterAdded
	ParameterRemoved
	ParameterChanged
	ParameterRequired // it may no longer be left out
	ParameterOptional // it may be left out now
	InputChanged      // of the input schema, what is no single parameter's
	OutputAdded
	OutputRemoved
	OutputChanged
	HintChanged
	// OtherChanged is a tool whose digest changed while no part of it did.
	OtherChanged
)

// Change is one difference between two locks.
type Change struct {
	// Server and Tool are as the lock spells them. They are not safe to print;
	// Tool is empty if the change is to a whole server.
	Server, Tool string
	Kind         Kind
	// Detail says what changed, such as `parameter "assignee" added`. It is
	// one line of ASCII.
	Detail string
	// Harm says how the change could be harmful, as a clause of one line; it
	// is empty for one that only takes something away or is neutral.
	Harm string
}

// String returns the change on one line of ASCII, of less than 2 kB.
func (c Change) String() string {
	line := label(c.Server)
	if c.Tool != "" {
		line += "." + label(c.Tool)
	}
	line += ": " + c.Detail
	if c.Harm != "" {
		line += " (could be harmful: " + c.Harm + ")"
	}
	return line
}

func compareChanges(a, b Change) int {
	return cmp.Or(
		cmp.Compare(a.Server, b.Server), cmp.Compare(a.Tool, b.Tool),
		cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Detail, b.Detail),
	)
}
