// Package jsonscan bounds JSON from outside before anything that recurses sees
// it, and finds values in it without decoding the rest.
//
//	bytes of anybody's making → Exceeds → a decoder, Members, or a refusal
package jsonscan
