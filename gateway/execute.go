package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/sandbox"
)

// Request is one execute_code.
type Request struct {
	Code string
	// Language is "typescript" (the default) or "javascript".
	Language string
	// Data is the value of the global "data"; nil for none.
	Data json.RawMessage
}

// Answer is how a script ended and what it did on the way.
type Answer struct {
	Outcome sandbox.Outcome
	// Calls are in the order in which the script made them.
	Calls []Record
	Took  time.Duration
}

// Execute runs one script for the client. Whatever the script does is an
// Answer; the error is an *[bindery.Error] for a request that could not be
// run at all.
func (g *Gateway) Execute(ctx context.Context, client Client, r Request) (Answer, error) {
	started := time.Now()
	ctx, done, err := g.begin(ctx)
	if err != nil {
		return Answer{}, err
	}
	defer done()
	lang, err := language(r.Language)
	if err != nil {
		return Answer{}, err
	}
	if strings.TrimSpace(r.Code) == "" {
		return Answer{}, &bindery.Error{
			Code: bindery.Invalid, Op: "run script", Err: errors.New("code is empty"),
			Hint: "pass the script as code",
		}
	}
	notes, err := g.await(ctx, r.Code)
	if err != nil {
		return Answer{}, err
	}

	view := g.views.of(client)
	led := new(ledger)
	host := sandbox.NewDispatcher(g.caller(view, led), view.Bindings, g.opts.Limits, nil)
	outcome, err := g.opts.Engine.Run(ctx, sandbox.Script{
		Source: r.Code, Language: lang, Data: r.Data, Bindings: view.Bindings, Limits: g.opts.Limits,
	}, host)
	// Calls may still be on their way; their records are final only now.
	host.Close()
	if err != nil {
		return Answer{}, fmt.Errorf("run script: %w", err)
	}
	outcome.Notes = append(notes, outcome.Notes...)
	return Answer{Outcome: outcome, Calls: led.list(), Took: time.Since(started)}, nil
}

func language(name string) (sandbox.Language, error) {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "", "typescript", "ts", "javascript", "js":
		return sandbox.TypeScript, nil
	default:
		return "", &bindery.Error{
			Code: bindery.Invalid, Op: "run script", Err: fmt.Errorf("language %q is not available", clip(name, 40)),
			Hint: `write TypeScript or JavaScript, and leave language out`,
		}
	}
}

// await gives the servers that the script may mean a moment to come up: the
// first script after a start should not fail for being early. A script that
// searches may mean any server.
func (g *Gateway) await(ctx context.Context, code string) (notes []string, err error) {
	starting := func() []string {
		var names []string
		for _, s := range g.opts.Tools.Catalogue().Servers {
			if s.State != backends.Connecting || s.Cause != nil || len(s.Tools) > 0 {
				continue
			}
			if mentions(code, s.Name) {
				names = append(names, s.Name)
			}
		}
		return names
	}
	names := starting()
	if len(names) == 0 {
		return nil, nil
	}
	wait, cancel := context.WithTimeout(ctx, g.opts.Patience)
	defer cancel()
	if err := g.opts.Tools.Ready(wait, names...); err != nil && ctx.Err() != nil {
		return nil, &bindery.Error{Code: bindery.Cancelled, Op: "wait for " + strings.Join(names, ", "), Err: ctx.Err()}
	}
	for _, name := range starting() {
		notes = append(notes, fmt.Sprintf("server %s is still starting; its tools were not available to this script", name))
	}
	return notes, nil
}

// mentions reports whether the script may mean the server: by its name, by
// the identifier it folds to, or by asking the whole catalogue.
func mentions(code, server string) bool {
	if strings.Contains(code, "tools") || strings.Contains(code, server) {
		return true
	}
	folded := strings.Map(func(r rune) rune {
		if r == '-' || r == '.' || r == ' ' {
			return '_'
		}
		return r
	}, server)
	return strings.Contains(code, folded)
}

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}
