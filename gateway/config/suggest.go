package config

import (
	"strings"

	"github.com/bindery-mcp/bindery/internal/spelling"
)

// suggest names the key that was probably meant, or all of them if there are
// few.
func suggest(word string, known []string) string {
	word = clip(word, 80)
	best, distance := "", len(word)/3+2
	for _, k := range known {
		if spelling.Fold(k) == spelling.Fold(word) {
			return "did you mean " + k + "?"
		}
		if d := spelling.Distance(word, k, distance-1); d < distance {
			best, distance = k, d
		}
	}
	switch {
	case best != "":
		return "did you mean " + best + "?"
	case len(known) <= 12 && len(known) > 0:
		return "known are " + strings.Join(known, ", ")
	}
	return ""
}
