package session

import (
	"errors"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestCheckDepth(t *testing.T) {
	nested := func(n int) string { return strings.Repeat(`[{"a":`, n/2) + "1" + strings.Repeat(`}]`, n/2) }
	for text, ok := range map[string]bool{
		nested(MaxDepth):                        true,
		nested(MaxDepth + 2):                    false,
		strings.Repeat("[", 10_000_000):         false,
		`"` + strings.Repeat("[", 1000) + `"`:   true,
		`"\"` + strings.Repeat("[", 1000) + `"`: true,
		`"\\"` + strings.Repeat("[", 1000):      false,
		strings.Repeat("]", 1000):               true,
		`"` + strings.Repeat(`\`, 1001):         true,
		strings.Repeat(`[],`, 1000):             true,
		"":                                      true,
	} {
		err := CheckDepth([]byte(text))
		var limit *LimitError
		if (err == nil) != ok || err != nil && !errors.As(err, &limit) {
			t.Errorf("%.20s… of %d bytes: got %v", text, len(text), err)
		}
	}
}

func TestPlainText(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                       "plain",
		"  a \t\n b  ":                "a b",
		"\x1b[31;1mred\x1b[0m":        "red",
		"\x1b]8;;http://x\x1b\\link":  "link",
		"\x1b]0;title\x07x":           "x",
		"a\u202eb\u200bc\ufeffd\x00e": "abcde",
		"bad\xffutf8":                 "badutf8",
		"cut \x1b[":                   "cut",
		"Zürich 漢":                    "Zürich 漢",
		strings.Repeat("x", 200):      strings.Repeat("x", 100),
	} {
		if got := PlainText(in, 100); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestRedactor(t *testing.T) {
	r := NewRedactor([]string{"Bearer abcdef", "1", "abcdef-longer", ""})
	got := r.Clean("1: Bearer abcdef, abcdef, abcdef-longer, abcde")
	if want := "1: [redacted], [redacted], [redacted], abcde"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := (Redactor{}).Clean("x"); got != "x" {
		t.Errorf("got %q", got)
	}
}

func TestLimitError(t *testing.T) {
	for _, tt := range []struct {
		limit int64
		unit  string
		want  string
	}{
		{16 << 20, "bytes", "16 MiB"}, {64 << 10, "bytes", "64 KiB"}, {1 << 30, "bytes", "1024 MiB"},
		{1000, "bytes", "1000 bytes"}, {1<<20 + 1, "bytes", "1048577 bytes"}, {1024, "levels", "1024 levels"},
	} {
		got := (&LimitError{What: "size", Limit: tt.limit, Unit: tt.unit}).Error()
		if want := "the size of the server's answer is over the limit of " + tt.want; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
