package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/benchmarks"
	"github.com/bindery-mcp/bindery/benchmarks/report"
	"github.com/bindery-mcp/bindery/internal/atomicfile"
)

// benchCmd is the harness, a command for each question.
type benchCmd struct {
	Tokens    benchTokensCmd    `cmd:"" help:"Whether bindery pays for your own servers: tokens before the first word and per turn, and the break-even."`
	Catalogue benchCatalogueCmd `cmd:"" help:"What 65 real servers cost in every rendering; needs none of them."`
	Tasks     benchTasksCmd     `cmd:"" help:"Work done twice with real servers: by plain tool calls and by scripts."`
	Load      benchLoadCmd      `cmd:"" help:"How fast a gateway answers, against the direct connection and, with --peer, another gateway."`
	All       benchAllCmd       `cmd:"" help:"Everything that needs no configuration: the parts of docs/benchmarks.md."`
}

// encodingFlag is which tokens are counted.
type encodingFlag struct {
	Encoding string `default:"o200k" enum:"o200k,cl100k" help:"Tokens to count: o200k (current OpenAI models) or cl100k (GPT-4)."`
}

func (f encodingFlag) counter() (*benchmarks.Counter, error) {
	return benchmarks.NewCounterOf(benchmarks.Encoding(f.Encoding))
}

// reportFlags are the forms that a report can take besides that of a terminal.
type reportFlags struct {
	JSON bool   `name:"json" help:"Print JSON."`
	HTML string `name:"html" placeholder:"FILE" help:"Also write one page with charts, which loads nothing."`
	SVG  string `name:"svg" placeholder:"DIR" help:"Also write each chart as a picture."`
}

// write prints the report, and writes the files that were asked for.
func (f reportFlags) write(std streams, d report.Document) error {
	if f.HTML != "" {
		if err := writeFile(f.HTML, func(w io.Writer) error { return report.HTML(w, d) }); err != nil {
			return err
		}
		_, _ = fmt.Fprintln(std.err, "bindery: wrote", f.HTML)
	}
	if f.SVG != "" {
		if err := f.pictures(std, d); err != nil {
			return err
		}
	}
	if f.JSON {
		return report.JSON(std.out, d)
	}
	return report.Terminal(std.out, d)
}

func (f reportFlags) pictures(std streams, d report.Document) error {
	if err := os.MkdirAll(f.SVG, 0o755); err != nil {
		return fmt.Errorf("make the folder of the pictures: %w", err)
	}
	for _, s := range d.Sections {
		for _, c := range s.Charts {
			path := filepath.Join(f.SVG, c.Name+".svg")
			if err := writeFile(path, func(w io.Writer) error { return report.SVG(w, c) }); err != nil {
				return err
			}
			_, _ = fmt.Fprintln(std.err, "bindery: wrote", path)
		}
	}
	return nil
}

func writeFile(path string, content func(io.Writer) error) error {
	var b bytes.Buffer
	if err := content(&b); err != nil {
		return err
	}
	if err := atomicfile.Write(path, b.Bytes(), 0o644); err != nil {
		return &bindery.Error{Code: bindery.Unavailable, Op: "write the report", Err: err, Hint: "name a file in a folder that exists and can be written to"}
	}
	return nil
}

// machine says where times were measured, and with what.
func machine() string {
	model := runtime.GOARCH
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(info)) {
			if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
				model = strings.TrimSpace(value)
				break
			}
		}
	}
	return fmt.Sprintf("The generated parts are by bindery %s, built with %s, on %s with %d cores (%s).", version(), runtime.Version(), runtime.GOOS, runtime.NumCPU(), model)
}

// benchPart is a part of docs/benchmarks.md, between comments of its name.
type benchPart struct {
	name string
	make func(context.Context, streams, verbosity) (report.Document, error)
}

// benchAllCmd makes the parts of the documentation that need no
// configuration.
type benchAllCmd struct {
	encodingFlag
	reportFlags
	Only     []string `placeholder:"PART,…" help:"Only these parts."`
	Markdown string   `placeholder:"FILE" help:"Write each part into the page, between the comments of its name."`
}

func (c *benchAllCmd) parts() []benchPart {
	return []benchPart{
		{"machine", func(context.Context, streams, verbosity) (report.Document, error) {
			return report.Document{Title: "The machine", Notes: []string{machine()}}, nil
		}},
		{"tokens", func(ctx context.Context, std streams, _ verbosity) (report.Document, error) {
			return popularTokens(ctx, std, c.encodingFlag)
		}},
		{"catalogue", func(ctx context.Context, std streams, _ verbosity) (report.Document, error) {
			return (&benchCatalogueCmd{encodingFlag: c.encodingFlag}).measure(ctx, std)
		}},
		{"tasks", func(ctx context.Context, std streams, v verbosity) (report.Document, error) {
			var tasks benchTasksCmd
			if err := defaults(&tasks); err != nil {
				return report.Document{}, err
			}
			tasks.encodingFlag = c.encodingFlag
			return tasks.document(ctx, std, v)
		}},
	}
}

// defaults fills in what a command's flags are if none is given.
func defaults(command any) error {
	parser, err := kong.New(command, kong.Name("bindery"))
	if err == nil {
		_, err = parser.Parse(nil)
	}
	return err
}

func (c *benchAllCmd) Run(ctx context.Context, std streams, v verbosity) error {
	var page []byte
	var err error
	if c.Markdown != "" {
		if page, err = os.ReadFile(c.Markdown); err != nil {
			return usage("read the page to write into: %v", err)
		}
	}
	parts, err := c.chosen()
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

func (c *benchAllCmd) chosen() ([]benchPart, error) {
	if len(c.Only) == 0 {
		return c.parts(), nil
	}
	var parts []benchPart
	var names []string
	for _, p := range c.parts() {
		names = append(names, p.name)
	}
	for _, name := range c.Only {
		found := false
		for _, p := range c.parts() {
			if p.name == name {
				parts, found = append(parts, p), true
			}
		}
		if !found {
			return nil, usage("there is no part %q; there are %s", name, strings.Join(names, ", "))
		}
	}
	return parts, nil
}

// discard is where a report goes that stands in a file already.
type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

func (discard) Close() error { return nil }
