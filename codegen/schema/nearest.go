package schema

import "strings"

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
	folded := foldName(name)
	most := min(len(folded)/3, 3)
	best, distance := "", most+1
	prefixed, prefixes := "", 0
	for _, candidate := range among {
		if len(candidate) > nearestLength {
			continue
		}
		f := foldName(candidate)
		d := editDistance(folded, f, most)
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

// foldName removes what people get wrong without noticing.
func foldName(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if strings.ContainsRune("_-. /", r) {
			return -1
		}
		return r
	}, s))
}

// editDistance returns the number of insertions, deletions, substitutions and
// swaps of neighbours (optimal string alignment) between a and b, or more than
// most if it is more.
func editDistance(a, b string, most int) int {
	if d := len(a) - len(b); d > most || -d > most {
		return most + 1
	}
	var before []int
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > most {
			return most + 1
		}
		before, last = last, row
	}
	return last[len(b)]
}
