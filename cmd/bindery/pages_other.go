//go:build !linux

package main

// trimPages does nothing where it is not known to help.
func trimPages() {}

// giveBack does nothing where it is not known to help.
func giveBack([]byte) {}
