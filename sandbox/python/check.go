package python

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// maxDrafts bounds what one script has checked, as JSON.
const maxDrafts = 256 << 10

// objection is a call that is certain to fail, and why.
type objection struct {
	at            site
	name, message string
	hint          string
}

// check takes what the prelude found in the script's text before its first
// statement: calls that are certain to fail, and drafts of others, whose
// arguments the host judges. It alone has the schemas.
func (s *session) check(f frame) error {
	if s.seq > 0 || len(f.head.Places) > sandbox.MaxDrafts || len(f.head.Objections) > sandbox.MaxDrafts {
		return errors.New("a check at the wrong time")
	}
	var all []objection
	for _, raw := range f.head.Objections {
		var o objection
		if err := json.Unmarshal(raw, &[]any{&o.at.line, &o.at.column, &o.name, &o.message}); err != nil {
			return fmt.Errorf("an objection: %w", err)
		}
		o.at = s.checked(o.at.line, o.at.column)
		all = append(all, o)
	}
	var drafts []sandbox.Draft
	if len(f.body) > maxDrafts || json.Unmarshal(f.body, &drafts) != nil || len(drafts) != len(f.head.Places) {
		return errors.New("drafts that are none")
	}
	if len(drafts) > 0 && int64(len(f.body)) <= s.script.Limits.Args {
		for _, o := range s.judged(f.body) {
			if o.Draft < 0 || o.Draft >= len(drafts) {
				continue
			}
			at := f.head.Places[o.Draft]
			all = append(all, objection{s.checked(at[0], at[1]), "ToolError", o.Message, o.Hint})
		}
	}
	if len(all) > 0 {
		s.fail(*s.objected(all))
	}
	s.reply(map[string]any{"k": "go"}, nil)
	return nil
}

// judged has the host look at the drafts. An answer that is none counts as no
// objection: each call is checked again when it is made.
func (s *session) judged(drafts []byte) []sandbox.Objection {
	answer := make(chan answered, 1)
	s.host.Start(s.ctx, bindery.Call{Tool: bindery.ToolID{Server: sandbox.Builtin, Name: sandbox.Precheck}, Args: drafts},
		func(r bindery.Result, err error) {
			select {
			case answer <- answered{result: r, err: err}:
			default: // a second answer
			}
		})
	var found []sandbox.Objection
	select {
	case a := <-answer:
		if a.err != nil || json.Unmarshal(a.result.Structured, &found) != nil {
			return nil
		}
	case <-s.ctx.Done():
		s.fail(*s.stopped())
	}
	return found
}

// objected puts the objections in the order of the text.
func (s *session) objected(all []objection) *sandbox.Failure {
	slices.SortStableFunc(all, func(a, b objection) int {
		return cmp.Or(cmp.Compare(a.at.line, b.at.line), cmp.Compare(a.at.column, b.at.column))
	})
	first := all[0]
	f := &sandbox.Failure{
		Code: bindery.Invalid, Name: first.name, Message: first.message + " (nothing was called)", Line: first.at.line, Column: first.at.column,
	}
	if len(all) > 1 {
		var b strings.Builder
		fmt.Fprintf(&b, "%d calls in this script cannot succeed, and nothing was called:", len(all))
		for i, o := range all {
			if i == sandbox.MaxObjections {
				fmt.Fprintf(&b, "\n  and %d more", len(all)-i)
				break
			}
			fmt.Fprintf(&b, "\n  line %d:%d: %s", o.at.line, o.at.column, o.message)
		}
		f.Message = b.String()
	}
	f.Hint = hints(all)
	return f
}

// maxHints bounds how many different hints go with the objections.
const maxHints = 3

func hints(all []objection) string {
	var texts []string
	for _, o := range all {
		if o.hint != "" && len(texts) < maxHints {
			texts = appendNew(texts, o.hint)
		}
	}
	return strings.Join(texts, "\n")
}
