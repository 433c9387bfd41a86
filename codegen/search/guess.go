package search

import (
	"math/bits"

	"github.com/bindery-mcp/bindery/internal/spelling"
)

const (
	editFactor  = 0.6 // for a term at one edit from the word, or a half of it
	editsFactor = 0.4 // for one at two

	minEdit  = 4 // bytes of a word that may have one edit
	minEdits = 8 // bytes of a word that may have two

	// maxMeasured bounds the terms whose distance is measured: all of a hostile
	// vocabulary may have the letters of the word.
	maxMeasured = 2000
)

// guessed returns the terms that an unknown word was meant to be: those spelled
// most nearly like it, or two that were written as one.
func (x *Index) guessed(w string) []answer {
	if len(w) > maxParameter {
		return nil
	}
	if near := x.near(w); len(near) > 0 {
		return near
	}
	for n := minPrefix; n <= len(w)-minPrefix; n++ {
		a, first := x.vocabulary[fold(w[:n])]
		b, second := x.vocabulary[w[n:]]
		if first && second {
			return []answer{{a, editFactor}, {b, editFactor}}
		}
	}
	return nil
}

// near returns the terms at the smallest distance from w, of those that an
// error may explain.
func (x *Index) near(w string) []answer {
	var most int
	switch {
	case len(w) >= minEdits:
		most = 2
	case len(w) >= minEdit:
		most = 1
	default:
		return nil
	}
	var near []answer
	own, measured := letters(w), 0
	for _, t := range x.sorted {
		if d := len(t.text) - len(w); d > most || -d > most || bits.OnesCount64(own^t.letters) > 2*most {
			continue
		}
		if measured++; measured > maxMeasured {
			break
		}
		d := spelling.Distance(w, t.text, most)
		if d > most {
			continue
		}
		if d < most {
			most, near = d, near[:0]
		}
		factor := float32(editFactor)
		if d > 1 {
			factor = editsFactor
		}
		near = append(near, answer{t.id, factor})
	}
	return near
}

// letters returns a set of the bytes of a text, in which each edit changes at
// most two: it rules most terms out without measuring their distance.
func letters(text string) uint64 {
	var set uint64
	for i := range len(text) {
		set |= 1 << (text[i] % 64)
	}
	return set
}
