package config

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Rate is a number of calls in a second, a minute or an hour, written "10/s",
// "600/m" or "1000/h". The zero value is no bound.
type Rate struct {
	// Calls may come at once, and in the time of Per seconds.
	Calls int
	Per   float64
}

// ParseRate reads a rate. The error says what a rate looks like.
func ParseRate(s string) (Rate, error) {
	number, unit, _ := strings.Cut(s, "/")
	n, err := strconv.Atoi(strings.TrimSpace(number))
	per, ok := map[string]float64{"s": 1, "m": 60, "min": 60, "h": 3600}[strings.TrimSpace(unit)]
	if err != nil || !ok || n < 1 || n > math.MaxInt32 {
		return Rate{}, fmt.Errorf(`%s is not a rate; write it like "10/s" or "600/m"`, quote(s))
	}
	return Rate{Calls: n, Per: per}, nil
}

// PerSecond returns how many calls a second are allowed in the long run.
func (r Rate) PerSecond() float64 {
	if r.Per == 0 {
		return 0
	}
	return float64(r.Calls) / r.Per
}

// String returns the rate as it is written.
func (r Rate) String() string {
	unit := map[float64]string{1: "s", 60: "m", 3600: "h"}[r.Per]
	return strconv.Itoa(r.Calls) + "/" + unit
}

func (r *Rate) decodeNode(d *decoder, n *node, path string) {
	if !d.expect(n, stringNode, path) {
		return
	}
	rate, err := ParseRate(n.text)
	if err != nil {
		d.r.add(n.pos, path, err.Error(), "")
		return
	}
	*r = rate
}
