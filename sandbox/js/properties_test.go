package js

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/dop251/goja"
)

// Every character must be where package unicode has it, inside a class and
// outside, and in one of a property and its complement only.
func TestExpandProperties(t *testing.T) {
	for _, tt := range []struct {
		pattern string
		table   func(r rune) bool
	}{
		{`^\p{L}$`, unicode.IsLetter},
		{`^[\p{Lu}]$`, unicode.IsUpper},
		{`^\P{N}$`, func(r rune) bool { return !unicode.IsNumber(r) }},
		{`^[^\p{Script=Greek}]$`, func(r rune) bool { return !unicode.Is(unicode.Greek, r) }},
		{`^[\P{White_Space}]$`, func(r rune) bool { return !unicode.Is(unicode.White_Space, r) }},
	} {
		pattern, err := expandProperties(tt.pattern)
		if err != nil {
			t.Errorf("%s: %v", tt.pattern, err)
			continue
		}
		escapes := regexp.MustCompile(`\\u([0-9a-f]{4})`)
		re, err := regexp.Compile(escapes.ReplaceAllString(pattern, `\x{$1}`))
		if err != nil {
			t.Fatal(err)
		}
		for r := range rune(0x20000) {
			if r >= 0xd800 && r <= 0xdfff {
				continue
			}
			if got := re.MatchString(string(r)); got != tt.table(r) {
				t.Errorf("%s and %U: %v", tt.pattern, r, got)
				break
			}
		}
	}
	for _, bad := range []string{`\p{Nope}`, `\p{`, `\p`, `[\p{scx=Grek}]`, `\pL`, `\p{L`} {
		if got, err := expandProperties(bad); err == nil {
			t.Errorf("%s became %s", bad, got)
		}
	}
}

func FuzzExpandProperties(f *testing.F) {
	for _, s := range []string{`\p{L}+`, `[^\p{Lu}\d-]`, `\\p{L}`, `[\]\P{Sc}]`, `\p{`, `\`, `\p{gc=Nd}`, `é\p{Emoji}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		out, err := expandProperties(pattern)
		switch {
		case err != nil:
		case propertyEscape.MatchString(out):
			t.Errorf("%q became %q", pattern, out)
		case !strings.Contains(pattern, `\`) && out != pattern:
			t.Errorf("%q changed to %q", pattern, out)
		case len(out) > maxPattern+len(pattern):
			t.Errorf("%q became %d bytes", pattern, len(out))
		}
	})
}

// Adding in any order of operations gives what the operator gives, and leaves
// every string that was there as it was.
func FuzzAppender(f *testing.F) {
	f.Add([]byte("\x00\x11\x22\x33\x01\x02"), "é😀")
	f.Add([]byte("aabbccddeeff"), strings.Repeat("x", 100))
	f.Fuzz(func(t *testing.T, steps []byte, more string) {
		r := testRealm(t)
		a := &appender{realm: r}
		plain := r.rt.ToValue(strings.Repeat("0123456789", 30))
		have := []goja.Value{plain, r.rt.ToValue(more), goja.Null(), r.rt.ToValue(1.5), goja.StringFromUTF16([]uint16{0xd83d}), goja.StringFromUTF16([]uint16{0xde00})}
		want := append([]goja.Value(nil), have...)
		for _, s := range steps[:min(len(steps), 40)] {
			i, j := int(s>>4)%len(have), int(s&15)%len(have)
			have = append(have, a.function(goja.FunctionCall{Arguments: []goja.Value{have[i], have[j]}}))
			want = append(want, must(r.add(goja.Undefined(), want[i], want[j])))
		}
		for i := range have {
			if !have[i].StrictEquals(want[i]) && want[i].String() != "NaN" {
				t.Fatalf("value %d is %q, want %q", i, have[i], want[i])
			}
		}
	})
}
