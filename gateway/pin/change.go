package pin

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/form"
	"github.com/bindery-mcp/bindery/codegen/lock"
)

// Change is a tool that is not what it was.
type Change struct {
	Tool bindery.ToolID
	// Old and New are its digests; Old is empty for a tool that could not be
	// remembered.
	Old, New string
	// Parts are what changed of it.
	Parts []lock.Change
	// Was and Is are its descriptions, without what cannot be seen.
	Was, Is string
}

func changeOf(t bindery.Tool, was, now entry) Change {
	c := Change{Tool: t.ID, Old: was.Tool.Digest, New: now.Tool.Digest, Was: was.Description, Is: now.Description}
	if c.Old == "" {
		c.Parts = []lock.Change{{Server: t.ID.Server, Tool: t.ID.Name, Kind: lock.ToolAdded, Detail: "its server has had too many tools to remember this one"}}
		return c
	}
	one := func(e entry) *lock.Lock {
		return &lock.Lock{Servers: map[string]lock.Tools{t.ID.Server: {t.ID.Name: e.Tool}}}
	}
	c.Parts = lock.Compare(one(was), one(now))
	return c
}

func compareChanges(a, b Change) int {
	return cmp.Or(cmp.Compare(a.Tool.Server, b.Tool.Server), cmp.Compare(a.Tool.Name, b.Tool.Name))
}

// Summary returns what changed in a few words, on one line of ASCII.
func (c Change) Summary() string {
	const most = 4
	var parts []string
	for i, p := range c.Parts {
		if i == most {
			parts = append(parts, fmt.Sprintf("and %d more", len(c.Parts)-most))
			break
		}
		parts = append(parts, p.Detail)
	}
	return strings.Join(parts, ", ")
}

// String returns the change for a person who is to judge it: what changed, what
// of that could be harmful, and the lines of the description before and now.
func (c Change) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", form.Clean(c.Tool.String(), 200))
	for _, p := range c.Parts {
		fmt.Fprintf(&b, "  %s\n", p.Detail)
		if p.Harm != "" {
			fmt.Fprintf(&b, "    could be harmful: %s\n", p.Harm)
		}
	}
	for _, line := range diffLines(c.Was, c.Is) {
		fmt.Fprintf(&b, "  %s\n", line)
	}
	return b.String()
}

// maxDiff is how many lines of a description are compared.
const maxDiff = 200

// diffLines returns the lines that went, with a minus, and that came, with a
// plus, and those that stayed between them. It is empty for equal texts.
func diffLines(was, is string) []string {
	if was == is {
		return nil
	}
	a, b := lines(was), lines(is)
	// common[i][j] is how many lines a[i:] and b[j:] have in common, in order.
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i, old := range slices.Backward(a) {
		for j, line := range slices.Backward(b) {
			if old == line {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var out []string
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = append(out, "  "+a[i])
			i, j = i+1, j+1
		case i < len(a) && (j == len(b) || common[i+1][j] >= common[i][j+1]):
			out = append(out, "- "+a[i])
			i++
		default:
			out = append(out, "+ "+b[j])
			j++
		}
	}
	return out
}

func lines(text string) []string {
	if text == "" {
		return nil
	}
	all := strings.SplitN(text, "\n", maxDiff+1)
	if len(all) > maxDiff {
		all[maxDiff] = "…"
	}
	return all
}

// denial is what a model is told that calls the tool. It holds none of the
// server's words.
func (c Change) denial() error {
	return &bindery.Error{
		Code: bindery.Denied, Op: "call " + c.Tool.String(), Unsent: true,
		Err:  errors.New("the tool is not what it was when it was approved (" + c.Summary() + "), and is set aside until somebody has looked at it"),
		Hint: "do without it; whoever runs the gateway sees what changed with: bindery approve",
	}
}
