package benchmarks

import (
	"fmt"

	"github.com/tiktoken-go/tokenizer"
)

// Counter counts o200k_base tokens. It is safe for concurrent use.
type Counter struct{ codec tokenizer.Codec }

// NewCounter returns a Counter. Loading the vocabulary takes some tens of
// milliseconds and a few megabytes of memory.
func NewCounter() (*Counter, error) {
	codec, err := tokenizer.Get(tokenizer.O200kBase)
	if err != nil {
		return nil, fmt.Errorf("load the o200k_base vocabulary: %w", err)
	}
	return &Counter{codec: codec}, nil
}

// Count returns the number of tokens in the texts together.
func (c *Counter) Count(texts ...string) (int, error) {
	n := 0
	for _, t := range texts {
		k, err := c.codec.Count(t)
		if err != nil {
			return 0, fmt.Errorf("count tokens: %w", err)
		}
		n += k
	}
	return n, nil
}
