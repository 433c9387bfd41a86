package exposure

import (
	"fmt"
	"math"

	"github.com/bindery-mcp/bindery/benchmarks/report"
)

// Verdict says in a sentence whether code pays against the other way, by the
// first, the third, fourth and fifth of [Works]: a small call, a handful, and
// larger work.
func Verdict(code, other Way, t Terms) string {
	works := Works()
	ratio := func(i int) float64 { return code.Cost(works[i], t) / other.Cost(works[i], t) }
	small, handful, large := ratio(0), ratio(2), min(ratio(3), ratio(4))
	b := AgainstWay(code, other, t)
	name := "Against " + other.Name
	const even = 0.1 // a difference that the assumptions alone can make
	switch {
	case math.Abs(small-1) < even && math.Abs(handful-1) < even && math.Abs(large-1) < even:
		return fmt.Sprintf("%s it makes hardly a difference in tokens: one small call costs %s, %s %s.", name, times(small), works[2].Name, times(handful))
	case small < 1 && handful < 1:
		return fmt.Sprintf("%s it pays from the first call on: one small call costs %s, %s %s.", name, times(small), works[2].Name, times(handful))
	case handful < 1:
		return fmt.Sprintf("%s it pays for work of %s. It does not pay for one small call, which costs %s.", name, calls(b), times(small))
	case large < 1:
		return fmt.Sprintf("%s it does not pay for small work: one small call costs %s, %s %s. It pays for %s.", name, times(small), works[2].Name, times(handful), calls(b))
	default:
		return fmt.Sprintf("%s it does not pay: one small call costs %s, %s %s, and larger work no less than as much.", name, times(small), works[2].Name, times(handful))
	}
}

func calls(b BreakEven) string {
	switch {
	case b.AtOnce > 1:
		return fmt.Sprintf("%d calls or more that return 500 tokens each, or of one call that returns %s bytes", b.AtOnce, grouped(float64(b.Result)))
	case b.AtOnce == 1:
		return fmt.Sprintf("one call that returns 500 tokens, or %s bytes", grouped(float64(b.Result)))
	default:
		return "calls that need each other's results"
	}
}

func times(ratio float64) string { return fmt.Sprintf("%.2f times as much", ratio) }

func grouped(v float64) string { return report.Int(int(math.Round(v))).Text }
