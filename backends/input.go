package backends

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/bindery-mcp/bindery/backends/internal/session"
)

const inputRequired = "input_required"

// Bounds of what one request may ask for before it has a result.
const (
	maxRounds = 10
	maxInputs = 32 // in one round
)

var errNoInput = errors.New("the tool asks for further input, which nobody is there to give")

// settle is finish with what the server asks for in its results answered by
// the client that made the request (2026-07-28 basic/patterns/mrtr).
func (s *server) settle(ctx context.Context, tool, method string, params json.RawMessage) (json.RawMessage, error) {
	next := params
	for range maxRounds {
		raw, err := s.finish(ctx, tool, method, next)
		if err != nil || resultType(raw) != inputRequired {
			return raw, err
		}
		p := PeerOf(ctx)
		if p == nil || p.Ask == nil {
			return nil, errNoInput
		}
		responses, err := s.answers(ctx, p, session.Member(raw, "inputRequests"), nil)
		if err != nil {
			return nil, err
		}
		next = params
		if len(responses) > 0 {
			next = session.With(next, "inputResponses", responses)
		}
		// The state is the server's own, and goes back byte for byte.
		if state := session.Member(raw, "requestState"); len(state) > 0 {
			next = session.With(next, "requestState", state)
		}
	}
	return nil, &session.LimitError{What: "list of questions before a result", Limit: maxRounds, Unit: "rounds"}
}

// answers has p answer the requests that are not in known, one after the other,
// and returns an object with the answers, nil if there are none.
func (s *server) answers(ctx context.Context, p *Peer, requests json.RawMessage, known map[string]bool) (json.RawMessage, error) {
	if len(requests) == 0 {
		return nil, nil
	}
	type input struct{ key, method, params json.RawMessage }
	var inputs []input
	err := session.Members(requests, func(key, v []byte) {
		inputs = append(inputs, input{key, session.Member(v, "method"), session.Member(v, "params")})
	})
	if err != nil {
		return nil, errors.New("what the server asks for is not an object")
	}
	if len(inputs) > maxInputs {
		return nil, &session.LimitError{What: "list of questions", Limit: maxInputs, Unit: "questions"}
	}
	var parts []string
	for _, in := range inputs {
		if known[string(in.key)] {
			continue
		}
		answer, err := s.answerInput(ctx, p, text(in.method), in.params)
		if err != nil {
			return nil, err
		}
		if known != nil {
			known[string(in.key)] = true
		}
		parts = append(parts, `"`+string(in.key)+`":`+string(answer))
	}
	if len(parts) == 0 {
		return nil, nil
	}
	return json.RawMessage("{" + strings.Join(parts, ",") + "}"), nil
}

func (s *server) answerInput(ctx context.Context, p *Peer, method string, params json.RawMessage) (json.RawMessage, error) {
	switch method {
	case "roots/list":
		if len(s.spec.Roots) == 0 {
			return nil, errors.New("the tool asks for the client's roots, of which the configuration has none")
		}
		return session.RootsResult(s.spec.Roots), nil
	case "elicitation/create", "sampling/createMessage":
	default:
		return nil, fmt.Errorf("the tool asks for %q, which nobody here knows", session.PlainText(method, 80))
	}
	answer, err := p.Ask(ctx, method, params)
	if err != nil && ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("the tool asks for input (%s), and the client gives none: %w", method, unasked(err))
	}
	if session.Members(answer, func(_, _ []byte) {}) != nil {
		return nil, errors.New("the client's answer to the tool's question is no JSON object")
	}
	return answer, nil
}

// unasked keeps an error of the client from being taken for one of the server.
func unasked(err error) error { return errors.New(err.Error()) }
