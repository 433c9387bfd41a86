// Package report shows measurements to people and to programs, each of them
// in the same words and figures.
//
//	Document (notes, sections of tables and charts) → Terminal · JSON · Markdown · HTML (one page, nothing loaded) · SVG (one chart)
package report
