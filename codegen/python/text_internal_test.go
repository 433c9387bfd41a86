package python

import (
	"strings"
	"testing"
)

func TestQuote(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", `""`},
		{`a"b\c`, `"a\"b\\c"`},
		{"a\nb\tc\x00\r", `"a\nb\u0009c\u0000\u000d"`},
		{"'{x}' %s \\N{DASH}", `"'{x}' %s \\N{DASH}"`},
		{"日本\u2028\u202e\ufeff\U000e0041", `"日本\u2028\u202e\ufeff\U000e0041"`},
		{"\xff", `"` + "\ufffd" + `"`},
	}
	for _, tt := range tests {
		if got := quote(tt.text); got != tt.want {
			t.Errorf("%q is quoted as %s, want %s", tt.text, got, tt.want)
		}
	}
}

func TestDocstring(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", ""},
		{"Lists.", "\"\"\"Lists.\"\"\"\n"},
		{"a\n\nb", "\"\"\"a\n\nb\"\"\"\n"},
		{`"""`, `"""\"\"\""""` + "\n"},
		{`a""b`, `"""a\""b"""` + "\n"},
		{`x"`, `"""x\""""` + "\n"},
		{`\`, `"""\\"""` + "\n"},
		{`\"""`, `"""\\\"\"\""""` + "\n"},
		{`\N{DASH} \x41 \u0041`, `"""\\N{DASH} \\x41 \\u0041"""` + "\n"},
		{"a\"\"\nb\"", "\"\"\"a\\\"\"\nb\\\"\"\"\"\n"},
	}
	for _, tt := range tests {
		if got := docstring(tt.text, "  "); strings.TrimPrefix(got, "  ") != tt.want {
			t.Errorf("%q is written as\n%s\nwant\n%s", tt.text, got, tt.want)
		}
	}
}

func TestComment(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", ""},
		{"a\nb", "# a\n# b\n"},
		{"a\n\nb", "# a\n#\n# b\n"},
		{"type: ignore", "# type\\: ignore\n"},
		{"x # TYPE : ignore", "# x # TYPE \\: ignore\n"},
		{"pyright: basic, strict", "# pyright\\: basic, strict\n"},
		{"see type: a", "# see type: a\n"},
		{"https://x/#type:y", "# https://x/#type\\:y\n"},
	}
	for _, tt := range tests {
		if got := comment(tt.text, ""); got != tt.want {
			t.Errorf("%q is written as\n%s\nwant\n%s", tt.text, got, tt.want)
		}
	}
}
