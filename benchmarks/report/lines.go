package report

import (
	"cmp"
	"fmt"
	"slices"
)

// lines draws one curve a series, its name at its end.
func (c Chart) lines(p *picture) {
	const left, below, plot = 64.0, 48.0, 360.0
	var xs, ys []float64
	names := 0.0
	for _, s := range c.Series {
		names = max(names, wideness(s.Name, 12.5))
		for _, pt := range s.Points {
			xs, ys = append(xs, pt.X), append(ys, pt.Y)
		}
	}
	p.width = 560 + int(left+names) + 24
	top := p.head(c, nil) + 28
	p.height = int(top + plot + below)
	x := newScale(c.X, xs, left, left+560-8)
	y := newScale(c.Y, ys, top+plot, top)
	right := float64(p.width) - names - 24

	p.text(16, top-14, "soft", "start", c.Y.Label)
	for _, v := range y.ticks {
		p.line(left, y.at(v), right, y.at(v), "grid")
		p.text(left-8, y.at(v)+4, "soft", "end", c.Y.label(v))
	}
	for _, v := range x.ticks {
		p.text(x.at(v), top+plot+18, "soft", "middle", c.X.label(v))
	}
	p.line(left, top+plot, right, top+plot, "base")
	p.text((left+right)/2, top+plot+38, "soft", "middle", c.X.Label)

	var ends []ending
	for i, s := range c.Series {
		if len(s.Points) == 0 {
			continue
		}
		points := slices.SortedFunc(slices.Values(s.Points), func(a, b Point) int { return cmp.Compare(a.X, b.X) })
		class := fmt.Sprintf("s%d", i%colours)
		p.add(`<polyline class="curve %s" points="`, class)
		for _, pt := range points {
			p.add("%.1f,%.1f ", x.at(pt.X), y.at(pt.Y))
		}
		p.add(`"/>`)
		for _, pt := range points {
			p.add(`<circle class="dot %s" cx="%.1f" cy="%.1f" r="3.6"><title>%s</title></circle>`, class, x.at(pt.X), y.at(pt.Y),
				escape(fmt.Sprintf("%s, %s %s: %s %s", s.Name, c.X.label(pt.X), c.X.Label, c.Y.label(pt.Y), pt.Note)))
			if pt.Note != "" {
				p.text(x.at(pt.X), y.at(pt.Y)-8, "label", "middle", pt.Note)
			}
		}
		last := points[len(points)-1]
		ends = append(ends, ending{name: s.Name, class: class, x: x.at(last.X), y: y.at(last.Y), at: y.at(last.Y)})
	}
	for _, e := range spread(ends, 16, top, top+plot) {
		p.line(e.x+5, e.y, right+4, e.at, "lead")
		p.text(right+8, e.at+4, "name "+e.class, "start", e.name)
	}
}

// ending is the name of a curve beside its last point.
type ending struct {
	name, class string
	x, y        float64 // of the point
	at          float64 // height of the name
}

// spread moves names apart that would cover each other, and keeps them between
// top and bottom where there is room.
func spread(ends []ending, gap, top, bottom float64) []ending {
	slices.SortStableFunc(ends, func(a, b ending) int { return cmp.Compare(a.y, b.y) })
	for i := range ends {
		ends[i].at = max(ends[i].y, top)
		if i > 0 {
			ends[i].at = max(ends[i].at, ends[i-1].at+gap)
		}
	}
	limit := bottom
	for i := len(ends) - 1; i >= 0; i-- {
		ends[i].at = min(ends[i].at, limit)
		limit = ends[i].at - gap
	}
	return ends
}
