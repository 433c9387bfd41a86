package policy

import (
	"maps"
	"slices"
	"sync"

	"github.com/bindery-mcp/bindery"
)

// maxTouched is how many tools an execution tells apart; it bounds memory. More
// than that count as labels and calls only.
const maxTouched = 4_096

// Execution is what one script has touched so far, or one session of a client
// that calls tools itself. Its methods are safe for concurrent use; the nil
// Execution has touched nothing and remembers nothing.
type Execution struct {
	script Script
	// deciding is held from when a call is decided on until it counts.
	deciding sync.Mutex

	mu      sync.Mutex
	calls   int64
	tools   map[bindery.ToolID]int
	labels  map[string]int
	perhaps map[string]bool // labels that came with data from elsewhere
	known   *past           // of all this but calls; nil after a change
}

// NewExecution returns the state of an execution that has done nothing yet.
func NewExecution(s Script) *Execution {
	return &Execution{script: s, tools: map[bindery.ToolID]int{}, labels: map[string]int{}, perhaps: map[string]bool{}}
}

// Script returns what is executed.
func (x *Execution) Script() Script {
	if x == nil {
		return Script{}
	}
	return x.script
}

// Inherit adds labels to those that were read: of data that the execution gets
// not from a tool but from an earlier execution, such as a kept value or the
// result of a call that is not repeated.
func (x *Execution) Inherit(labels ...string) {
	if x == nil {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, l := range labels {
		x.perhaps[l] = true
	}
	x.known = nil
}

// Labels returns the labels of everything that the execution has read, sorted:
// what its results may hold.
func (x *Execution) Labels() []string { return slices.Clone(x.past().labels) }

// begin counts a call that is about to be made. From now on it counts as one
// that has read: what it returns can be anywhere as soon as it is there.
func (x *Execution) begin(id bindery.ToolID, labels []string) {
	if x == nil {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.calls++
	if n, ok := x.tools[id]; ok || len(x.tools) < maxTouched {
		x.tools[id] = n + 1
		x.changed(!ok)
	}
	for _, l := range labels {
		x.labels[l]++
		x.changed(x.labels[l] == 1)
	}
}

func (x *Execution) changed(yes bool) {
	if yes {
		x.known = nil
	}
}

// undo takes back a call that was never sent.
func (x *Execution) undo(id bindery.ToolID, labels []string) {
	if x == nil {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.calls--
	x.known = nil
	if x.tools[id]--; x.tools[id] <= 0 {
		delete(x.tools, id)
	}
	for _, l := range labels {
		if x.labels[l]--; x.labels[l] <= 0 {
			delete(x.labels, l)
		}
	}
}

// past is what an execution has touched, as conditions see it. It is immutable.
type past struct {
	servers, tools, labels []string
}

func (x *Execution) past() *past {
	if x == nil {
		return new(past)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.known == nil {
		p := new(past)
		for id := range x.tools {
			p.tools = append(p.tools, id.String())
			p.servers = append(p.servers, id.Server)
		}
		p.labels = slices.AppendSeq(slices.Collect(maps.Keys(x.perhaps)), maps.Keys(x.labels))
		for _, list := range []*[]string{&p.servers, &p.tools, &p.labels} {
			slices.Sort(*list)
			*list = slices.Compact(*list)
		}
		x.known = p
	}
	return x.known
}

func (x *Execution) count() int64 {
	if x == nil {
		return 0
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.calls
}

// hasRead reports whether anything with that label was read.
func (x *Execution) hasRead(label string) bool {
	if x == nil {
		return false
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.labels[label] > 0 || x.perhaps[label]
}
