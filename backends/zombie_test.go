//go:build unix && !linux

package backends_test

func isZombie(int) bool { return false }
