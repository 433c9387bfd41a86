package spelling

import (
	"slices"
	"strings"
)

const (
	// MaxName is how many bytes of a name are compared.
	MaxName = 64
	// maxFrom is how many names are looked at.
	maxFrom = 5000
)

// Resembling returns up to three of names that resemble name, nearest first:
// those that differ in few letters, or are part of each other.
func Resembling(name string, names []string) []string {
	type match struct {
		name     string
		distance int
	}
	want := Fold(name[:min(len(name), MaxName)])
	var matches []match
	for _, n := range names[:min(len(names), maxFrom)] {
		have := Fold(n[:min(len(n), MaxName)])
		most := max(1, len(want)/3)
		d := Distance(want, have, most)
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
