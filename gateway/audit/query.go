package audit

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"maps"
	"path"
	"slices"
	"time"
)

// Entry is a call or an execution with its end.
type Entry struct {
	// Kind is "call" or "execution".
	Kind string `json:"kind"`
	// Seq is of its begin, and End of its end, 0 if there is none.
	Seq       uint64    `json:"seq"`
	End       uint64    `json:"end,omitempty"`
	Time      time.Time `json:"time"`
	Execution string    `json:"execution,omitempty"`
	Client    string    `json:"client,omitempty"`
	Session   string    `json:"session,omitempty"`
	View      string    `json:"view,omitempty"`
	Trace     string    `json:"trace,omitempty"`

	Script    string `json:"script,omitempty"`
	Source    string `json:"source,omitempty"`
	Language  string `json:"language,omitempty"`
	Catalogue string `json:"catalogue,omitempty"`

	Call     int             `json:"call,omitempty"`
	Line     int             `json:"line,omitempty"`
	Server   string          `json:"server,omitempty"`
	Tool     string          `json:"tool,omitempty"`
	Digest   string          `json:"argsDigest,omitempty"`
	Size     int             `json:"argsBytes,omitempty"`
	Shape    string          `json:"argsShape,omitempty"`
	Args     json.RawMessage `json:"args,omitempty"`
	Decision string          `json:"decision,omitempty"`
	Rule     string          `json:"rule,omitempty"`

	// Outcome is "open" without an end.
	Outcome string        `json:"outcome"`
	Bytes   int           `json:"bytes,omitempty"`
	Took    time.Duration `json:"took,omitempty"`
	Usage   *Usage        `json:"usage,omitempty"`
}

// The kinds of entries.
const (
	KindCall      = "call"
	KindExecution = "execution"
)

// outcomeOpen is the outcome of what has none yet.
const outcomeOpen = "open"

// Filter says which entries are wanted; what is zero does not matter. Texts are
// patterns in which * and ? stand for any.
type Filter struct {
	Kind      string
	Client    string
	Server    string
	Tool      string // of a server, or server.tool
	Execution string
	Outcome   string
	Decision  string
	// Since and Until bound the time of begin, as the clock said it then.
	Since, Until time.Time
}

// maxPending is how many begins a query remembers until their ends come.
const maxPending = 1 << 16

// Query yields the entries that the filter wants from the log in a folder, in
// the order of their ends; those without one come last. Errors are those of
// [Read], where a [*RecordError] does not end it, or that of ctx.
func Query(ctx context.Context, dir string, f Filter) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		pending := make(map[uint64]Entry)
		for l, err := range Read(dir, 0) {
			if err = cmp.Or(ctx.Err(), err); err != nil {
				if !yield(Entry{}, err) || ctx.Err() != nil {
					return
				}
				continue
			}
			e, whole := join(pending, &l.Record)
			if whole && f.begin(e) && f.outcome(e) && !yield(e, nil) {
				return
			}
			if _, here := pending[l.Seq]; here && (!f.begin(e) || len(pending) > maxPending) {
				delete(pending, l.Seq)
				if f.begin(e) && f.outcome(e) && !yield(e, nil) {
					return
				}
			}
		}
		for _, seq := range slices.Sorted(maps.Keys(pending)) {
			if e := pending[seq]; f.outcome(e) && !yield(e, nil) {
				return
			}
		}
	}
}

// join takes up a record. The entry is whole when it is known how it ended; a
// begin is pending until then.
func join(pending map[uint64]Entry, r *Record) (e Entry, whole bool) {
	switch r.Kind {
	case CallBegin, ExecutionBegin:
		e = entryOf(r)
		pending[r.Seq] = e
	case Refusal:
		e = entryOf(r)
		e.Outcome = r.Outcome
		return e, true
	case CallEnd, ExecutionEnd:
		e, whole = pending[r.Begin]
		delete(pending, r.Begin)
		e.End, e.Outcome, e.Bytes, e.Took, e.Usage = r.Seq, r.Outcome, r.Bytes, r.Took, r.Usage
	case FileBegin, Start, Stop, Recovery, Gap:
	}
	return e, whole
}

// EntryOf returns the entry that a record begins, or nil. ended says that the
// record is the end of one, of its own or, without an entry, of that of r.Begin.
func EntryOf(r *Record) (e *Entry, ended bool) {
	switch r.Kind {
	case CallBegin, ExecutionBegin:
		return new(entryOf(r)), false
	case Refusal:
		e = new(entryOf(r))
		e.Outcome = r.Outcome
		return e, true
	case CallEnd, ExecutionEnd:
		return nil, true
	case FileBegin, Start, Stop, Recovery, Gap:
	}
	return nil, false
}

func entryOf(r *Record) Entry {
	kind := KindCall
	if r.Kind == ExecutionBegin {
		kind = KindExecution
	}
	return Entry{
		Kind: kind, Seq: r.Seq, Time: r.Time, Execution: r.Execution, Client: r.Client, Session: r.Session, View: r.View, Trace: r.Trace,
		Script: r.Script, Source: r.Source, Language: r.Language, Catalogue: r.Catalogue,
		Call: r.Call, Line: r.Line, Server: r.Server, Tool: r.Tool, Digest: r.Digest, Size: r.Size, Shape: r.Shape, Args: r.Args,
		Decision: r.Decision, Rule: r.Rule, Outcome: outcomeOpen,
	}
}

// begin reports whether what is known from the begin is wanted.
func (f Filter) begin(e Entry) bool {
	return matches(f.Kind, e.Kind) && matches(f.Client, e.Client) && matches(f.Server, e.Server) &&
		(matches(f.Tool, e.Tool) || matches(f.Tool, e.Server+"."+e.Tool)) &&
		matches(f.Execution, e.Execution) && matches(f.Decision, e.Decision) &&
		(f.Since.IsZero() || !e.Time.Before(f.Since)) && (f.Until.IsZero() || e.Time.Before(f.Until))
}

func (f Filter) outcome(e Entry) bool { return matches(f.Outcome, e.Outcome) }

// Check returns an error for a pattern that is none.
func (f Filter) Check() error {
	for _, p := range []string{f.Kind, f.Client, f.Server, f.Tool, f.Execution, f.Outcome, f.Decision} {
		if _, err := path.Match(p, ""); err != nil {
			return err
		}
	}
	return nil
}

func matches(pattern, text string) bool {
	if pattern == "" || pattern == text {
		return true
	}
	ok, err := path.Match(pattern, text)
	return ok && err == nil
}
