//go:build !unix

package main

import "os"

// notifyReload does nothing where there is no such signal: the file is watched.
func notifyReload(chan<- os.Signal) {}
