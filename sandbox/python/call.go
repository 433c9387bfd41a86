package python

import (
	"errors"
	"fmt"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// pendingCall is a call without an answer yet.
type pendingCall struct {
	id       bindery.ToolID
	spelling string
	line     int
	raw      bool // the answer is wanted as it came
}

func (p pendingCall) String() string {
	if p.line == 0 {
		return p.spelling
	}
	return fmt.Sprintf("%s (line %d)", p.spelling, p.line)
}

// maxSpelling bounds how a script writes a tool, in bytes.
const maxSpelling = 1 << 10

// call starts a call. Its answer goes to the interpreter when that waits.
func (s *session) call(f frame) error {
	h := f.head
	if _, twice := s.pending[h.ID]; twice {
		return errors.New("two calls of one number")
	}
	if len(f.body) == 0 || f.body[0] != '{' || !isJSON(f.body) {
		return errors.New("arguments that are no JSON object")
	}
	if h.Server == sandbox.Builtin && h.Tool == sandbox.Precheck {
		return errors.New("a precheck that is a call")
	}
	s.seq++
	line := s.checked(h.Line, 0).line
	s.pending[h.ID] = pendingCall{
		id: bindery.ToolID{Server: h.Server, Name: h.Tool}, spelling: clip(h.As, maxSpelling), line: line, raw: h.Raw,
	}
	c := bindery.Call{Tool: bindery.ToolID{Server: h.Server, Name: h.Tool}, Args: f.body, Seq: s.seq, Line: line}
	s.host.Start(s.ctx, c, func(r bindery.Result, err error) { s.post(answered{h.ID, r, err}) })
	return nil
}

// ret is the head of the frame that answers a call.
type ret struct {
	Kind    string `json:"k"`
	ID      int    `json:"id"`
	Form    string `json:"form"`
	Server  string `json:"server"`
	Tool    string `json:"tool"`
	Message string `json:"message,omitempty"`
	Code    string `json:"code,omitempty"`
	Hint    string `json:"hint,omitempty"`
}

// answer sends the value that a call stands for, or the error that it raises;
// false if nobody waits for it.
func (s *session) answer(a answered) bool {
	p, ok := s.pending[a.id]
	if !ok {
		return false
	}
	delete(s.pending, a.id)
	h := ret{Kind: "ret", ID: a.id, Server: p.id.Server, Tool: p.id.Name}
	body, err := s.body(&h, p, a)
	if err != nil {
		h.Form, h.Code, body = "error", bindery.CodeOf(err).String(), nil
		h.Message, h.Hint = valid(err.Error()), valid(bindery.HintOf(err))
		if h.Hint != "" {
			h.Message += hintSeparator + h.Hint
		}
	}
	s.reply(h, body)
	return true
}

// hintSeparator stands between an error's text and its hint, so that a script
// that passes on only the message passes on both.
const hintSeparator = "; "

// body is what goes with an answer; the error is that of the call.
func (s *session) body(h *ret, p pendingCall, a answered) ([]byte, error) {
	if a.err != nil {
		return nil, a.err
	}
	if n, limit := resultSize(a.result), s.script.Limits.Result; n > limit {
		return nil, &bindery.Error{
			Code: bindery.Limit, Err: fmt.Errorf("the result is %s, more than the limit of %s", size(n), size(limit)),
			Hint: "ask the tool for less: a filter, a page, fewer fields",
		}
	}
	tooDeep := &bindery.Error{
		Code: bindery.Upstream, Op: "read the result", Err: fmt.Errorf("it is nested deeper than %d levels", maxDepth),
	}
	unreadable := &bindery.Error{Code: bindery.Upstream, Op: "read the result", Err: errors.New("not valid JSON")}
	h.Form = "json"
	if p.raw || a.result.IsError {
		whole := sandbox.WholeResult(a.result)
		switch {
		case isDeep(whole):
			return nil, tooDeep
		case !isJSON(whole):
			return nil, unreadable
		}
		if !p.raw {
			h.Form, h.Code = "error", bindery.Upstream.String()
			if h.Message = valid(sandbox.JoinTexts(a.result.Content)); h.Message == "" {
				h.Message = "the tool failed without saying why"
			}
		}
		return whole, nil
	}
	v := sandbox.ValueOf(a.result)
	if v.Source == sandbox.FromText {
		h.Form = "text"
		return []byte(v.Text), nil
	}
	switch {
	case isDeep(v.JSON):
		return nil, tooDeep
	case !isJSON(v.JSON):
		return nil, unreadable
	}
	return v.JSON, nil
}

func resultSize(r bindery.Result) int64 {
	n := len(r.Structured)
	for _, c := range r.Content {
		n += max(len(c.Text)+len(c.Data), len(c.Raw))
	}
	return int64(max(n, len(r.Raw)))
}

func valid(s string) string { return strings.ToValidUTF8(s, "\ufffd") }
