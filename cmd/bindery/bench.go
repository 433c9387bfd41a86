package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/benchmarks"
	"github.com/bindery-mcp/bindery/benchmarks/report"
	"github.com/bindery-mcp/bindery/internal/atomicfile"
)

// benchCmd is the harness, a command for each question.
type benchCmd struct {
	Tokens    benchTokensCmd    `cmd:"" help:"Whether bindery pays for your own servers: tokens before the first word and per turn, and the break-even."`
	Catalogue benchCatalogueCmd `cmd:"" help:"What 67 real servers cost in every rendering; needs none of them."`
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
