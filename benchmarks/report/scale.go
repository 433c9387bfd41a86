package report

import (
	"math"
	"strconv"
	"strings"
)

// scale maps values of an axis to places in a picture.
type scale struct {
	axis     Axis
	from, to float64 // values, both of them ticks
	a, b     float64 // their places
	ticks    []float64
}

// newScale covers the values. A linear one begins at 0, so that lengths are in
// proportion; one of powers of ten cannot.
func newScale(axis Axis, values []float64, a, b float64) scale {
	least, most := math.Inf(1), 0.0
	for _, v := range values {
		if v > 0 && !math.IsInf(v, 0) {
			least, most = min(least, v), max(most, v)
		}
	}
	if most == 0 {
		least, most = 1, 1
	}
	s := scale{axis: axis, a: a, b: b}
	if axis.Log {
		low, high := math.Floor(math.Log10(least)), math.Ceil(math.Log10(most))
		if low == high {
			high++
		}
		steps := []float64{1}
		if high-low <= 2 {
			steps = []float64{1, 2, 5} // two lines alone say little of what is between
		}
		for e := low; e < high; e++ {
			for _, m := range steps {
				s.ticks = append(s.ticks, m*math.Pow(10, e))
			}
		}
		s.ticks = append(s.ticks, math.Pow(10, high))
	} else {
		step := niceStep(most / 5)
		for v := 0.0; v < most+step; v += step {
			s.ticks = append(s.ticks, v)
			if v >= most {
				break
			}
		}
	}
	s.from, s.to = s.ticks[0], s.ticks[len(s.ticks)-1]
	return s
}

// niceStep is the least of 1, 2, 5, 10, 20, … that is not below v.
func niceStep(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= v {
			return m * power
		}
	}
	return 10 * power
}

// at is where a value lies; one outside lies at the edge.
func (s scale) at(v float64) float64 {
	share := 0.0
	if s.axis.Log {
		if v > 0 {
			share = math.Log10(v/s.from) / math.Log10(s.to/s.from)
		}
	} else {
		share = (v - s.from) / (s.to - s.from)
	}
	return s.a + min(1, max(0, share))*(s.b-s.a)
}

// label is a value as it stands at an axis.
func (a Axis) label(v float64) string {
	text := short(v)
	switch a.Unit {
	case "":
		return text
	case "%", "×":
		return text + a.Unit
	default:
		return text + " " + a.Unit
	}
}

// short is a number of at most three digits that say something: 1.2k, 34M.
func short(v float64) string {
	for _, p := range []struct {
		power  float64
		suffix string
	}{{1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if math.Abs(v) >= p.power {
			return digits(v/p.power) + p.suffix
		}
	}
	return digits(v)
}

func digits(v float64) string {
	decimals := 0
	switch a := math.Abs(v); {
	case a == 0 || a >= 100:
	case a >= 10:
		decimals = 1
	case a >= 0.1:
		decimals = 2
	default:
		return strconv.FormatFloat(v, 'g', 2, 64)
	}
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}
