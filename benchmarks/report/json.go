package report

import (
	"encoding/json"
	"fmt"
	"io"
)

// JSON writes the document for programs. A table is its columns and rows; a
// number in it is a number, and a share is a number of which 1 is the whole.
func JSON(w io.Writer, d Document) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(d); err != nil {
		return fmt.Errorf("write the report as JSON: %w", err)
	}
	return nil
}
