//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// notifyReload sends on c what asks a process to read its configuration again.
func notifyReload(c chan<- os.Signal) { signal.Notify(c, syscall.SIGHUP) }
