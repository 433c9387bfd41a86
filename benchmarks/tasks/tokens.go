package tasks

import (
	"fmt"

	"github.com/bindery-mcp/bindery/benchmarks"
)

// Tokens are what a task costs a model, over all its requests.
type Tokens struct {
	// Requests are those to the model: one a turn, and a last one in which it
	// has everything and says so.
	Requests int `json:"requests"`
	// Uncached is the input that the provider has not seen before, and Cached
	// the prompt of the request before, which each request repeats from its
	// beginning. Providers cache in blocks and only prompts of some length
	// (1,024 tokens at most of them); neither is taken into account.
	Uncached int `json:"uncached"`
	Cached   int `json:"cached"`
	// Output is what the model writes: names and arguments of calls. Its last
	// words are the same whichever way it went, and are not counted.
	Output int `json:"output"`
}

// Input is all that the model reads, cached or not.
func (t Tokens) Input() int { return t.Uncached + t.Cached }

// Plus is the sum of both.
func (t Tokens) Plus(o Tokens) Tokens {
	return Tokens{t.Requests + o.Requests, t.Uncached + o.Uncached, t.Cached + o.Cached, t.Output + o.Output}
}

// step is one turn in tokens.
type step struct{ written, read int }

// tokens adds up the requests of a conversation that begins with so many
// tokens of prompt and definitions.
func tokens(before int, steps []step) Tokens {
	t := Tokens{Requests: 1, Uncached: before}
	size := before
	for _, s := range steps {
		t.Requests++
		t.Cached += size
		t.Uncached += s.written + s.read
		t.Output += s.written
		size += s.written + s.read
	}
	return t
}

// Transcript is what a model wrote and read in all turns together, each part
// counted once and without definitions.
type Transcript struct {
	Calls int `json:"calls"`
	Turns int `json:"turns"`
	// Names, Args and Results are tokens: of the tools' names in the calls, of
	// the arguments, and of what came back.
	Names   int `json:"names"`
	Args    int `json:"args"`
	Results int `json:"results"`
}

// count counts a conversation.
func count(c *benchmarks.Counter, said conversation) (Transcript, []step, error) {
	var sum Transcript
	var steps []step
	for _, t := range said.turns {
		var s step
		sum.Turns++
		for _, x := range t.exchanges {
			var n [3]int
			for i, text := range []string{x.tool, x.args, x.result} {
				k, err := c.Count(text)
				if err != nil {
					return sum, nil, fmt.Errorf("count a conversation: %w", err)
				}
				n[i] = k
			}
			sum.Calls++
			sum.Names += n[0]
			sum.Args += n[1]
			sum.Results += n[2]
			s.written += n[0] + n[1]
			s.read += n[2]
		}
		steps = append(steps, s)
	}
	return sum, steps, nil
}

// Price is what tokens cost, in dollars for a million of them.
type Price struct {
	In, Out float64
	// Cached are the shares of In at which input from a cache is billed.
	Cached []float64
}

// Of returns the price of tokens, in dollars, where cached input costs that
// share.
func (p Price) Of(t Tokens, cached float64) float64 {
	return (float64(t.Uncached)*p.In + float64(t.Cached)*p.In*cached + float64(t.Output)*p.Out) / 1e6
}
