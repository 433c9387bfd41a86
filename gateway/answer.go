package gateway

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/gateway/excerpt"
	"github.com/bindery-mcp/bindery/gateway/execution"
	"github.com/bindery-mcp/bindery/gateway/keep"
	"github.com/bindery-mcp/bindery/sandbox"
)

// defaultAnswer is how many bytes of a script's value reach the model, about
// 12,000 tokens. A model that asks for more than this has forgotten to reduce;
// clients cut at about the same size, without saying how.
const defaultAnswer = 48 << 10

// Answer is how a script ended and what it did on the way, or how far it is.
type Answer struct {
	// Execution is the script's id.
	Execution string
	Outcome   sandbox.Outcome
	// Calls are in the order in which the script made them.
	Calls []execution.Record
	Took  time.Duration

	// resumable says that a later script can resume this one, and kept that
	// its whole value can be had with results.get.
	resumable, kept bool
	// typ is the type of a value that is cut.
	typ string
	// budget is how many bytes of the value are shown; 0 stands for the
	// default.
	budget int
	// running is set while the script goes on, and hidden counts the lines of
	// its output that were shown by then.
	running *status
	hidden  int
	// asked is what the script waits for, if it is the client's turn.
	asked []*question
	// task is the handle of a script that became a task.
	task json.RawMessage
}

// Text renders the answer for a model: the value as compact JSON, or the
// string itself, then what was logged, then notes. A failure shows the
// script's own line and what became of its calls.
func (a Answer) Text() string {
	var b strings.Builder
	switch f := a.Outcome.Failure; {
	case a.running != nil:
		a.running.write(&b, a)
	case f != nil:
		writeFailure(&b, f)
		writeEffects(&b, a)
	default:
		b.WriteString(a.shownValue())
	}
	a.writeLogs(&b)
	for _, n := range a.Outcome.Notes {
		section(&b, "note: "+n)
	}
	if b.Len() == 0 {
		return "(the script returned nothing)"
	}
	return b.String()
}

// Value renders the script's result alone, and whole.
func (a Answer) Value() string {
	v, _ := extractImages(a.Outcome.Value)
	return textOf(v)
}

// textOf returns a string as it is and anything else as JSON.
func textOf(v json.RawMessage) string {
	var s string
	if firstByte(v) == '"' && json.Unmarshal(v, &s) == nil {
		return s
	}
	return string(v)
}

// Images are the image blocks in the script's value, in order.
func (a Answer) Images() []bindery.Content {
	_, images := extractImages(a.Outcome.Value)
	return images
}

// keepWhole keeps a value that is too long to be shown, and says what it is.
func (a *Answer) keepWhole(shelf *keep.Shelf) {
	if len(a.Value()) <= a.room() {
		return
	}
	a.typ = codegen.TypeOf(a.Outcome.Value, maxType)
	a.kept = shelf.AddResult(a.Execution, a.Outcome.Value, a.typ)
}

// maxType is how long the type of a value is at most, in bytes.
const maxType = 300

func (a Answer) room() int { return cmp.Or(a.budget, defaultAnswer) }

func (a Answer) shownValue() string {
	v, _ := extractImages(a.Outcome.Value)
	whole := textOf(v)
	if len(whole) <= a.room() {
		return whole
	}
	var shown, what string
	if whole == string(v) {
		e := excerpt.Of(v, a.room())
		shown, what = string(e.JSON), e.Note+", "
	} else {
		shown = excerpt.Text(whole, a.room())
	}
	note := fmt.Sprintf("%s\n… cut: %s%s of %s shown", shown, what, sandbox.FormatBytes(int64(len(shown))), sandbox.FormatBytes(int64(len(whole))))
	if a.typ != "" {
		note += "; the whole is " + a.typ
	}
	if a.kept {
		return note + fmt.Sprintf(".\nIt is kept: await results.get(%q) in a later script, where it can be filtered; or the resource %s.",
			a.Execution, resourceURI(a.Execution))
	}
	return note + ". Filter, map or slice in the script and return less."
}

func section(b *strings.Builder, text string) {
	if b.Len() > 0 {
		b.WriteString("\n")
	}
	b.WriteString(text)
}

// writeLogs writes the output that was not shown before, as far as it leaves
// room for the value.
func (a Answer) writeLogs(b *strings.Builder) {
	lines := a.Outcome.Logs[min(a.hidden, len(a.Outcome.Logs)):]
	if len(lines) == 0 {
		return
	}
	section(b, "logs:")
	room := max(a.room()/2, a.room()-b.Len())
	for i, l := range lines {
		text := l.Text
		if l.Level != "log" && l.Level != "info" {
			text = l.Level + ": " + text
		}
		if room -= len(text) + 1; room < 0 {
			section(b, fmt.Sprintf("… %d more lines not shown (limits.answer)", len(lines)-i))
			break
		}
		section(b, text)
	}
	if a.Outcome.LogsDropped > 0 {
		section(b, fmt.Sprintf("… %d more lines dropped (limits.logs)", a.Outcome.LogsDropped))
	}
}
