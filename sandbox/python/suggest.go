package python

import (
	"slices"

	"github.com/bindery-mcp/bindery/internal/spelling"
)

// closest is spelling.Resembling without names that merely contain name, or are contained
// in it, and without name itself.
func closest(name string, names []string) []string {
	near := spelling.Resembling(name, names)
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
