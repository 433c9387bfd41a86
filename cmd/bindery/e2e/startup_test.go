package e2e

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bindery-mcp/bindery/backends/backendtest"
)

// A server that was there before is known from its cached tools: a gateway
// that starts again answers its first client without waiting for it. Both slow
// servers here never answer, so that an answer cannot have waited for them.
func TestStartFromCache(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.AddFaulty(t, "steady")
	w.AddFaulty(t, "near")
	far := w.AddUpstream(t, "far")
	var ready []int
	w.Value(t, `(await Promise.all([steady.echo({alpha: 1}), near.echo({alpha: 2}), far.echo({alpha: 3})])).map(e => e.alpha)`, &ready)
	if diff := cmp.Diff([]int{1, 2, 3}, ready); diff != "" {
		t.Fatalf("before (-want +got):\n%s", diff)
	}

	w.AddFaulty(t, "near", backendtest.HangInit)
	far.Hold("server/discover", "initialize")
	url := w.Serve(t)
	for _, version := range []string{"2026-07-28", "2025-11-25"} {
		t.Run(version, func(t *testing.T) {
			_, replied := newWire(t, url, version).begin(t, call(version, 1, `
const found = await Promise.all(["near.hang", "far.hang"].map(tool => tools.describe(tool)));
return [(await steady.echo({alpha: 42})).alpha, ...found.map(f => JSON.stringify(f).includes("Does hang."))];`))
			if r := got(t, replied); r.Err != nil || !strings.Contains(r.Body, `"[42,true,true]"`) {
				t.Errorf("the first script got %s, %v", r.Body, r.Err)
			}
		})
	}
}
