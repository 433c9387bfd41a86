package tasks

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/benchmarks"
)

// plain is a client straight at the servers, with a model behind it that makes
// no mistake: it writes all calls of a turn that do not depend on each other
// at once, and computes without a slip what a script computes. No real model
// does better, so that the figures of this side are its least.
type plain struct {
	world *world
	meter *meter
	reads map[bindery.ToolID]bool
	said  conversation
	took  time.Duration
}

// request is one call that the model makes.
type request struct {
	server, tool string
	args         any
}

func newPlain(w *world) *plain {
	p := &plain{world: w, meter: &meter{Set: w.set}, reads: map[bindery.ToolID]bool{}}
	for _, t := range toolsOf(w.set.Catalogue().Servers) {
		p.reads[t.ID] = t.Hints.ReadOnly != nil && *t.Hints.ReadOnly
	}
	return p
}

// turn makes the calls of one turn and returns what the model reads of each.
// If all of them say that they only read they go out at once, as Codex does
// it; else one after another.
func (p *plain) turn(ctx context.Context, requests ...request) ([]string, error) {
	replies, errs := make([]string, len(requests)), make([]error, len(requests))
	said := turn{exchanges: make([]exchange, len(requests))}
	started := time.Now()
	var wg sync.WaitGroup
	for i, r := range requests {
		one := func() { said.exchanges[i], replies[i], errs[i] = p.call(ctx, i, r) }
		if p.allRead(requests) {
			wg.Go(one)
		} else {
			one()
		}
	}
	wg.Wait()
	p.took += time.Since(started)
	p.said.turns = append(p.said.turns, said)
	return replies, errors.Join(errs...)
}

func (p *plain) allRead(requests []request) bool {
	for _, r := range requests {
		if !p.reads[bindery.ToolID{Server: r.server, Name: r.tool}] {
			return false
		}
	}
	return true
}

func (p *plain) call(ctx context.Context, seq int, r request) (exchange, string, error) {
	id := bindery.ToolID{Server: r.server, Name: r.tool}
	args, err := written(r.args)
	if err != nil {
		return exchange{}, "", fmt.Errorf("encode the arguments of %s: %w", id, err)
	}
	result, err := p.meter.Call(ctx, bindery.Call{Tool: id, Args: args, Seq: seq})
	if err != nil {
		return exchange{}, "", fmt.Errorf("plain call: %w", err)
	}
	text := benchmarks.Shown(result)
	if result.IsError {
		return exchange{}, "", fmt.Errorf("plain call of %s failed: %s", id, text)
	}
	return exchange{functionName(id), p.world.stated(string(args)), p.world.stated(text)}, text, nil
}

func (p *plain) wire() Traffic {
	w := p.meter.wire()
	w.Took, w.Work = p.took, p.took
	return w
}

// written is JSON as a model writes it: compact, and <, > and & as they are.
func written(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

// read decodes what the model read.
func read[T any](text string) (T, error) {
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return v, fmt.Errorf("decode %.80q: %w", text, err)
	}
	return v, nil
}

// content is what the filesystem server's results are.
type content struct {
	Content string `json:"content"`
}

// args is the object of a call's arguments.
type args = map[string]any
