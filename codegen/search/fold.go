package search

import "strings"

// fold returns what the forms of an English word have in common, roughly: it
// must only be the same for an issue and issues, and for create, creates,
// created and creating. A whole stemmer (Snowball's) folds more and finds less:
// to it coordinates and coordination are one word. What fold leaves apart, such
// as deploy and deployment, meets as a prefix.
func fold(w string) string {
	w = singular(w)
	n := len(w)
	switch {
	case n > 5 && strings.HasSuffix(w, "ing") && vowel(w[:n-3]):
		w = undoubled(w[:n-3])
	case n > 4 && strings.HasSuffix(w, "ed") && !strings.HasSuffix(w, "eed") && vowel(w[:n-2]):
		w = undoubled(w[:n-2])
	}
	if n := len(w); n > 4 && w[n-1] == 'e' {
		w = w[:n-1]
	}
	return w
}

func singular(w string) string {
	n := len(w)
	switch {
	case n > 4 && strings.HasSuffix(w, "ies"):
		return w[:n-3] + "y"
	case n > 4 && (strings.HasSuffix(w, "ches") || strings.HasSuffix(w, "shes") || strings.HasSuffix(w, "sses") || strings.HasSuffix(w, "xes")):
		return w[:n-2]
	case n > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !strings.HasSuffix(w, "us") && !strings.HasSuffix(w, "is"):
		return w[:n-1]
	}
	return w
}

// plural reports whether a word in lower case is a noun's plural, or looks so.
func plural(w string) bool { return singular(w) != w }

// vowel tells running from string.
func vowel(w string) bool { return strings.ContainsAny(w, "aeiouy") }

// undoubled makes run of runn, and leaves call and pass alone.
func undoubled(w string) string {
	if n := len(w); n > 3 && w[n-1] == w[n-2] && strings.IndexByte("lsz", w[n-1]) < 0 {
		return w[:n-1]
	}
	return w
}

// folded folds words in place.
func folded(words []string) []string {
	for i, w := range words {
		words[i] = fold(w)
	}
	return words
}
