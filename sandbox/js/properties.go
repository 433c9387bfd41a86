package js

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// span is a range of characters, both ends included.
type span struct{ lo, hi rune }

// errProperty is a property that is not known here.
var errProperty = errors.New(`this \p{…} is not supported here; list the characters, as in [A-Za-z\u00C0-\u024F]`)

// expandProperties replaces every \p{…} and \P{…} of a regular expression that
// has the flag u by the characters it stands for (ECMA-262 §22.2.2.9): goja
// takes them for the letter p and then does not match.
//
// It knows the general categories, the scripts and the common binary
// properties, in the Unicode edition of package unicode. The error says which
// it does not know.
func expandProperties(pattern string) (string, error) {
	var out strings.Builder
	inClass := false
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '[':
			inClass = true
		case c == ']':
			inClass = false
		case c == '\\' && i+1 < len(pattern):
			next := pattern[i+1]
			if next != 'p' && next != 'P' {
				out.WriteByte(c)
				i++
				out.WriteByte(next)
				continue
			}
			name, _, closed := strings.Cut(strings.TrimPrefix(pattern[i+2:], "{"), "}")
			if !closed || pattern[i+2] != '{' {
				return "", errors.New("invalid property name in the regular expression")
			}
			spans, err := property(name)
			if err != nil {
				return "", err
			}
			if next == 'P' {
				spans = complement(spans)
			}
			if out.Len()+12*len(spans) > maxPattern {
				return "", fmt.Errorf("the regular expression, with every \\p{…} written out, is longer than %d bytes", maxPattern)
			}
			writeSpans(&out, spans, inClass)
			i += len(`p{`) + len(name) + len(`}`)
			continue
		}
		out.WriteByte(pattern[i])
	}
	return out.String(), nil
}

// maxPattern bounds a rewritten pattern, in bytes; \p{L} takes 7,000.
const maxPattern = 256 << 10

func writeSpans(out *strings.Builder, spans []span, inClass bool) {
	if !inClass {
		out.WriteByte('[')
		defer out.WriteByte(']')
	}
	for _, s := range spans {
		writeCharacter(out, s.lo)
		if s.hi > s.lo {
			out.WriteByte('-')
			writeCharacter(out, s.hi)
		}
	}
}

func writeCharacter(out *strings.Builder, r rune) {
	if r >= 0xa0 && (r < 0xd800 || r > 0xdfff) {
		out.WriteRune(r)
		return
	}
	fmt.Fprintf(out, `\u%04x`, r)
}

// property returns what name, as it stands between the braces, means.
func property(name string) ([]span, error) {
	key, value, pair := strings.Cut(name, "=")
	switch {
	case !pair:
		if t, ok := unicode.Categories[generalCategory(name)]; ok {
			return spansOf(t), nil
		}
		return binaryProperty(name)
	case key == "General_Category" || key == "gc":
		if t, ok := unicode.Categories[generalCategory(value)]; ok {
			return spansOf(t), nil
		}
	case key == "Script" || key == "sc":
		if t, ok := unicode.Scripts[value]; ok {
			return spansOf(t), nil
		}
	}
	return nil, fmt.Errorf("\\p{%s}: %w", clip(name, 60), errProperty)
}

func binaryProperty(name string) ([]span, error) {
	switch name {
	case "Any":
		return []span{{0, unicode.MaxRune}}, nil
	case "ASCII":
		return []span{{0, 0x7f}}, nil
	case "Assigned":
		return complement(unassigned()), nil
	case "Cn", "Unassigned":
		return unassigned(), nil
	case "Alphabetic", "Alpha":
		return spansOf(unicode.L, unicode.Nl, unicode.Other_Alphabetic, unicode.Other_Lowercase, unicode.Other_Uppercase), nil
	case "Lowercase", "Lower":
		return spansOf(unicode.Ll, unicode.Other_Lowercase), nil
	case "Uppercase", "Upper":
		return spansOf(unicode.Lu, unicode.Other_Uppercase), nil
	case "Emoji":
		return emoji(), nil
	case "Emoji_Presentation", "EPres":
		return emojiPresentation(), nil
	case "Extended_Pictographic", "ExtPict":
		return extendedPictographic(), nil
	case "Emoji_Modifier", "EMod":
		return []span{{0x1f3fb, 0x1f3ff}}, nil
	case "space":
		name = "White_Space"
	}
	if t, ok := unicode.Properties[name]; ok && !strings.HasPrefix(name, "Other_") {
		return spansOf(t), nil
	}
	return nil, fmt.Errorf("\\p{%s}: %w", clip(name, 60), errProperty)
}

