package schema

import "github.com/bindery-mcp/bindery/internal/spelling"

// The bounds of [Nearest].
const (
	nearestLength = 64
	nearestAmong  = 20_000
)

// Nearest returns the name that was probably meant by one that does not
// exist: one that differs only in case or separators, else the one that is
// the fewest typing mistakes away, else the only one that begins with it or
// that it begins with. Ties go to the alphabetically first. Names of more than
// 64 bytes and more than 20,000 of them are not considered.
func Nearest(name string, among []string) (string, bool) {
	if len(name) > nearestLength || name == "" {
		return "", false
	}
	if len(among) > nearestAmong {
		among = among[:nearestAmong]
	}
	folded := spelling.Fold(name)
	most := min(len(folded)/3, 3)
	best, distance := "", most+1
	prefixed, prefixes := "", 0
	for _, candidate := range among {
		if len(candidate) > nearestLength {
			continue
		}
		f := spelling.Fold(candidate)
		d := spelling.Distance(folded, f, most)
		if d < distance || d == distance && d <= most && candidate < best {
			best, distance = candidate, d
		}
		if short := min(len(f), len(folded)); short >= 3 && f[:short] == folded[:short] {
			prefixed = candidate
			prefixes++
		}
	}
	if distance <= most {
		return best, true
	}
	return prefixed, prefixes == 1
}
