package exposure

import (
	"fmt"
	"math"
	"sort"
)

// bytesAToken is how many bytes of JSON results took one token over the tasks
// that were worked out with real servers: 41,698 bytes in 13,900 tokens.
const bytesAToken = 3

// Bounds of what is looked for: work beyond these is nobody's.
const (
	mostCalls  = 1000
	mostResult = 1 << 20 // tokens
)

// BreakEven is from where on code costs less than another way.
type BreakEven struct {
	// AtOnce and InTurn are numbers of calls that return 500 tokens each, made
	// in one turn or in a turn each; 0 if no number is enough.
	AtOnce, InTurn int
	// Result is how many bytes a single call has to return; 0 if there is no
	// such number, 1 if any does.
	Result int
	// Turns is how many further turns without a tool make up for what one small
	// call costs more; 0 if it costs no more, -1 if no number does.
	Turns int
}

// AgainstWay finds where code begins to cost less than the other way.
func AgainstWay(code, other Way, t Terms) BreakEven {
	cheaper := func(w Work) bool { return code.Cost(w, t) < other.Cost(w, t) }
	var b BreakEven
	calls := func(inTurn bool) int {
		for n := mostCalls; n > 0; n-- {
			if !cheaper(Work{Tools: min(n, 2), Calls: n, Result: 500, Answer: 60, InTurn: inTurn}) {
				return (n + 1) % (mostCalls + 1) // of more than all there is no first
			}
		}
		return 1
	}
	b.AtOnce, b.InTurn = calls(false), calls(true)
	if r := sort.Search(mostResult, func(r int) bool { return cheaper(Work{Tools: 1, Calls: 1, Result: r, Answer: min(r, 60)}) }); r < mostResult {
		b.Result = max(1, r*bytesAToken)
	}
	small := Works()[0]
	more := code.Cost(small, t) - other.Cost(small, t)
	saved := t.Cached * float64(other.Before-code.Before)
	switch {
	case more <= 0:
	case saved <= 0:
		b.Turns = -1
	default:
		b.Turns = int(math.Ceil(more / saved))
	}
	return b
}

// Formula is the condition under which code costs less, for calls that are made
// at once, with the figures of both ways in it.
func Formula(code, other Way, tools int, t Terms) string {
	none := Work{Tools: tools}
	script := Work{Tools: tools, Calls: 1, Answer: 60}
	fixed := code.Cost(script, t) - other.Cost(none, t)
	if other.Script {
		fixed = code.Cost(script, t) - other.Cost(script, t)
		if fixed > 0 {
			return fmt.Sprintf("code costs %s more a task, however many calls there are", grouped(fixed))
		}
		return fmt.Sprintf("code costs %s less a task, however many calls there are", grouped(-fixed))
	}
	if fixed <= 0 {
		return fmt.Sprintf("always: it begins %s ahead, and each call adds result + %s to the other way", grouped(-fixed), grouped(perCall(t)))
	}
	return fmt.Sprintf("calls × (result + %s) > %s", grouped(perCall(t)), grouped(fixed))
}

// perCall is what a plain call costs besides what it returns: written once, at
// the price of output, and read once.
func perCall(t Terms) float64 { return callTokens * (1 + t.Output) }
