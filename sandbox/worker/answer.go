package worker

import (
	"bytes"
	"fmt"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// answerFrame encodes what the call id brought.
func answerFrame(id uint64, r bindery.Result, err error) frame {
	if err != nil {
		return newFrame(kindAnswer, answerHead{ID: id, Error: toWire(err)})
	}
	p := packer{raw: r.Raw}
	h := answerHead{ID: id, IsError: r.IsError, Raw: p.add(r.Raw), Structured: p.part(r.Structured)}
	for _, c := range r.Content {
		h.Content = append(h.Content, blockHead{
			Type: c.Type, MIME: c.MIMEType,
			Text: p.add([]byte(c.Text)), Data: p.add(c.Data), Raw: p.part(c.Raw),
		})
	}
	f := newFrame(kindAnswer, h, p.body...)
	if f.size() > maxFrame || len(f.head) > maxHead {
		return newFrame(kindAnswer, answerHead{ID: id, Error: &wireError{
			Code: bindery.Limit, Hint: "ask for less: a filter, a smaller page, fewer fields",
			Message: fmt.Sprintf("result of %s in %d blocks is too large for a script; the tool did run",
				sandbox.FormatBytes(f.size()), len(r.Content)),
		}})
	}
	return f
}

// result decodes what answerFrame encoded. It shares the memory of f.
func (h *answerHead) result(f frame) (bindery.Result, error) {
	if h.Error != nil {
		return bindery.Result{}, h.Error.err()
	}
	u := unpacker{body: f.bytes()}
	r := bindery.Result{IsError: h.IsError, Raw: u.get(h.Raw), Structured: u.get(h.Structured)}
	for _, b := range h.Content {
		r.Content = append(r.Content, bindery.Content{
			Type: b.Type, MIMEType: b.MIME,
			Text: string(u.get(b.Text)), Data: u.get(b.Data), Raw: u.get(b.Raw),
		})
	}
	return r, u.err
}

// packer lays parts of a result end to end. Parts of the raw result, which
// most are, are sent as places in it.
type packer struct {
	raw  []byte
	body [][]byte
	size int
	// from is where the search for the next part begins: parts come in the
	// order of the raw result, structuredContent perhaps before or after the
	// others. A second step back, or a miss, ends searching, so that all
	// searches together read raw three times at most.
	from    int
	rewound bool
	missed  bool
}

func (p *packer) add(b []byte) *span {
	if len(b) == 0 {
		return nil
	}
	s := &span{p.size, len(b)}
	p.body = append(p.body, b)
	p.size += len(b)
	return s
}

func (p *packer) part(b []byte) *span {
	if len(b) == 0 {
		return nil
	}
	if p.missed {
		return p.add(b)
	}
	i := bytes.Index(p.raw[p.from:], b)
	if i < 0 && !p.rewound {
		p.rewound, p.from = true, 0
		i = bytes.Index(p.raw, b)
	}
	if i < 0 {
		p.missed = true
		return p.add(b)
	}
	at := p.from + i
	p.from = at + len(b)
	return &span{at, len(b)}
}

// unpacker undoes packer.
type unpacker struct {
	body []byte
	err  error
}

func (u *unpacker) get(s *span) []byte {
	if s == nil {
		return nil
	}
	at, n := s[0], s[1]
	if at < 0 || n < 0 || at > len(u.body) || n > len(u.body)-at {
		u.err = fmt.Errorf("answer: part at %d+%d of a body of %d bytes", at, n, len(u.body))
		return nil
	}
	return u.body[at : at+n : at+n]
}
