package jsonstring_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery/internal/jsonstring"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func ExampleAppend() {
	fmt.Printf("%s\n", jsonstring.Append([]byte(`{"title":`), "a \"b\"\n"))
	// Output: {"title":"a \"b\"\n"
}

// FuzzAppend holds what is written against what encoding/json reads of it.
func FuzzAppend(f *testing.F) {
	for _, s := range []string{"", "plain", "\"\\\n\r\t\b\f\x00\x1f\x7f", "ä€😀\u2028\u2029", "\xff\xc3", "<&>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b := jsonstring.Append(nil, s)
		var got string
		if err := json.Unmarshal(b, &got); err != nil || got != strings.ToValidUTF8(s, "\ufffd") && got != string([]rune(s)) {
			t.Errorf("%q became %s, read as %q: %v", s, b, got, err)
		}
	})
}
