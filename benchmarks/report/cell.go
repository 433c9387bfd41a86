package report

import (
	"math"
	"strconv"
	"strings"
)

// Text is a cell of words.
func Text(s string) Cell { return Cell{Text: s} }

// Int is a whole number, with its thousands apart: 12,345.
func Int(n int) Cell { return Cell{Text: thousands(strconv.Itoa(n)), Value: float64(n), Number: true} }

// Fixed is a number with that many decimals and a unit, which may be empty.
func Fixed(v float64, decimals int, unit string) Cell {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Cell{Text: "–"}
	}
	text := thousands(strconv.FormatFloat(v, 'f', decimals, 64))
	if unit != "" && unit != "%" && unit != "×" {
		unit = " " + unit
	}
	return Cell{Text: text + unit, Value: v, Number: true}
}

// Percent is a share, of which 1 is the whole, as a percentage.
func Percent(share float64, decimals int) Cell {
	c := Fixed(100*share, decimals, "%")
	c.Value = share
	return c
}

// thousands puts a comma between each three digits before the point.
func thousands(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, rest, point := strings.Cut(s, ".")
	var b strings.Builder
	for i, d := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	if point {
		b.WriteString("." + rest)
	}
	return sign + b.String()
}
