package gateway

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/excerpt"
	"github.com/bindery-mcp/bindery/gateway/execution"
	"github.com/bindery-mcp/bindery/sandbox"
)

// maxListed is how many calls a failure lists one by one.
const maxListed = 20

// maxMessage is how much of a failure's message is shown, in bytes: it may
// quote a whole result.
const maxMessage = 8 << 10

func writeFailure(b *strings.Builder, f *sandbox.Failure) {
	name := f.Name
	if name == "" {
		name = "Error"
	}
	message := f.Message
	if len(message) > maxMessage {
		message = excerpt.Text(message, maxMessage) + fmt.Sprintf("… (%s in all)", sandbox.FormatBytes(int64(len(f.Message))))
	}
	fmt.Fprintf(b, "%s: %s", name, message)
	if f.Line > 0 {
		fmt.Fprintf(b, "\n  at script line %d", f.Line)
		if f.Column > 0 {
			fmt.Fprintf(b, ":%d", f.Column)
		}
	}
	if f.SourceLine != "" {
		fmt.Fprintf(b, "\n    %s", f.SourceLine)
	}
	if f.Hint != "" {
		section(b, "hint: "+f.Hint)
	}
}

// writeEffects lists what became of a failed script's calls, in the order of
// the script, so that nobody repeats unawares what was done. Calls that were
// refused did nothing and are left out.
func writeEffects(b *strings.Builder, a Answer) {
	calls := slices.DeleteFunc(slices.Clone(a.Calls), func(r execution.Record) bool { return r.State == execution.Refused })
	if len(calls) == 0 {
		return
	}
	section(b, "calls that were made, and are not undone:")
	shown, left := worthListing(calls)
	for _, r := range shown {
		section(b, "- "+effect(r))
	}
	for _, state := range []execution.State{execution.Completed, execution.Failed} {
		of := slices.DeleteFunc(slices.Clone(left), func(r execution.Record) bool { return r.State != state })
		if len(of) > 0 {
			section(b, fmt.Sprintf("- and %d more that %s: %s", len(of), state, strings.Join(tally(of), ", ")))
		}
	}
	if a.resumable {
		section(b, fmt.Sprintf("To go on without repeating them, send the mended script with resume: %q.", a.Execution))
	}
}

func effect(r execution.Record) string {
	text := r.String()
	if r.Line > 0 {
		text += fmt.Sprintf(" (line %d)", r.Line)
	}
	switch {
	case r.Replayed:
		return text + ": completed earlier, not repeated"
	case r.State == execution.Unknown:
		return text + ": unknown; it was sent and not answered, and may have taken effect"
	default:
		return text + ": " + string(r.State)
	}
}

// maxFailed is how many failed calls of one tool are listed one by one: a wrong
// path in a loop fails the same way each time.
const maxFailed = 5

// worthListing returns the calls to be listed one by one and those that are
// only counted: first of all what is unknown, or failed.
func worthListing(calls []execution.Record) (shown, left []execution.Record) {
	failed := map[bindery.ToolID]int{}
	first := func(r execution.Record) bool {
		if r.State == execution.Failed {
			failed[r.Tool]++
		}
		return r.State == execution.Unknown || r.State == execution.Failed && failed[r.Tool] <= maxFailed
	}
	room := maxListed
	for _, r := range calls {
		if first(r) {
			room--
		}
	}
	clear(failed)
	for _, r := range calls {
		switch {
		case first(r):
			shown = append(shown, r)
		case r.State == execution.Failed:
			left = append(left, r)
		case room > 0:
			room--
			shown = append(shown, r)
		default:
			left = append(left, r)
		}
	}
	return shown, left
}

// tally counts the calls of each tool, in the order of their first calls.
func tally(calls []execution.Record) []string {
	var names []string
	count := map[string]int{}
	for _, r := range calls {
		name := r.Tool.String()
		if count[name]++; count[name] == 1 {
			names = append(names, name)
		}
	}
	rest := len(names) - maxListed
	names = names[:min(len(names), maxListed)]
	for i, name := range names {
		names[i] = fmt.Sprintf("%d × %s", count[name], name)
	}
	if rest > 0 {
		names = append(names, fmt.Sprintf("and %d more tools", rest))
	}
	return names
}
