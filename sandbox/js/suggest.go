package js

import (
	"slices"
	"strings"
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
	want := foldName(name)
	var matches []match
	for _, n := range names[:min(len(names), maxSuggestFrom)] {
		have := foldName(n)
		d := distance(want, have)
		if len(want) >= 4 && (strings.Contains(have, want) || strings.Contains(want, have) && len(have) >= 4) {
			d = min(d, 1)
		}
		if d <= max(1, len(want)/3) {
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

// foldName drops what people confuse: case, "_" and "-".
func foldName(s string) string {
	s = s[:min(len(s), maxSuggestName)]
	return strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(s))
}

// distance is the Levenshtein distance in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
