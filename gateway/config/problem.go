package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Pos is a place in a configuration file. Line and Column count from 1,
// columns in characters; the zero Pos is no place.
type Pos struct {
	Line, Column int
}

// Problem is one mistake in a configuration file, or one warning about it.
type Problem struct {
	File string
	Pos
	// Path is where in the structure it is, such as "mcpServers.github.env".
	Path string
	// Server is the name of the server it is about, or "".
	Server string
	// Message says what is wrong, and Hint, if not empty, what to write.
	Message string
	Hint    string
}

// String returns "file:line:column: path: message; hint" on one line.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	b.WriteString(p.Message)
	if p.Hint != "" {
		b.WriteString("; " + p.Hint)
	}
	return b.String()
}

// Error is a configuration that cannot be used, with everything that is wrong
// with it in the order of the file. It holds no secret.
type Error struct {
	Problems []Problem
}

// Error returns one line per problem.
func (e *Error) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// asError returns nil if there are no problems.
func asError(ps []Problem) error {
	if len(ps) == 0 {
		return nil
	}
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	if more := len(ps) - maxProblems; more > 0 {
		ps = append(ps[:maxProblems:maxProblems], Problem{File: ps[0].File, Message: fmt.Sprintf("and %d more", more)})
	}
	return &Error{Problems: ps}
}

// maxProblems bounds what is said of a file that is not a configuration at all.
const maxProblems = 100
