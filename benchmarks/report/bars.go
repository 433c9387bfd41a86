package report

import (
	"fmt"
	"slices"
)

// bars draws one group of lying bars a category, each value behind its bar.
func (c Chart) bars(p *picture) {
	const plot, thick, between, below = 520.0, 15.0, 14.0, 44.0
	var values []float64
	names, loses := 0.0, false
	for _, category := range c.Categories {
		names = max(names, wideness(category, 12))
	}
	notes := 0.0
	for _, s := range c.Series {
		for _, pt := range s.Points {
			values = append(values, pt.Y)
			loses = loses || pt.Tone == Loses
			notes = max(notes, wideness(c.note(pt), 12))
		}
	}
	left := names + 28
	p.width = int(left + plot + notes + 28)
	top := p.head(c, c.legend(loses)) + 8
	group := thick*float64(len(c.Series)) + between
	bottom := top + group*float64(len(c.Categories))
	p.height = int(bottom + below)
	y := newScale(c.Y, values, left, left+plot)
	for _, v := range y.ticks {
		p.line(y.at(v), top, y.at(v), bottom, "grid")
		p.text(y.at(v), bottom+17, "soft", "middle", c.Y.label(v))
	}
	p.text(left+plot/2, bottom+36, "soft", "middle", c.Y.Label)
	for i, category := range c.Categories {
		at := top + group*float64(i)
		p.text(left-10, at+group/2+4, "label", "end", category)
		for j, s := range c.Series {
			k := slices.IndexFunc(s.Points, func(pt Point) bool { return int(pt.X) == i })
			if k < 0 {
				continue
			}
			c.bar(p, y, s.Points[k], at+between/2+thick*float64(j), thick-2, fmt.Sprintf("s%d", j%colours), s.Name+", "+category)
		}
	}
	p.line(left, top, left, bottom, "base")
}

func (c Chart) bar(p *picture, y scale, pt Point, at, thick float64, class, name string) {
	beside := "label"
	if pt.Tone == Loses {
		class, beside = "loses", "against"
	}
	long := max(1.5, y.at(pt.Y)-y.a)
	p.add(`<rect class="bar %s" x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="1.5"><title>%s</title></rect>`,
		class, y.a, at, long, thick, escape(name+": "+c.note(pt)))
	p.text(y.a+long+6, at+thick-2, beside, "start", c.note(pt))
}

// note is what stands behind a bar.
func (c Chart) note(pt Point) string {
	if pt.Note != "" {
		return pt.Note
	}
	return c.Y.label(pt.Y)
}

// legend names the series, and what is hatched.
func (c Chart) legend(loses bool) []string {
	var names []string
	if len(c.Series) > 1 || loses {
		for _, s := range c.Series {
			names = append(names, s.Name)
		}
	}
	if loses {
		names = append(names, losing)
	}
	return names
}
