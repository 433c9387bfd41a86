package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery/backends"
)

func TestProgress(t *testing.T) {
	var out bytes.Buffer
	quit, tick, done := make(chan struct{}), make(chan time.Time), make(chan struct{})
	since := time.Now()
	status := []backends.Status{
		{Name: "github", State: backends.Connecting}, {Name: "memory", State: backends.Ready}, {Name: "sentry", State: backends.Connecting},
	}
	go func() {
		defer close(done)
		writeProgress(&out, quit, tick, func(now time.Time) string { return waitingFor(starting(status), now.Sub(since)) })
	}()
	tick <- since.Add(time.Second)
	tick <- since.Add(2 * time.Second)
	close(quit)
	<-done
	want := "\r\x1b[Kwaiting for github, sentry (1 s)\r\x1b[Kwaiting for github, sentry (2 s)\r\x1b[K"
	if got := out.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if isTerminal(&out) {
		t.Error("a buffer is taken for a terminal")
	}
}
