package worker

import (
	"slices"
	"time"

	"github.com/bindery-mcp/bindery/sandbox"
)

const (
	// maxRuns and maxAge retire a worker: what nobody has thought of should
	// not add up. Both cost little against the start of a process.
	maxRuns = 256
	maxAge  = 10 * time.Minute
	// keptFor is how long a worker waits for the next script of its owner.
	keptFor = 30 * time.Second
)

// shelf holds idle workers. Its methods that return workers leave closing them
// to the caller. The pool's mutex guards it.
type shelf struct {
	// fresh workers have run nothing, and serve anybody.
	fresh []*process
	// kept workers have run scripts of one owner each and wait for another;
	// the longest-waiting is first. There are maxKept of them at most.
	kept    []*process
	maxKept int
}

// take returns a worker for a script, nil if there is none, and those of its
// owner that were kept in vain.
func (f *shelf) take(s sandbox.Script, b *binding, now time.Time) (w *process, retired []*process) {
	for i := len(f.kept) - 1; i >= 0 && w == nil; i-- {
		k := f.kept[i]
		if k.owner != s.Owner {
			continue
		}
		f.kept = slices.Delete(f.kept, i, i+1)
		if k.alive() && k.suits(s, b, now) {
			w = k
		} else {
			retired = append(retired, k)
		}
	}
	for i := len(f.fresh) - 1; i >= 0 && w == nil; i-- {
		if k := f.fresh[i]; k.alive() { // sweep takes out the others
			f.fresh = slices.Delete(f.fresh, i, i+1)
			w = k
		}
	}
	return w, retired
}

// keep puts back a worker for its owner's next script. It returns the one that
// has to make room, if any.
func (f *shelf) keep(w *process, now time.Time) (retired []*process) {
	w.since = now
	f.kept = append(f.kept, w)
	if len(f.kept) <= f.maxKept {
		return nil
	}
	retired = []*process{f.kept[0]}
	f.kept = slices.Delete(f.kept, 0, 1)
	return retired
}

// sweep takes out workers that died, and kept ones whose owner has not come
// back in time. died counts the fresh among them.
func (f *shelf) sweep(now time.Time) (retired []*process, died int) {
	out := func(w *process) bool { retired = append(retired, w); return true }
	f.fresh = slices.DeleteFunc(f.fresh, func(w *process) bool { return !w.alive() && out(w) })
	died = len(retired)
	f.kept = slices.DeleteFunc(f.kept, func(w *process) bool {
		return (!w.alive() || now.Sub(w.since) >= keptFor) && out(w)
	})
	return retired, died
}

// clear takes out all workers.
func (f *shelf) clear() []*process {
	all := slices.Concat(f.fresh, f.kept)
	f.fresh, f.kept = nil, nil
	return all
}
