//go:build !linux

package main

import (
	"encoding/json"
	"fmt"

	"github.com/bindery-mcp/bindery/sandbox"
)

func system(word string, _ json.RawMessage, _ *sandbox.Outcome) error {
	return fmt.Errorf("unknown word %q", word)
}
