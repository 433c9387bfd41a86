package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/alecthomas/kong"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
)

// cli is the command line.
type cli struct {
	Serve   serveCmd   `cmd:"" help:"Run the gateway."`
	Bridge  bridgeCmd  `cmd:"" help:"Put one server on another transport, without a configuration."`
	Status  statusCmd  `cmd:"" help:"Say how a running gateway's servers are doing."`
	Run     runCmd     `cmd:"" help:"Run one script in the same sandbox, against the same tools."`
	Tools   toolsCmd   `cmd:"" help:"List or search the tools."`
	Call    callCmd    `cmd:"" help:"Call one tool, without a script."`
	Codegen codegenCmd `cmd:"" help:"Write the typed stubs that scripts are written against."`
	Learn   learnCmd   `cmd:"" help:"Learn what tools return by calling those that only read and need no arguments."`
	Import  importCmd  `cmd:"" help:"Turn the servers of another client into a configuration."`
	Link    linkCmd    `cmd:"" help:"Put the gateway into a client's configuration."`
	Audit   auditCmd   `cmd:"" help:"Read the audit log: verify, query, tail, export, index."`
	Token   tokenCmd   `cmd:"" help:"Tokens of clients: new, list, revoke."`
	Policy  policyCmd  `cmd:"" help:"Try the rules of the configuration."`
	Secret  secretCmd  `cmd:"" help:"Keep secrets in an encrypted file, for $${secret:NAME} in the configuration."`
	Approve approveCmd `cmd:"" help:"Show which tools changed since they were first seen, and take them as they are."`
	Login   loginCmd   `cmd:"" help:"Log in to a server that asks for it."`
	Logout  logoutCmd  `cmd:"" help:"Forget the login to a server."`
	Doctor  doctorCmd  `cmd:"" help:"Say what is wrong and how to mend it."`
	Config  configCmd  `cmd:"" help:"About the configuration file."`
	Python  pythonCmd  `cmd:"" help:"The interpreter of Python scripts."`
	Bench   benchCmd   `cmd:"" help:"Measure what bindery saves and costs, for you and in general."`
	Demo    demoCmd    `cmd:"" help:"See it work: two sample servers, one script, one result."`
	Sample  sampleCmd  `cmd:"" hidden:"" help:"Serve one of the demo's MCP servers on stdio."`

	logFlags
	Version kong.VersionFlag `help:"Print the version."`
}

// streams are where a command reads and writes: results to out, everything
// else to err.
type streams struct {
	in  io.ReadCloser
	out io.WriteCloser
	err io.Writer
}

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // a tool or script failed
	exitUsage  = 2 // the command line or the configuration is wrong
)

// exitError ends the command with a code. Its cause was already shown if
// there is none.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// run parses the command line, runs the command and returns the exit code.
func run(ctx context.Context, args []string, std streams) int {
	var c cli
	exited := -1
	parser, err := kong.New(&c,
		kong.Name("bindery"),
		kong.Description("A Code Mode gateway for MCP: all your servers' tools behind one, called by scripts."),
		kong.Writers(std.out, std.err),
		kong.Exit(func(code int) { exited = code; panic(exit{}) }),
		kong.Vars{"version": version()},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(std),
	)
	if err != nil {
		_, _ = fmt.Fprintln(std.err, "bindery:", err)
		return exitUsage
	}
	parsed, err := parse(parser, args)
	if exited >= 0 {
		return exited
	}
	if err != nil {
		_, _ = fmt.Fprintf(std.err, "bindery: %v\nhint: bindery --help lists the commands and their flags\n", err)
		return exitUsage
	}
	return explain(std.err, parsed.Run(c.verbosity()))
}

// exit unwinds kong after it has printed help or the version: its Exit hook
// must not return.
type exit struct{}

func parse(parser *kong.Kong, args []string) (_ *kong.Context, err error) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(exit); !ok {
				panic(r)
			}
		}
	}()
	return parser.Parse(args)
}

// explain shows the error and its hint, and returns the exit code for it.
func explain(w io.Writer, err error) int {
	if err == nil {
		return exitOK
	}
	code := exitFailed
	if e, ok := errors.AsType[*exitError](err); ok {
		code = e.code
		if e.err == nil {
			return code
		}
	}
	if _, ok := errors.AsType[*config.Error](err); ok {
		code = exitUsage
	}
	_, _ = fmt.Fprintf(w, "bindery: %v\n", err)
	if hint := bindery.HintOf(err); hint != "" {
		_, _ = fmt.Fprintf(w, "hint: %s\n", hint)
	}
	return code
}

func usage(format string, args ...any) error {
	return &exitError{code: exitUsage, err: fmt.Errorf(format, args...)}
}

// version is what the build knows of itself.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "dev"
	}
	return info.Main.Version
}
