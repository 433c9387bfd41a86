package report

import "encoding/json"

// Document is one report, in the order in which it is read.
type Document struct {
	Title string `json:"title"`
	// Notes say what the figures depend on: machine, versions, encoding, and
	// the command that makes them anew.
	Notes    []string  `json:"notes,omitempty"`
	Sections []Section `json:"sections"`
}

// Section is one question and its answer.
type Section struct {
	Heading string `json:"heading"`
	// Text is paragraphs of plain words, the verdict first. They come before
	// the tables and charts.
	Text   []string `json:"text,omitempty"`
	Tables []Table  `json:"tables,omitempty"`
	Charts []Chart  `json:"charts,omitempty"`
}

// Table is rows of as many cells as there are columns; a row that is shorter
// is filled up with empty cells. A column of numbers is set to the right.
type Table struct {
	// Caption is a few words above the table; empty for none.
	Caption string   `json:"caption,omitempty"`
	Columns []string `json:"columns"`
	Rows    [][]Cell `json:"rows"`
}

// Cell is a text or a number. [Text], [Int], [Fixed] and [Percent] make one.
type Cell struct {
	// Text is what a person reads.
	Text string
	// Value is what a program reads; it counts only in a Number.
	Value  float64
	Number bool
	// Tone says how the figure is for bindery.
	Tone Tone
}

// Tone is whether a figure speaks for what is measured or against it. It is
// shown in colour and, where there is none, by a mark.
type Tone string

// The tones.
const (
	Plain Tone = ""
	Wins  Tone = "wins"
	Loses Tone = "loses"
)

// MarshalJSON writes a number as a number and anything else as a string.
func (c Cell) MarshalJSON() ([]byte, error) {
	if c.Number {
		return json.Marshal(c.Value)
	}
	return json.Marshal(c.Text)
}

// With returns the cell in that tone.
func (c Cell) With(t Tone) Cell {
	c.Tone = t
	return c
}

// Chart is one picture. Every figure in it is in a table as well: a picture
// shows the shape, a table can be read exactly.
type Chart struct {
	// Name is what the chart's file is called, without an ending: lower-case
	// letters, digits and hyphens, and no other chart's.
	Name  string `json:"name"`
	Title string `json:"title"`
	Kind  Kind   `json:"kind"`
	X     Axis   `json:"x"`
	Y     Axis   `json:"y"`
	// Categories are the groups of Bars, from the top; Lines have none.
	Categories []string `json:"categories,omitempty"`
	Series     []Series `json:"series"`
}

// Kind is how a chart is drawn.
type Kind string

// The kinds of charts. In Bars the bars lie, so that their names can be read:
// X is still the axis of the values' categories and Y that of the values.
const (
	Lines Kind = "lines"
	Bars  Kind = "bars"
)

// Axis is what is measured along one side.
type Axis struct {
	Label string `json:"label"`
	// Log spaces powers of ten equally. Values of 0 and less are then drawn at
	// the edge.
	Log bool `json:"log,omitempty"`
	// Unit is written behind the numbers: "ms", "×", "%".
	Unit string `json:"unit,omitempty"`
}

// Series is what belongs together under one name.
type Series struct {
	Name   string  `json:"name"`
	Points []Point `json:"points"`
}

// Point is one value. In Bars X is the index of the category; a category that
// no point has is left empty.
type Point struct {
	X    float64 `json:"x"`
	Y    float64 `json:"y"`
	Tone Tone    `json:"tone,omitempty"`
	// Note is a few words that are written beside the value; empty for the
	// value itself in Bars, and for nothing in Lines.
	Note string `json:"note,omitempty"`
}
