package main

import (
	"testing"
	"time"
)

func TestWorkLine(t *testing.T) {
	w := &work{what: "download it", since: time.Now()}
	at := func(d time.Duration) string { return w.line(w.since.Add(d)) }
	if got := at(patience / 2); got != "" {
		t.Errorf("shown at once: %q", got)
	}
	if got, want := at(2*time.Second), "download it (2 s)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	w.tell("3 of 4 MB", 3, 4)
	if got, want := at(3*time.Second), "download it [##################......] 3 of 4 MB (3 s)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	w.tell("", 5, 4)
	if got, want := at(3*time.Second), "download it [########################] (3 s)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
