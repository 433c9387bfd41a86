package jsonscan_test

import (
	"bytes"
	"testing"

	"github.com/bindery-mcp/bindery/internal/jsonscan"
)

func TestLine(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "",
		`{"a":"\n"}`:             `{"a":"\n"}`,
		"{\r\n\t\"a\":\n{}\n}\r": "{  \t\"a\": {} } ",
	} {
		data := []byte(text)
		if got := jsonscan.Line(data); string(got) != want || !bytes.Equal(data, []byte(text)) {
			t.Errorf("%q became %q", text, got)
		}
	}
}
