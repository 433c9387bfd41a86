package benchmarks

import (
	"fmt"
	"sync"

	"github.com/tiktoken-go/tokenizer"
)

// Encoding is how text becomes tokens.
type Encoding string

// The encodings. O200k is that of current OpenAI models, CL100k that of the
// ones before, GPT-4 among them.
const (
	O200k  Encoding = "o200k"
	CL100k Encoding = "cl100k"
)

// Counter counts tokens. It is safe for concurrent use.
type Counter struct {
	encoding Encoding
	codec    func() (tokenizer.Codec, error)
}

// NewCounter returns a Counter of o200k_base. The vocabulary is loaded when
// something is counted first: some tens of milliseconds, and a few megabytes
// that a process which counts nothing does not have.
func NewCounter() (*Counter, error) { return NewCounterOf(O200k) }

// NewCounterOf returns a Counter of that encoding, under the same terms.
func NewCounterOf(e Encoding) (*Counter, error) {
	var name tokenizer.Encoding
	switch e {
	case O200k:
		name = tokenizer.O200kBase
	case CL100k:
		name = tokenizer.Cl100kBase
	default:
		return nil, fmt.Errorf("count tokens: there is no encoding %q; there are %s and %s", e, O200k, CL100k)
	}
	return &Counter{encoding: e, codec: sync.OnceValues(func() (tokenizer.Codec, error) {
		codec, err := tokenizer.Get(name)
		if err != nil {
			return nil, fmt.Errorf("load the %s vocabulary: %w", name, err)
		}
		return codec, nil
	})}, nil
}

// Encoding returns what is counted.
func (c *Counter) Encoding() Encoding { return c.encoding }

// Count returns the number of tokens in the texts together.
func (c *Counter) Count(texts ...string) (int, error) {
	codec, err := c.codec()
	if err != nil {
		return 0, err
	}
	n := 0
	for _, t := range texts {
		k, err := codec.Count(t)
		if err != nil {
			return 0, fmt.Errorf("count tokens: %w", err)
		}
		n += k
	}
	return n, nil
}
