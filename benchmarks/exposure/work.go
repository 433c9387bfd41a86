package exposure

// Terms are what a cost depends on besides the tools. Prices are multiples of
// one input token that no cache had.
type Terms struct {
	// Cached is the price of an input token that the provider had read before:
	// 0.1 at Anthropic and for current OpenAI models, 0.25 and 0.5 for older
	// ones, 1 without a cache.
	Cached float64
	// Output is the price of a token that the model writes: 5 at Anthropic, 8
	// for GPT-5.
	Output float64
	// Context is what every request carries besides: the client's own prompt
	// and tools, and what was said before. A way that takes one request more
	// pays for it once more.
	Context int
	// Cold says that the first request finds nothing of prompt and context
	// cached, as the first of a session does.
	Cold bool
}

// DefaultTerms are the least favourable to code among those that are common: a
// cache as cheap as there is makes definitions in every prompt cheapest next to
// what a model writes itself, and so does a session that is under way. 8,000
// tokens is what Codex CLI sends of its own.
func DefaultTerms() Terms { return Terms{Cached: 0.1, Output: 5, Context: 8000} }

// Work is a task as far as its cost goes.
type Work struct {
	Name string
	// Tools is how many different ones it takes, Calls how many calls of them.
	Tools, Calls int
	// Result is how many tokens one call returns, and Answer how many of all
	// that the task needs: what a script returns.
	Result, Answer int
	// InTurn says that each call needs the result of the one before, so that
	// plain calls take a turn each. Otherwise they are all made in one.
	InTurn bool
	// Failed is how many scripts fail before the one that does it, as one does
	// that takes a result for what it is not; plain calls cannot.
	Failed int
}

// Works are tasks that span what people do, after six that were worked out
// both ways with real servers: from one small read to a crawl.
func Works() []Work {
	return []Work{
		{Name: "1 small call", Tools: 1, Calls: 1, Result: 100, Answer: 60},
		{Name: "1 call, 2,000 tokens back", Tools: 1, Calls: 1, Result: 2000, Answer: 60},
		{Name: "5 calls at once", Tools: 2, Calls: 5, Result: 400, Answer: 60},
		{Name: "25 calls at once", Tools: 3, Calls: 25, Result: 500, Answer: 60},
		{Name: "20 calls in turn", Tools: 2, Calls: 20, Result: 1000, Answer: 60, InTurn: true},
		{Name: "5 calls, 1st script fails", Tools: 2, Calls: 5, Result: 400, Answer: 60, Failed: 1},
	}
}

// What a model writes. Over those six tasks a plain call took 30 to 240
// tokens, mostly about 45, and a script 20 to 530, about 100 for each tool in
// it; a script's length does not depend on how often its loops run.
const (
	callTokens       = 45
	scriptTokens     = 30
	scriptTokensTool = 100
	// failedTokens is what a failed script returns: the error with its line,
	// and the calls that took effect.
	failedTokens = 120
)

func (w Work) script() int { return scriptTokens + scriptTokensTool*w.Tools }

// Usage is what a piece of work makes a provider read and write, in tokens.
type Usage struct {
	// Input is what no cache had, Cached what one had, Output what the model
	// wrote. Requests is how often the provider was asked.
	Input, Cached, Output, Requests int
}

// Cost is the usage in input tokens that no cache had.
func (u Usage) Cost(t Terms) float64 {
	return float64(u.Input) + t.Cached*float64(u.Cached) + t.Output*float64(u.Output)
}

// turn is what a model writes and then gets to read.
type turn struct{ written, read int }

// usage replays a conversation: each request sends the prompt and all turns
// before it, of which the provider had all but the last before. A last request
// asks for the final words, which are the same either way and not counted.
func usage(prompt int, cold bool, turns []turn) Usage {
	u := Usage{Cached: prompt, Requests: len(turns) + 1}
	if cold {
		u.Input, u.Cached = prompt, 0
	}
	context := prompt
	for _, t := range turns {
		u.Output += t.written
		u.Cached += context
		u.Input += t.written + t.read
		context += t.written + t.read
	}
	return u
}

// Do returns what the work takes in this way.
func (w Way) Do(work Work, t Terms) Usage {
	var turns []turn
	if w.find != (turn{}) {
		turns = append(turns, turn{w.find.written * work.Tools, w.find.read * work.Tools})
	}
	switch {
	case w.Script:
		for range work.Failed {
			turns = append(turns, turn{work.script(), failedTokens})
		}
		turns = append(turns, turn{work.script(), work.Answer})
	case work.InTurn:
		for range work.Calls {
			turns = append(turns, turn{callTokens, work.Result})
		}
	default:
		turns = append(turns, turn{callTokens * work.Calls, work.Result * work.Calls})
	}
	return usage(w.Before+t.Context, t.Cold, turns)
}

// Cost is what the work costs in this way, in input tokens that no cache had.
func (w Way) Cost(work Work, t Terms) float64 { return w.Do(work, t).Cost(t) }
