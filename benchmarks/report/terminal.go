package report

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// width is how long a line of words is on a terminal.
const width = 100

// against marks a cell that [Loses] where there is no colour.
const against = " ✗"

// Terminal writes the document as text of fixed width. Charts are left out:
// their figures are in the tables.
func Terminal(w io.Writer, d Document) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", printable(d.Title))
	for _, s := range d.Sections {
		fmt.Fprintf(&b, "\n── %s ──\n", printable(s.Heading))
		for _, p := range s.Text {
			b.WriteString("\n" + wrap(printable(p), width))
		}
		for _, t := range s.Tables {
			b.WriteString("\n")
			t.terminal(&b)
		}
	}
	for i, n := range d.Notes {
		if i == 0 {
			b.WriteString("\n")
		}
		b.WriteString(wrap(printable(n), width))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (t Table) terminal(b *strings.Builder) {
	if t.Caption != "" {
		b.WriteString(printable(t.Caption) + "\n\n")
	}
	right := t.numeric()
	lines := [][]string{make([]string, len(t.Columns))}
	for i, c := range t.Columns {
		lines[0][i] = printable(c)
	}
	for _, row := range t.Rows {
		line := make([]string, len(t.Columns))
		for i := range line {
			if i < len(row) {
				line[i] = printable(row[i].marked())
			}
		}
		lines = append(lines, line)
	}
	widths := make([]int, len(t.Columns))
	for _, line := range lines {
		for i, text := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(text))
		}
	}
	for n, line := range lines {
		var row strings.Builder
		for i, text := range line {
			if i > 0 {
				row.WriteString("  ")
			}
			row.WriteString(pad(text, widths[i], right[i]))
		}
		b.WriteString(strings.TrimRight(row.String(), " ") + "\n")
		if n == 0 {
			for i, w := range widths {
				if i > 0 {
					b.WriteString("  ")
				}
				b.WriteString(strings.Repeat("─", w))
			}
			b.WriteString("\n")
		}
	}
}

// marked is the text with what its tone is where there is no colour.
func (c Cell) marked() string {
	if c.Tone == Loses {
		return c.Text + against
	}
	return c.Text
}

// numeric says which columns hold numbers, if anything.
func (t Table) numeric() []bool {
	right := make([]bool, len(t.Columns))
	for i := range right {
		for _, row := range t.Rows {
			if i >= len(row) || row[i].Text == "" || row[i].Text == "–" {
				continue
			}
			if right[i] = row[i].Number; !right[i] {
				break
			}
		}
	}
	return right
}

func pad(text string, to int, right bool) string {
	fill := strings.Repeat(" ", max(0, to-utf8.RuneCountInString(text)))
	if right {
		return fill + text
	}
	return text + fill
}

// wrap breaks a text at its spaces.
func wrap(text string, to int) string {
	var b strings.Builder
	used := 0
	for word := range strings.FieldsSeq(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case used == 0:
		case used+1+n > to:
			b.WriteString("\n")
			used = 0
		default:
			b.WriteString(" ")
			used++
		}
		b.WriteString(word)
		used += n
	}
	return b.String() + "\n"
}

// printable replaces what would act on a terminal, or break a line: names and
// texts come from servers.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsGraphic(r):
			return r
		default:
			return -1
		}
	}, text)
}
