package backends

import (
	"fmt"
	"testing"
	"testing/synctest"
)

// TestNoticesAreBounded checks that one who does not listen costs little, and
// misses nothing that matters.
func TestNoticesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h hub
		l := h.join()
		for i := range 100_000 {
			h.post(Notice{Server: "a", Method: resourceUpdated, URI: fmt.Sprint(i)})
			h.post(Notice{Server: "a", Method: promptsChanged})
		}
		if len(l.queue) > maxNotices+2 || len(l.queue) != len(l.waiting) {
			t.Errorf("%d notices wait", len(l.queue))
		}
		seen := map[Notice]int{}
		for n, ok := l.take(); ok; n, ok = l.take() {
			seen[n]++
		}
		if seen[Notice{Server: "a", Method: promptsChanged}] != 1 || seen[Notice{Server: "a", Method: resourcesChanged}] != 1 || len(l.waiting) != 0 {
			t.Errorf("got %d kinds of notices", len(seen))
		}
		h.leave(l)
		h.post(Notice{Server: "b"})
		if len(l.queue) != 0 || len(h.listeners) != 0 {
			t.Error("a listener that has left is told")
		}
	})
}
