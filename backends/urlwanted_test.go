package backends

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestToOpen holds what a script is told of pages that its user has to open.
func TestToOpen(t *testing.T) {
	for name, tt := range map[string]struct{ data, want string }{
		"a page": {
			`{"elicitations":[{"mode":"url","elicitationId":"1","url":"https://a.example/login?x=1","message":"Log\n in"}]}`,
			"the user has to open https://a.example/login?x=1 (Log in); then make the call again",
		},
		"two": {
			`{"elicitations":[{"url":"https://a.example"},{"url":"http://127.0.0.1:1/b"}]}`,
			"the user has to open https://a.example and http://127.0.0.1:1/b; then make the call again",
		},
		"no page of the web": {`{"elicitations":[{"url":"javascript:alert(1)"},{"url":"file:///etc"},{"url":"x"},{"url":"https://\u0000"}]}`, ""},
		"too long":           {`{"elicitations":[{"url":"https://a.example/` + strings.Repeat("x", maxURLShown) + `"}]}`, ""},
		"something else":     {`{"elicitations":{}}`, ""},
		"nothing":            {``, ""},
	} {
		if got := toOpen(json.RawMessage(tt.data)); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}
