package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/bindery-mcp/bindery/backends"
)

// patience is how long a command may be silent on a terminal.
const patience = time.Second

// showProgress names the servers that are still starting, on a terminal and
// once that takes a second, until the returned function is called.
func showProgress(w io.Writer, set *backends.Set) (stop func()) {
	if !isTerminal(w) {
		return func() {}
	}
	tick := time.NewTicker(patience)
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		writeProgress(w, quit, tick.C, time.Now(), func() []string { return starting(set.Status()) })
	}()
	return func() {
		tick.Stop()
		close(quit)
		<-done
	}
}

// writeProgress rewrites one line at each tick, and takes it away at the end.
func writeProgress(w io.Writer, quit <-chan struct{}, tick <-chan time.Time, since time.Time, names func() []string) {
	const clearLine = "\r\x1b[K"
	shown := false
	for {
		select {
		case <-quit:
			if shown {
				_, _ = io.WriteString(w, clearLine)
			}
			return
		case now := <-tick:
			if list := names(); len(list) > 0 {
				_, _ = fmt.Fprintf(w, "%swaiting for %s (%d s)", clearLine, strings.Join(list, ", "), int(now.Sub(since).Round(time.Second).Seconds()))
				shown = true
			}
		}
	}
}

func starting(all []backends.Status) []string {
	var names []string
	for _, s := range all {
		if s.State == backends.Connecting {
			names = append(names, s.Name)
		}
	}
	return names
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
