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
	since := time.Now()
	return showLine(w, patience, func(now time.Time) string { return waitingFor(starting(set.Status()), now.Sub(since)) })
}

// showLine writes a line at each interval, on a terminal, until the returned
// function is called.
func showLine(w io.Writer, every time.Duration, line func(now time.Time) string) (stop func()) {
	if !isTerminal(w) {
		return func() {}
	}
	tick := time.NewTicker(every)
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		writeProgress(w, quit, tick.C, line)
	}()
	return func() {
		tick.Stop()
		close(quit)
		<-done
	}
}

// writeProgress rewrites one line at each tick, unless it is empty or the same,
// and takes it away at the end.
func writeProgress(w io.Writer, quit <-chan struct{}, tick <-chan time.Time, line func(now time.Time) string) {
	const clearLine = "\r\x1b[K"
	shown := ""
	for {
		select {
		case <-quit:
			if shown != "" {
				_, _ = io.WriteString(w, clearLine)
			}
			return
		case now := <-tick:
			if text := line(now); text != "" && text != shown {
				_, _ = io.WriteString(w, clearLine+text)
				shown = text
			}
		}
	}
}

// waitingFor is the line that names what is waited for.
func waitingFor(names []string, d time.Duration) string {
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf("waiting for %s (%d s)", strings.Join(names, ", "), wholeSeconds(d))
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

func wholeSeconds(d time.Duration) int { return int(d.Round(time.Second).Seconds()) }

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
