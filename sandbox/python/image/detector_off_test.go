//go:build !race

package image_test

const detector = false
