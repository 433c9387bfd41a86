//go:build !race

package sandboxtest

const detector = false
