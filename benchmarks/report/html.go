package report

import (
	"fmt"
	"html/template"
	"io"
	"strings"
)

// HTML writes the document as one page that loads nothing, in the reader's
// choice of dark or light.
func HTML(w io.Writer, d Document) error {
	page, err := template.New("report").Funcs(template.FuncMap{
		// What draw returns is its own shapes and escaped words.
		"draw":    func(c Chart) template.HTML { return template.HTML(c.draw("")) }, //nolint:gosec // see above
		"right":   func(t Table) []bool { return t.numeric() },
		"at":      func(list []bool, i int) bool { return i < len(list) && list[i] },
		"cells":   cells,
		"clean":   printable,
		"words":   words,
		"against": func() string { return against },
	}).Parse(pageTemplate)
	if err != nil {
		return fmt.Errorf("read the template of the report: %w", err)
	}
	style := template.CSS(palette + strokes + pageStyle) //nolint:gosec // constants of this package
	if err := page.Execute(w, struct {
		Document
		Style template.CSS
	}{d, style}); err != nil {
		return fmt.Errorf("write the report as a page: %w", err)
	}
	return nil
}

// words is a text whose parts in backticks are code.
func words(text string) template.HTML {
	var b strings.Builder
	for i, part := range strings.Split(printable(text), "`") {
		if part = template.HTMLEscapeString(part); i%2 == 1 {
			part = "<code>" + part + "</code>"
		}
		b.WriteString(part)
	}
	return template.HTML(b.String()) //nolint:gosec // every part is escaped
}

// cells fills a row up to the number of columns.
func cells(t Table, row []Cell) []Cell {
	full := make([]Cell, len(t.Columns))
	copy(full, row)
	return full
}

const pageTemplate = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<link rel="icon" href="data:,">
<title>{{clean .Title}}</title>
<style>{{.Style}}</style>
</head>
<body>
<main>
<h1>{{clean .Title}}</h1>
{{- range $n, $section := .Sections}}
<section>
<h2>{{clean .Heading}}</h2>
{{- range $i, $p := .Text}}
<p{{if eq $n 0}} class="verdict"{{end}}>{{words $p}}</p>
{{- end}}
{{- range .Charts}}
<figure>{{draw .}}</figure>
{{- end}}
{{- range $t := .Tables}}{{$right := right $t}}
<div class="wide"><table>
{{- if .Caption}}<caption>{{clean .Caption}}</caption>{{end}}
<thead><tr>{{range $i, $c := .Columns}}<th{{if at $right $i}} class="number"{{end}}>{{clean $c}}</th>{{end}}</tr></thead>
<tbody>
{{- range .Rows}}
<tr>{{range $i, $c := cells $t .}}<td class="{{if at $right $i}}number {{end}}{{$c.Tone}}">{{clean $c.Text}}{{if eq $c.Tone "loses"}}{{against}}{{end}}</td>{{end}}</tr>
{{- end}}
</tbody></table></div>
{{- end}}
</section>
{{- end}}
{{- if .Notes}}
<footer>{{range .Notes}}<p>{{words .}}</p>{{end}}</footer>
{{- end}}
</main>
</body>
</html>
`

const pageStyle = `body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}` +
	`main{max-width:64rem;margin:0 auto;padding:2rem 1.25rem 4rem}h1{font-size:1.7rem;line-height:1.2;margin:0 0 1rem}` +
	`h2{font-size:1.25rem;margin:2.5rem 0 .6rem;padding-top:1rem;border-top:1px solid var(--rule)}p{margin:.6rem 0;max-width:46rem}` +
	`.verdict{font-weight:600}figure{margin:1.2rem 0;overflow-x:auto}.chart{max-width:100%;height:auto}.wide{overflow-x:auto;margin:1.2rem 0}` +
	`table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}caption{text-align:left;font-weight:600;padding:.3rem .2rem}` +
	`th,td{padding:.32rem .7rem;text-align:left;border-bottom:1px solid var(--rule);vertical-align:top}th{color:var(--soft);font-weight:600;vertical-align:bottom}` +
	`.number{text-align:right}td{white-space:nowrap}td.loses{color:var(--loses);font-weight:600}td.wins{color:var(--wins)}tbody tr:hover{background:var(--panel)}` +
	`footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--rule);color:var(--soft);font-size:.85rem}`
