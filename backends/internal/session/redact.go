package session

import (
	"slices"
	"strings"
)

// minSecret keeps short values such as "1" or "true" from being blacked out
// wherever they occur.
const minSecret = 6

// Redactor removes the values of secrets from text that servers write.
type Redactor struct{ r *strings.Replacer }

// NewRedactor returns a Redactor for values, and for the last word of each, so
// that "Bearer TOKEN" covers TOKEN. Values below six bytes are left alone.
func NewRedactor(values []string) Redactor {
	var secrets []string
	for _, v := range values {
		secrets = append(secrets, v)
		if i := strings.LastIndexByte(v, ' '); i >= 0 {
			secrets = append(secrets, v[i+1:])
		}
	}
	secrets = slices.DeleteFunc(secrets, func(s string) bool { return len(s) < minSecret })
	// The replacer takes the first match: a secret that holds another goes first.
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, s := range secrets {
		pairs = append(pairs, s, "[redacted]")
	}
	return Redactor{strings.NewReplacer(pairs...)}
}

// Clean returns s without secrets.
func (r Redactor) Clean(s string) string {
	if r.r == nil {
		return s
	}
	return r.r.Replace(s)
}
