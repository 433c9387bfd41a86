// Package jsonscan bounds JSON from outside before anything that recurses sees
// it.
//
//	bytes of anybody's making → Exceeds → a decoder, or a refusal
package jsonscan
