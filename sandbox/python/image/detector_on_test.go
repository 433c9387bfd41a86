//go:build race

package image_test

// detector tells that this is built with the race detector, under which to
// compile an interpreter takes a minute.
const detector = true
