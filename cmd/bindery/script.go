package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway"
	"github.com/bindery-mcp/bindery/sandbox"
)

type runCmd struct {
	configFlag
	pythonFlags
	Script string `arg:"" help:"File with the script, or - for standard input."`
	Lang   string `enum:"ts,js,py," default:"" help:"Language of the script: ts, js or py. Default: what the file's name ends with, or ts."`
	Data   string `placeholder:"JSON" help:"JSON that the script finds as data; @FILE reads it from a file."`
	JSON   bool   `name:"json" help:"Print the result, logs and calls as one JSON object."`
}

func (c *runCmd) Run(ctx context.Context, std streams, v verbosity) (err error) {
	source, err := readSource(ctx, std, c.Script)
	if err != nil {
		return err
	}
	data, err := readData("--data", c.Data)
	if err != nil {
		return err
	}
	cfg, err := c.load(ctx, std)
	if err != nil {
		return err
	}
	st, err := open(ctx, cfg, c.pythonFlags, logger(std, v), nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.close()) }()

	stop := showProgress(std.err, st.set)
	answer, err := st.gateway.Execute(ctx, gateway.Anonymous(), gateway.Request{
		Code: string(source), Language: c.language(), Data: data, Alone: true,
	})
	stop()
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(std.out, answer)
	}
	return printAnswer(std, answer)
}

// language is that of the script.
func (c *runCmd) language() string {
	if c.Lang == "" {
		return strings.ToLower(strings.TrimPrefix(filepath.Ext(c.Script), "."))
	}
	return c.Lang
}

// maxSource bounds what is read before the sandbox's own limit applies.
const maxSource = 4 << 20

func readSource(ctx context.Context, std streams, path string) ([]byte, error) {
	if path == "-" {
		source, err := readInput(ctx, std.in, maxSource)
		if err != nil {
			return nil, fmt.Errorf("read the script: %w", err)
		}
		return source, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, usage("read the script: %w", err)
	}
	defer func() { _ = f.Close() }()
	source, err := io.ReadAll(io.LimitReader(f, maxSource))
	if err != nil {
		return nil, usage("read the script: %w", err)
	}
	return source, nil
}

// readData reads the JSON of a flag or argument, which is called what.
func readData(what, arg string) (json.RawMessage, error) {
	if arg == "" {
		return nil, nil
	}
	data := []byte(arg)
	if arg[0] == '@' {
		var err error
		if data, err = os.ReadFile(arg[1:]); err != nil {
			return nil, usage("read %s: %w", what, err)
		}
	}
	if !json.Valid(data) {
		return nil, usage("%s is not JSON: quote it for the shell, or name a file with @FILE", what)
	}
	return data, nil
}

// printAnswer writes the result to standard output and everything else beside
// it. A failed script is exit code 1, its message already shown.
func printAnswer(std streams, a gateway.Answer) error {
	if a.Outcome.Failure != nil {
		_, _ = fmt.Fprintln(std.err, a.Text())
		return &exitError{code: exitFailed}
	}
	for _, l := range a.Outcome.Logs {
		_, _ = fmt.Fprintln(std.err, l.Text)
	}
	for _, n := range a.Outcome.Notes {
		_, _ = fmt.Fprintln(std.err, "note:", n)
	}
	if a.Outcome.Value == nil {
		return nil
	}
	_, err := fmt.Fprintln(std.out, a.Value())
	return err
}

// answerJSON is the answer for programs.
type answerJSON struct {
	Value   json.RawMessage  `json:"value,omitempty"`
	Failure *sandbox.Failure `json:"failure,omitempty"`
	Logs    []sandbox.Line   `json:"logs,omitempty"`
	Notes   []string         `json:"notes,omitempty"`
	Calls   []callJSON       `json:"calls"`
	TookMS  float64          `json:"tookMs"`
}

type callJSON struct {
	Tool   string  `json:"tool"`
	Line   int     `json:"line,omitempty"`
	State  string  `json:"state"`
	TookMS float64 `json:"tookMs"`
	Bytes  int     `json:"bytes"`
}

func printJSON(w io.Writer, a gateway.Answer) error {
	out := answerJSON{
		Value: a.Outcome.Value, Failure: a.Outcome.Failure, Logs: a.Outcome.Logs, Notes: a.Outcome.Notes,
		Calls: []callJSON{}, TookMS: a.Took.Seconds() * 1000,
	}
	for _, r := range a.Calls {
		out.Calls = append(out.Calls, callJSON{
			Tool: r.Tool.String(), Line: r.Line, State: string(r.State), TookMS: r.Took.Seconds() * 1000, Bytes: r.Bytes,
		})
	}
	if err := encode(w, out); err != nil {
		return err
	}
	if a.Outcome.Failure != nil {
		return &exitError{code: exitFailed}
	}
	return nil
}

func encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return &bindery.Error{Code: bindery.Internal, Op: "write the result", Err: err}
	}
	return nil
}
