package python

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// maxMessage bounds the text of an error, in bytes.
const maxMessage = 4 << 10

// report is what the interpreter says of an exception that the script did not
// catch. Besides the message it has what a hint can be made of.
type report struct {
	// What is special about it: "memory", "exit", "stuck", "syntax", "large".
	What    string `json:"kind"`
	Name    string `json:"name"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	// Server and Tool are what a ToolError names.
	Server string `json:"server"`
	Tool   string `json:"tool"`
	// Of is the type of what lacks an attribute, Module a module that is not
	// there, Wrong a name that is none, and Names those there are.
	Of     string   `json:"of"`
	Module string   `json:"module"`
	Wrong  string   `json:"wrong"`
	Names  []string `json:"names"`
}

// failed takes the interpreter's word that the script failed.
func (s *session) failed(f frame) error {
	var r report
	if err := json.Unmarshal(f.text, &r); err != nil {
		return fmt.Errorf("a failure: %w", err)
	}
	fail := s.explain(&r)
	s.ended, s.outcome = true, sandbox.Outcome{Failure: fail}
	return nil
}

// explain puts an exception into the script's terms.
func (s *session) explain(r *report) *sandbox.Failure {
	at := s.checked(r.Line, r.Column)
	f := &sandbox.Failure{Code: bindery.Script, Name: printable(clip(r.Name, 200)), Message: r.Message, Hint: r.Hint, Line: at.line, Column: at.column}
	if f.Message == "" {
		f.Message = "no message"
	}
	switch r.What {
	case "memory":
		return s.outOfMemory(at)
	case "large":
		return &sandbox.Failure{
			Code: bindery.Limit, Message: fmt.Sprintf("the result is longer than the limit of %s", size(s.script.Limits.Value)),
			Hint: "reduce it in the script: filter, map to the fields that matter, slice, count",
		}
	case "stuck":
		f = s.stuck()
		f.Line, f.Column = at.line, at.column
		return f
	case "exit":
		f.Message = strings.TrimSuffix("the script exited: "+r.Message, ": ")
		f.Hint = "to end a script early write: return value"
		return f
	case "files":
		if f.Hint == "" {
			f.Hint = noFiles
		}
	case "syntax":
		f.Code = bindery.Invalid
		s.adviseSyntax(f)
		return f
	}
	if f.Name == "ToolError" {
		f.Message = strings.TrimSuffix(f.Message, hintSeparator+f.Hint)
		f.Message = naming(bindery.ToolID{Server: r.Server, Name: r.Tool}, f.Message)
	}
	s.advise(f, r)
	return f
}

// stuck is the failure of a script that nothing can wake.
func (s *session) stuck() *sandbox.Failure {
	return &sandbox.Failure{
		Code: bindery.Script, Message: "the script awaits something that nothing can complete",
		Hint: "no call and no timer is under way: check that every Future, Event and Queue is set or filled by somebody",
	}
}

func (s *session) outOfMemory(at site) *sandbox.Failure {
	return &sandbox.Failure{
		Code: bindery.Limit, Message: fmt.Sprintf("memory limit of %s exceeded (limits.memory)", size(s.script.Limits.Memory)),
		Hint: "keep less data at once: filter results as they come, and page through them", Line: at.line, Column: at.column,
	}
}

// stopped explains the end of the context.
func (s *session) stopped() *sandbox.Failure {
	f := &sandbox.Failure{Code: bindery.Cancelled, Message: "the run was cancelled"}
	switch {
	case errors.Is(context.Cause(s.ctx), errWall):
		f.Code, f.Message = bindery.Timeout, fmt.Sprintf("time limit of %s exceeded", seconds(s.script.Limits.Wall))
	case errors.Is(s.ctx.Err(), context.DeadlineExceeded):
		f.Code, f.Message = bindery.Timeout, "the time for this request is over"
	}
	if n := len(s.pending); n > 0 {
		first := 0
		for id := range s.pending {
			if first == 0 || id < first {
				first = id
			}
		}
		f.Hint = fmt.Sprintf("%s under way, the oldest %s", count(n, "call"), s.pending[first])
	}
	return f
}

// died explains an interpreter that ended without saying why.
func (s *session) died(err error, starved bool) {
	if s.over != nil { // the script had come to its end
		s.finish(nil)
		return
	}
	f := sandbox.Failure{Code: bindery.Script, Name: "SystemExit", Message: "the script ended its interpreter"}
	code, exited := exitCode(err)
	switch {
	case starved:
		f = *s.outOfMemory(site{})
	case exited:
		f.Message += fmt.Sprintf(" (exit code %d)", code)
		f.Hint = "to end a script early write: return value"
	case err == nil:
	case strings.Contains(err.Error(), "out of bounds memory access"), strings.Contains(err.Error(), "stack overflow"):
		f = sandbox.Failure{
			Code: bindery.Limit, Name: "RecursionError", Message: "stack limit exceeded",
			Hint: "the script recurses, or nests brackets or data, too deeply",
		}
	}
	s.ended, s.outcome = true, sandbox.Outcome{Failure: &f}
}

// naming puts the tool before an error's message, unless that names it, or the
// server that is at fault, in one of its spellings.
func naming(id bindery.ToolID, message string) string {
	name := id.String()
	if name == "." || strings.Contains(message, name) ||
		strings.HasPrefix(message, "call "+id.Server+".") || strings.HasPrefix(message, id.Server+" is ") {
		return message
	}
	return strings.TrimPrefix(name, ".") + ": " + message
}