// unassigned is the general category Cn, which package unicode lacks.
func unassigned() []span {
	return complement(spansOf(unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.C))
}

// generalCategory returns the short name of a category.
func generalCategory(name string) string {
	switch name {
	case "Letter":
		return "L"
	case "Lowercase_Letter":
		return "Ll"
	case "Uppercase_Letter":
		return "Lu"
	case "Titlecase_Letter":
		return "Lt"
	case "Modifier_Letter":
		return "Lm"
	case "Other_Letter":
		return "Lo"
	case "Mark", "Combining_Mark":
		return "M"
	case "Nonspacing_Mark":
		return "Mn"
	case "Spacing_Mark":
		return "Mc"
	case "Enclosing_Mark":
		return "Me"
	case "Number":
		return "N"
	case "Decimal_Number", "digit":
		return "Nd"
	case "Letter_Number":
		return "Nl"
	case "Other_Number":
		return "No"
	default:
		return otherCategory(name)
	}
}

func otherCategory(name string) string {
	switch name {
	case "Punctuation", "punct":
		return "P"
	case "Connector_Punctuation":
		return "Pc"
	case "Dash_Punctuation":
		return "Pd"
	case "Open_Punctuation":
		return "Ps"
	case "Close_Punctuation":
		return "Pe"
	case "Initial_Punctuation":
		return "Pi"
	case "Final_Punctuation":
		return "Pf"
	case "Other_Punctuation":
		return "Po"
	case "Symbol":
		return "S"
	case "Currency_Symbol":
		return "Sc"
	case "Math_Symbol":
		return "Sm"
	case "Modifier_Symbol":
		return "Sk"
	case "Other_Symbol":
		return "So"
	case "Separator":
		return "Z"
	case "Space_Separator":
		return "Zs"
	case "Control", "cntrl":
		return "Cc"
	case "Format":
		return "Cf"
	case "C", "Other":
		return "" // package unicode leaves the unassigned characters out
	}
	return name
}

// spansOf returns the characters of tables, in order.
func spansOf(tables ...*unicode.RangeTable) []span {
	var spans []span
	for _, t := range tables {
		for _, r := range t.R16 {
			spans = appendStrided(spans, rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
		for _, r := range t.R32 {
			spans = appendStrided(spans, rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return int(a.lo - b.lo) })
	merged := spans[:0]
	for _, s := range spans {
		if n := len(merged); n > 0 && s.lo <= merged[n-1].hi+1 {
			merged[n-1].hi = max(merged[n-1].hi, s.hi)
			continue
		}
		merged = append(merged, s)
	}
	return merged
}

func appendStrided(spans []span, lo, hi, stride rune) []span {
	if stride == 1 {
		return append(spans, span{lo, hi})
	}
	for r := lo; r <= hi; r += stride {
		spans = append(spans, span{r, r})
	}
	return spans
}

// complement returns all other characters; spans must be in order.
func complement(spans []span) []span {
	var out []span
	next := rune(0)
	for _, s := range spans {
		if s.lo > next {
			out = append(out, span{next, s.lo - 1})
		}
		next = s.hi + 1
	}
	if next <= unicode.MaxRune {
		out = append(out, span{next, unicode.MaxRune})
	}
	return out
}
