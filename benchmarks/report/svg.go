package report

import (
	"fmt"
	"html"
	"io"
	"strings"
	"unicode/utf8"
)

// SVG writes one chart as a picture of its own, which follows the reader's
// choice of dark or light.
func SVG(w io.Writer, c Chart) error {
	_, err := io.WriteString(w, c.draw("<style>"+palette+strokes+"</style>"))
	return err
}

// draw returns the picture, with that at its beginning.
func (c Chart) draw(style string) string {
	p := &picture{}
	if c.Kind == Bars {
		c.bars(p)
	} else {
		c.lines(p)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="%s">`,
		p.width, p.height, p.width, p.height, escape(c.Title))
	b.WriteString(style)
	b.WriteString(hatch)
	fmt.Fprintf(&b, `<rect class="ground" width="%d" height="%d"/>`, p.width, p.height)
	b.WriteString(p.b.String())
	b.WriteString("</svg>\n")
	return b.String()
}

// picture collects the shapes of a chart.
type picture struct {
	width, height int
	b             strings.Builder
}

func (p *picture) add(format string, args ...any) { fmt.Fprintf(&p.b, format, args...) }

// text writes words; anchor is start, middle or end.
func (p *picture) text(x, y float64, class, anchor, words string) {
	p.add(`<text x="%.1f" y="%.1f" class="%s" text-anchor="%s">%s</text>`, x, y, class, anchor, escape(words))
}

func (p *picture) line(x1, y1, x2, y2 float64, class string) {
	p.add(`<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" class="%s"/>`, x1, y1, x2, y2, class)
}

// head writes the title, and under it the names of the series where they are
// not beside what they name; it returns where the rest begins.
func (p *picture) head(c Chart, names []string) float64 {
	p.text(16, 28, "title", "start", c.Title)
	if len(names) == 0 {
		return 44
	}
	x, y := 16.0, 50.0
	for i, name := range names {
		class := "s" + fmt.Sprint(i%colours)
		if name == losing {
			class = "loses"
		}
		if wide := 18 + wideness(name, 12) + 16; x+wide > float64(p.width)-16 {
			x, y = 16, y+18
		}
		p.add(`<rect x="%.1f" y="%.1f" width="12" height="12" rx="2" class="bar %s"/>`, x, y-10, class)
		p.text(x+18, y, "label", "start", name)
		x += 18 + wideness(name, 12) + 16
	}
	return y + 16
}

// losing names the bars that speak against what is measured.
const losing = "dearer, or slower"

func escape(text string) string { return html.EscapeString(printable(text)) }

// wideness estimates how long a text is in the page's fonts, from above.
func wideness(text string, size float64) float64 {
	return 0.57 * size * float64(utf8.RuneCountInString(text))
}

// colours is how many series look different.
const colours = 8

// hatch is what bars are filled with that speak against what is measured, so
// that they show without colours.
const hatch = `<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
	`<rect width="6" height="6" class="hatch-ground"/><line x1="0" y1="0" x2="0" y2="6" class="hatch-line"/></pattern></defs>`

// palette are the colours, of which any two differ for colour-blind readers
// too (Okabe and Ito's, darker or lighter as the ground asks).
const palette = `:root{color-scheme:light dark;--ground:#ffffff;--ink:#1c2024;--soft:#5d6570;--rule:#dfe3e8;--panel:#f6f8fa;` +
	`--s0:#0062a3;--s1:#b25000;--s2:#00785a;--s3:#a8437f;--s4:#6b5d00;--s5:#2a8fc4;--s6:#5b4bc4;--s7:#6a737d;--loses:#c2352b;--loses-soft:#f3c9c5;--wins:#00785a}` +
	`@media(prefers-color-scheme:dark){:root{--ground:#14171a;--ink:#e8eaed;--soft:#a3abb5;--rule:#30363d;--panel:#1c2126;` +
	`--s0:#58b0f0;--s1:#f0994a;--s2:#3fc79a;--s3:#e08fc0;--s4:#d9c53f;--s5:#8fd0f5;--s6:#a79bf5;--s7:#9aa3ad;--loses:#ff7b6e;--loses-soft:#5a2a26;--wins:#3fc79a}}`

// strokes dress the shapes of charts.
const strokes = `.chart{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}` +
	`.chart .ground{fill:var(--ground)}.chart text{fill:var(--ink);font-size:12px}.chart .title{font-size:15px;font-weight:600}` +
	`.chart .soft{fill:var(--soft)}.chart .grid{stroke:var(--rule);stroke-width:1}.chart .base{stroke:var(--soft);stroke-width:1}` +
	`.chart .curve{fill:none;stroke-width:2.2;stroke-linejoin:round}.chart .dot{stroke:var(--ground);stroke-width:1}.chart .lead{stroke:var(--soft);stroke-width:.6}` +
	`.chart .s0{--c:var(--s0)}.chart .s1{--c:var(--s1)}.chart .s2{--c:var(--s2)}.chart .s3{--c:var(--s3)}.chart .s4{--c:var(--s4)}.chart .s5{--c:var(--s5)}.chart .s6{--c:var(--s6)}.chart .s7{--c:var(--s7)}` +
	`.chart .curve{stroke:var(--c)}.chart .dot,.chart .bar{fill:var(--c)}.chart text.name{fill:var(--c);font-weight:600}` +
	`.chart .bar.loses{fill:url(#hatch);stroke:var(--loses);stroke-width:1}.chart text.against{fill:var(--loses);font-weight:600}` +
	`.chart .hatch-ground{fill:var(--loses-soft)}.chart .hatch-line{stroke:var(--loses);stroke-width:3}`
