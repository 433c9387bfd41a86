package gateway

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/execution"
	"github.com/bindery-mcp/bindery/gateway/policy"
	"github.com/bindery-mcp/bindery/sandbox"
)

// Request is one execute_code.
type Request struct {
	Code string
	// Language is "typescript" (the default), "javascript" or "python".
	Language string
	// Data is the value of the global "data"; nil for none.
	Data json.RawMessage
	// Resume is the id of an earlier execution of the same client that failed:
	// the calls that completed there are not made again.
	Resume string
	// View is the endpoint whose tools the script sees; "" for the default.
	View string
	// Alone says that no request follows: nothing is kept for one.
	Alone bool
}

// Execute runs one script for the client to its end. Whatever the script does
// is an Answer; the error is an *[bindery.Error] for a request that could not
// be run at all.
func (g *Gateway) Execute(ctx context.Context, client Client, r Request) (Answer, error) {
	ctx, done, err := g.begin(ctx)
	if err != nil {
		return Answer{}, err
	}
	defer done()
	return g.execute(ctx, client, r, execution.NewID(), new(feed), nil)
}

// execute runs a script that was counted in.
func (g *Gateway) execute(ctx context.Context, client Client, r Request, id string, f *feed, p *backends.Peer) (Answer, error) {
	started := time.Now()
	lang, err := g.language(r.Language)
	if err != nil {
		return Answer{}, err
	}
	if strings.TrimSpace(r.Code) == "" {
		return Answer{}, &bindery.Error{
			Code: bindery.Invalid, Op: "run script", Err: errors.New("code is empty"),
			Hint: "pass the script as code",
		}
	}
	r.View = cmp.Or(r.View, config.DefaultView)
	notes, err := g.await(ctx, client, r.View, r.Code)
	if err != nil {
		return Answer{}, err
	}
	var before *execution.Ledger
	if r.Resume != "" {
		if before, err = g.book.Take(client.Name, r.Resume, id); err != nil {
			return Answer{}, err
		}
	}

	view := g.views().of(r.View, client)
	shelf := g.keeper.Of(client.Name)
	led := execution.New(id, view.reads, before, f.called)
	f.follow(led)
	bindings := view.Bindings(lang)
	past := policy.NewExecution(scriptOf(r, lang))
	if before != nil {
		past.Inherit(g.labelsOf(view, before)...)
	}
	session := ""
	if p != nil {
		session = p.Session
	}
	ctx, running := g.executing(ctx, id, client, r, lang)
	trail, err := g.trailOf(ctx, id, client, session, r, lang, view)
	if err == nil {
		if err = g.opts().Quotas.Begin(client.Name); err != nil {
			trail.ended(sandbox.Outcome{}, 0, err)
		}
	}
	if err != nil {
		executed(ctx, running, sandbox.Outcome{}, 0, err)
		return Answer{}, g.notRun(client, led, before, err)
	}
	host := sandbox.NewDispatcher(g.caller(doing{client, view, spelling(lang), led, shelf, p, past, trail}), bindings, g.opts().Limits, f.log)
	outcome, err := g.opts().Engine.Run(ctx, sandbox.Script{
		Source: r.Code, Language: lang, Data: r.Data, Bindings: bindings, Limits: g.opts().Limits, Owner: client.Name,
	}, led.Host(host))
	// Calls may still be on their way; their records are final only now.
	host.Close()
	trail.ended(outcome, len(led.Records()), err)
	executed(ctx, running, outcome, len(led.Records()), err)
	if err != nil {
		return Answer{}, g.notRun(client, led, before, err)
	}
	if stopped := led.Stopped(); stopped != nil && outcome.Failure == nil {
		// The script caught the error and went on; what it returned rests on
		// calls that were not made.
		outcome.Value = nil
		outcome.Failure = &sandbox.Failure{Code: bindery.CodeOf(stopped), Message: stopped.Error(), Hint: bindery.HintOf(stopped)}
	}
	outcome.Notes = append(append(notes, resumeNotes(led)...), outcome.Notes...)
	a := Answer{Execution: id, Outcome: outcome, Calls: led.Records(), Took: time.Since(started), budget: g.opts().Answer}
	if r.Alone {
		return a, nil
	}
	if outcome.Failure != nil {
		a.resumable = g.book.Keep(client.Name, led)
	}
	g.marks.add(client.Name, past.Labels()) // before another script can find it
	a.keepWhole(shelf)
	return a, nil
}

// labelsOf are those of the calls that a script made: one that resumes it reads
// their results again.
func (g *Gateway) labelsOf(v *View, l *execution.Ledger) []string {
	if g.opts().Policy == nil {
		return nil
	}
	var labels []string
	for _, r := range l.Records() {
		labels = append(labels, g.opts().Policy.Labels(v.toOrigin(r.Tool))...)
	}
	return labels
}

// notRun explains a script that the sandbox could not run, and sees that what
// it was to resume can be resumed again.
func (g *Gateway) notRun(client Client, led, before *execution.Ledger, err error) error {
	err = fmt.Errorf("run script: %w", err)
	if before == nil {
		return err
	}
	if len(led.Records()) == 0 {
		g.book.Back(client.Name, before)
		return err
	}
	g.book.Keep(client.Name, led)
	return &bindery.Error{Code: bindery.CodeOf(err), Err: err, Hint: "resume " + led.ID() + " to go on"}
}

func resumeNotes(led *execution.Ledger) []string {
	n, from := led.Replayed()
	if from == "" {
		return nil
	}
	calls := "calls"
	if n == 1 {
		calls = "call"
	}
	notes := []string{fmt.Sprintf("%d %s replayed from execution %s", n, calls, from)}
	if left := led.Left(); len(left) > 0 && led.Stopped() == nil {
		var names []string
		for _, r := range left[:min(len(left), maxListed)] {
			names = append(names, r.String())
		}
		notes = append(notes, fmt.Sprintf("this script did not come to %d of the changes that execution %s had made: %s",
			len(left), from, strings.Join(names, ", ")))
	}
	return notes
}

func (g *Gateway) language(name string) (sandbox.Language, error) {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "", "typescript", "ts", "javascript", "js":
		return sandbox.TypeScript, nil
	case "python", "py", "python3":
		if g.opts().Python {
			return sandbox.Python, nil
		}
		return "", &bindery.Error{
			Code: bindery.Unavailable, Op: "run script", Err: errors.New("there is no Python here"),
			Hint: strings.TrimSpace("write TypeScript, and leave language out. " + g.opts().NoPython),
		}
	default:
		hint := `write TypeScript or JavaScript, and leave language out`
		if g.opts().Python {
			hint = `language is "typescript" or "python"`
		}
		return "", &bindery.Error{
			Code: bindery.Invalid, Op: "run script", Err: fmt.Errorf("language %q is not available", clip(name, 40)), Hint: hint,
		}
	}
}

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}
