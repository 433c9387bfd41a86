package worker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// rehearse speaks the whole protocol once, in memory: the first frame of a
// kind costs as much as a thousand later ones, for code that was never read
// from the program's file and types that were never looked at.
func rehearse() (err error) {
	in, toWorker := io.Pipe()
	fromWorker, out := io.Pipe()
	s := newServer(struct {
		io.Reader
		io.Writer
	}{in, out}, understudy{})
	var wg sync.WaitGroup
	wg.Go(func() {
		err = errors.Join(err, s.serve(context.Background()))
		out.Close()
	})
	failed := prompt(toWorker, fromWorker)
	toWorker.Close()
	fromWorker.Close()
	wg.Wait()
	if err = errors.Join(failed, err); err != nil {
		return fmt.Errorf("rehearse the protocol: %w", err)
	}
	return nil
}

// prompt plays the gateway's part.
func prompt(w io.Writer, r io.Reader) error {
	bound, err := newBinding(&sandbox.Bindings{Servers: []sandbox.Server{{Name: "s", Ident: "s", Tools: []sandbox.Tool{{Name: "t", Ident: "t"}}}}})
	if err != nil {
		return err
	}
	frames := []frame{bound.frame, newFrame(kindStart, startHead{Limits: sandbox.DefaultLimits(), Bound: true})}
	for {
		for _, f := range frames {
			if err := writeFrame(w, f); err != nil {
				return err
			}
		}
		frames = nil
		f, err := readFrame(r, func(kind) int64 { return maxFrame })
		if err != nil {
			return err
		}
		switch f.kind {
		case kindCall:
			frames = append(frames, answerFrame(1, bindery.Result{
				Raw: []byte(`{"content":[{"type":"text","text":"1"}]}`), Content: []bindery.Content{{Type: "text", Text: "1"}},
			}, nil))
		case kindDone:
			return nil
		}
	}
}

// understudy is an engine that does of everything a little.
type understudy struct{}

// Run implements [sandbox.Engine].
func (understudy) Run(ctx context.Context, s sandbox.Script, h sandbox.Host) (sandbox.Outcome, error) {
	answered := make(chan error, 1)
	h.Log(sandbox.Line{Level: "log", Text: "1"})
	h.Start(ctx, bindery.Call{Tool: bindery.ToolID{Server: s.Bindings.Servers[0].Name, Name: "t"}, Args: []byte("{}")},
		func(_ bindery.Result, err error) { answered <- err })
	return sandbox.Outcome{Value: []byte("1"), Notes: []string{"1"}}, <-answered
}
