package report

import (
	"fmt"
	"io"
	"strings"
)

// Markdown writes the document with headings of the third level: those above are
// the page's own. pictures is the folder, as seen from the page, with the
// charts as [SVG] files of their names; empty for none.
func Markdown(w io.Writer, d Document, pictures string) error {
	var b strings.Builder
	for _, n := range d.Notes {
		b.WriteString(markdownText(n) + "\n\n")
	}
	for _, s := range d.Sections {
		fmt.Fprintf(&b, "### %s\n\n", markdownText(s.Heading))
		for _, p := range s.Text {
			b.WriteString(markdownText(p) + "\n\n")
		}
		if pictures != "" {
			for _, c := range s.Charts {
				fmt.Fprintf(&b, "![%s](%s/%s.svg)\n\n", markdownText(c.Title), pictures, c.Name)
			}
		}
		for _, t := range s.Tables {
			t.markdown(&b)
		}
	}
	_, err := io.WriteString(w, strings.TrimRight(b.String(), "\n")+"\n")
	return err
}

func (t Table) markdown(b *strings.Builder) {
	if t.Caption != "" {
		fmt.Fprintf(b, "%s:\n\n", markdownText(t.Caption))
	}
	right := t.numeric()
	b.WriteString("|")
	for _, c := range t.Columns {
		b.WriteString(" " + markdownText(c) + " |")
	}
	b.WriteString("\n|")
	for i := range t.Columns {
		if right[i] {
			b.WriteString("---:|")
		} else {
			b.WriteString("---|")
		}
	}
	b.WriteString("\n")
	for _, row := range t.Rows {
		b.WriteString("|")
		for i := range t.Columns {
			text := ""
			if i < len(row) {
				text = markdownText(row[i].marked())
			}
			b.WriteString(" " + text + " |")
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
}

// markdownText is a text that is nothing but text in Markdown, but for code in
// backticks.
func markdownText(text string) string {
	var b strings.Builder
	code := false
	for _, r := range printable(text) {
		switch {
		case r == '`':
			code = !code
		case r == '|' || !code && strings.ContainsRune(`\*_<>[]#`, r):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
