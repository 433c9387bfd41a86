package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/benchmarks/exposure"
	"github.com/bindery-mcp/bindery/gateway"
	"github.com/bindery-mcp/bindery/gateway/learned"
)

// benchTokensCmd says whether bindery pays for a user's own servers.
type benchTokensCmd struct {
	configFlag
	pythonFlags
	encodingFlag
	reportFlags
	Cached  float64 `default:"0.1" placeholder:"RATIO" help:"Price of an input token that the provider has cached, as a share of the full price; 1 for no cache. Published: 0.1, 0.25, 0.5."`
	Output  float64 `default:"5" placeholder:"RATIO" help:"Price of a token that the model writes, as a multiple of an input token. Published: 4 to 8."`
	Context int     `default:"8000" placeholder:"TOKENS" help:"Tokens that every request carries besides: the client's own prompt, and the conversation."`
}

func (c *benchTokensCmd) terms() (exposure.Terms, error) {
	if c.Cached < 0 || c.Cached > 1 || c.Output < 0 || c.Output > 100 || c.Context < 0 || c.Context > 10_000_000 {
		return exposure.Terms{}, usage("--cached is from 0 to 1, --output from 0 to 100 and --context from 0 to 10000000")
	}
	return exposure.Terms{Cached: c.Cached, Output: c.Output, Context: c.Context}, nil
}

// Run asks the servers for their tools and counts.
func (c *benchTokensCmd) Run(ctx context.Context, std streams, v verbosity) error {
	terms, err := c.terms()
	if err != nil {
		return err
	}
	counter, err := c.counter()
	if err != nil {
		return err
	}
	cfg, err := c.load(ctx, std)
	if err != nil {
		return err
	}
	return look(ctx, std, v, cfg, func(cat *backends.Catalogue, store *learned.Store) error {
		_, python, err := c.interpreter(cfg)
		if err != nil && cfg.RunsPython() {
			return err
		}
		// The gateway that `bindery serve` would put in front of the servers.
		setup := exposure.NewSetup(ctx, cat, gateway.Options{
			Python: python && cfg.RunsPython(), InlineTokens: cfg.InlineTokens, Learned: store, Version: version(), Logger: logger(std, v),
		})
		w, stop := begin(std.err, "counting")
		w.tell(fmt.Sprintf("%d tools", setup.Tools()), 0, 0)
		m, err := exposure.Measure(ctx, counter, setup)
		stop()
		if err != nil {
			return err
		}
		d := m.Report(terms)
		if note := missing(cat); note != "" {
			d.Notes = append([]string{note}, d.Notes...)
		}
		return c.write(std, d)
	})
}

// missing names the servers whose tools are not those of today.
func missing(cat *backends.Catalogue) string {
	var remembered, unknown []string
	for _, s := range cat.Servers {
		switch {
		case s.State == backends.Ready:
		case len(s.Tools) > 0:
			remembered = append(remembered, s.Name)
		default:
			unknown = append(unknown, s.Name)
		}
	}
	var parts []string
	if len(remembered) > 0 {
		parts = append(parts, "The tools of "+strings.Join(remembered, ", ")+" are those of an earlier run, for it is down.")
	}
	if len(unknown) > 0 {
		parts = append(parts, "Nothing is known of the tools of "+strings.Join(unknown, ", ")+"; they are in none of the figures.")
	}
	return strings.Join(parts, " ")
}
