package python

import (
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery/internal/spelling"
)

const (
	maxSuggestName = 64   // bytes of a name that are compared
	maxSuggestFrom = 5000 // names that are looked at
)

// nearest returns up to three of names that resemble name, nearest first.
func nearest(name string, names []string) []string {
	type match struct {
		name     string
		distance int
	}
	want := spelling.Fold(name[:min(len(name), maxSuggestName)])
	var matches []match
	for _, n := range names[:min(len(names), maxSuggestFrom)] {
		have := spelling.Fold(n[:min(len(n), maxSuggestName)])
		most := max(1, len(want)/3)
		d := spelling.Distance(want, have, most)
		if len(want) >= 4 && (strings.Contains(have, want) || strings.Contains(want, have) && len(have) >= 4) {
			d = min(d, 1)
		}
		if d <= most {
			matches = append(matches, match{n, d})
		}
	}
	slices.SortStableFunc(matches, func(a, b match) int { return a.distance - b.distance })
	var out []string
	for _, m := range matches[:min(len(matches), 3)] {
		out = append(out, m.name)
	}
	return out
}

// closest is nearest without names that merely contain name, or are contained
// in it, and without name itself.
func closest(name string, names []string) []string {
	near := nearest(name, names)
	return slices.DeleteFunc(near, func(n string) bool {
		longer, shorter := len(n), len(name)
		return n == name || max(longer, shorter)-min(longer, shorter) > 2
	})
}

func appendNew(list []string, name string) []string {
	if slices.Contains(list, name) {
		return list
	}
	return append(list, name)
}
