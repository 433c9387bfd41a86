package worker

import (
	"slices"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery/sandbox"
)

func TestShelf(t *testing.T) {
	start := time.Now()
	used := func(owner string) *process {
		return &process{owner: owner, runs: 1, born: start, gone: make(chan struct{}), limits: sandbox.DefaultLimits()}
	}
	script := func(owner string) sandbox.Script {
		return sandbox.Script{Owner: owner, Limits: sandbox.DefaultLimits()}
	}
	a1, a2, b, fresh := used("a"), used("a"), used("b"), &process{gone: make(chan struct{})}
	f := shelf{fresh: []*process{fresh}, maxKept: 3}
	for i, w := range []*process{a1, b, a2} {
		if retired := f.keep(w, start.Add(time.Duration(i)*time.Second)); len(retired) > 0 {
			t.Fatalf("worker %d had to make room", i)
		}
	}
	w, retired := f.take(script("a"), nil, start)
	if w != a2 || len(retired) > 0 {
		t.Error("want the worker that ran last")
	}
	// a1 has waited for too long, b not yet.
	retired, died := f.sweep(start.Add(keptFor))
	if !slices.Equal(retired, []*process{a1}) || died != 0 {
		t.Errorf("%d workers expired, %d died; want one", len(retired), died)
	}
	if w, _ := f.take(script("a"), nil, start); w != fresh {
		t.Error("want the worker that is nobody's")
	}
	if w, _ := f.take(script("a"), nil, start); w != nil {
		t.Error("a script got a worker of another owner")
	}
	if w, retired := f.take(script("b"), nil, start.Add(maxAge)); w != nil || !slices.Equal(retired, []*process{b}) {
		t.Error("a worker serves on in its old age")
	}
	f.maxKept = 1
	f.keep(b, start)
	if retired := f.keep(a1, start); !slices.Equal(retired, []*process{b}) {
		t.Error("want the worker that has waited longest to make room")
	}
	close(a1.gone)
	if w, retired := f.take(script("a"), nil, start); w != nil || !slices.Equal(retired, []*process{a1}) {
		t.Error("a script got a dead worker")
	}
}
