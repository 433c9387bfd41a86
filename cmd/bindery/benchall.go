package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/bindery-mcp/bindery/benchmarks/report"
	"github.com/bindery-mcp/bindery/benchmarks/speed"
)

// benchAllCmd makes the parts of the documentation, which need no
// configuration.
type benchAllCmd struct {
	encodingFlag
	reportFlags
	Only       []string `placeholder:"PART,…" help:"Only these parts."`
	Markdown   string   `placeholder:"FILE" help:"Write each part into the page, between the comments of its name."`
	Benchmarks string   `placeholder:"FILE" help:"What go test -bench printed, for the part speed; make bench writes such a file."`
}

// benchPart is a part of docs/benchmarks.md, between comments of its name.
type benchPart struct {
	name string
	make func(context.Context, streams, verbosity) (report.Document, error)
	// lacks is what has to be given for it to be made; empty for nothing.
	lacks string
}

func (c *benchAllCmd) parts() []benchPart {
	speed := benchPart{name: "speed", make: c.speed}
	if c.Benchmarks == "" {
		speed.lacks = "--benchmarks FILE"
	}
	return []benchPart{
		{name: "machine", make: func(context.Context, streams, verbosity) (report.Document, error) {
			return report.Document{Title: "The machine", Notes: []string{machine()}}, nil
		}},
		speed,
		{name: "load", make: sampleLoad},
		{name: "tokens", make: func(ctx context.Context, std streams, _ verbosity) (report.Document, error) {
			return popularTokens(ctx, std, c.encodingFlag)
		}},
		{name: "catalogue", make: func(ctx context.Context, std streams, _ verbosity) (report.Document, error) {
			return (&benchCatalogueCmd{encodingFlag: c.encodingFlag}).measure(ctx, std)
		}},
		{name: "tasks", make: func(ctx context.Context, std streams, v verbosity) (report.Document, error) {
			var tasks benchTasksCmd
			if err := defaults(&tasks); err != nil {
				return report.Document{}, err
			}
			tasks.encodingFlag = c.encodingFlag
			return tasks.document(ctx, std, v)
		}},
	}
}

// speed reads what Go benchmarks have measured.
func (c *benchAllCmd) speed(context.Context, streams, verbosity) (report.Document, error) {
	f, err := os.Open(c.Benchmarks)
	if err != nil {
		return report.Document{}, usage("read the output of the benchmarks: %w", err)
	}
	defer f.Close()
	samples, err := speed.Read(f)
	if err != nil {
		return report.Document{}, err
	}
	return speed.Report(samples)
}

// defaults fills in what a command's flags are if none is given.
func defaults(command any) error {
	parser, err := kong.New(command, kong.Name("bindery"))
	if err == nil {
		_, err = parser.Parse(nil)
	}
	return err
}

// Run makes the parts, one after another.
func (c *benchAllCmd) Run(ctx context.Context, std streams, v verbosity) error {
	var page []byte
	var err error
	if c.Markdown != "" {
		if page, err = os.ReadFile(c.Markdown); err != nil {
			return usage("read the page to write into: %v", err)
		}
	}
	parts, err := c.chosen(std.err)
	if err != nil {
		return err
	}
	all := report.Document{Title: "Benchmarks"}
	for _, p := range parts {
		d, err := p.make(ctx, std, v)
		if err != nil {
			return fmt.Errorf("measure the part %q: %w", p.name, err)
		}
		all.Sections = append(all.Sections, d.Sections...)
		all.Notes = append(all.Notes, d.Notes...)
		if c.Markdown == "" {
			continue
		}
		var text bytes.Buffer
		if err := report.Markdown(&text, d, c.pictureFolder()); err != nil {
			return err
		}
		if page, err = report.Splice(page, p.name, text.Bytes()); err != nil {
			return usage("write the part %q into %s: %v", p.name, c.Markdown, err)
		}
	}
	if c.Markdown != "" {
		if err := writeFile(c.Markdown, func(w io.Writer) error { _, err := w.Write(page); return err }); err != nil {
			return err
		}
		_, _ = fmt.Fprintln(std.err, "bindery: wrote", c.Markdown)
		if !c.JSON {
			std.out = discard{}
		}
	}
	return c.write(std, all)
}

// pictureFolder is where the pictures are, as seen from the page.
func (c *benchAllCmd) pictureFolder() string {
	if c.SVG == "" {
		return ""
	}
	rel, err := filepath.Rel(filepath.Dir(c.Markdown), c.SVG)
	if err != nil {
		return filepath.ToSlash(c.SVG)
	}
	return filepath.ToSlash(rel)
}

// chosen returns the parts that were asked for, or all that can be made and
// says which cannot.
func (c *benchAllCmd) chosen(w io.Writer) ([]benchPart, error) {
	var parts []benchPart
	var names []string
	known := map[string]benchPart{}
	for _, p := range c.parts() {
		names, known[p.name] = append(names, p.name), p
		switch {
		case len(c.Only) > 0:
		case p.lacks != "":
			_, _ = fmt.Fprintf(w, "bindery: the part %q is left out, for it needs %s\n", p.name, p.lacks)
		default:
			parts = append(parts, p)
		}
	}
	for _, name := range c.Only {
		p, ok := known[name]
		if !ok {
			return nil, usage("there is no part %q; there are %s", name, strings.Join(names, ", "))
		}
		if p.lacks != "" {
			return nil, usage("the part %q needs %s", name, p.lacks)
		}
		parts = append(parts, p)
	}
	return parts, nil
}

// discard is where a report goes that stands in a file already.
type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

func (discard) Close() error { return nil }
