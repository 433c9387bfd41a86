package session

import (
	"fmt"
	"math"

	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

// MaxDepth is how deeply the JSON of a message may nest. Real schemas and
// results stay below 40; Go's own decoder recurses to 10,000.
const MaxDepth = 256

// LimitError is a message that was refused for its size or shape.
type LimitError struct {
	What  string // "message", "event", "JSON nesting", …
	Limit int64
	Unit  string // "bytes", "levels", …
}

func (e *LimitError) Error() string {
	n, unit := e.Limit, e.Unit
	if unit == "bytes" {
		for _, larger := range []string{"KiB", "MiB"} {
			if n < 1024 || n%1024 != 0 {
				break
			}
			n, unit = n/1024, larger
		}
	}
	return fmt.Sprintf("the %s of the server's answer is over the limit of %d %s", e.What, n, unit)
}

// CheckDepth returns a [LimitError] if data nests deeper than [MaxDepth]. It
// accepts text that is not JSON.
func CheckDepth(data []byte) error {
	if jsonscan.Exceeds(data, MaxDepth, math.MaxInt) != jsonscan.None {
		return &LimitError{What: "JSON nesting", Limit: MaxDepth, Unit: "levels"}
	}
	return nil
}
