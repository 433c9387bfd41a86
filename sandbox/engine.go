package sandbox

import (
	"context"
	"encoding/json"
	"time"

	"github.com/bindery-mcp/bindery"
)

// Engine runs scripts.
//
// Run returns when the script has ended, was stopped by one of its limits, or
// ctx is done. Whatever a script does, including running out of memory, is an
// [Outcome] with a [Failure]; the error is for a sandbox that could not do its
// work. Run is safe for concurrent use.
type Engine interface {
	Run(ctx context.Context, s Script, h Host) (Outcome, error)
}

// Host is what a script can reach: tools, and somewhere to put its logs.
type Host interface {
	// Start begins a call and returns at once. done is called exactly once,
	// on any goroutine, with the answer or an *[bindery.Error]. Calls started
	// one after another reach a server in that order where order matters.
	//
	// A call whose Tool.Server is [Builtin] is for the host itself.
	Start(ctx context.Context, c bindery.Call, done func(bindery.Result, error))
	// Log takes one line as the script writes it. It does not block.
	Log(l Line)
}

// Builtin is the server name of the functions that the host itself offers to
// scripts, such as "search" and "describe". No configured server can have it.
const Builtin = ""

// Language is what a script is written in.
type Language string

// The languages. JavaScript is TypeScript without the types.
const (
	TypeScript Language = "typescript"
	Python     Language = "python"
)

// Script is one script and everything it runs with.
type Script struct {
	Source   string
	Language Language
	// Data is the value of the global "data": any JSON, nil for none.
	Data     json.RawMessage
	Bindings *Bindings
	Limits   Limits
	// Owner is who the script runs for. An engine may reuse what it ran one
	// owner's script in, a process for example, for that owner's next script,
	// never for another's, and serves owners in turn. The string means nothing
	// else; with "" nothing is reused.
	Owner string
}

// Outcome is how a script ended.
type Outcome struct {
	// Value is the script's result as JSON; nil if it had none, or failed.
	Value json.RawMessage
	// Failure is nil if the script ran to its end.
	Failure *Failure
	// Logs are the lines that fitted in Limits.Logs, and LogsDropped counts
	// those that did not.
	Logs        []Line
	LogsDropped int
	// Notes tell the model what it should know about the run besides its
	// result: values that JSON cannot hold, calls that were not awaited.
	Notes []string
	// Leftover tells that timers of the script were still to fire when it
	// ended. They never will.
	Leftover bool
	Usage    Usage
}

// Line is one line of console output.
type Line struct {
	Level string `json:"level"` // "log", "info", "debug", "warn", "error"; or ProgressLevel, see [Progress]
	Text  string `json:"text"`
}

// Usage is what a run took.
type Usage struct {
	Wall time.Duration
	CPU  time.Duration
	// MaxRSS is the largest resident size of the worker, in bytes; 0 where
	// the system does not tell.
	MaxRSS int64
}

// Failure is why a script did not run to its end, in the terms of the script:
// positions are in the text that the model wrote.
type Failure struct {
	// Code is Invalid for a script that could not start (a syntax error),
	// Script for one that threw, Limit, Timeout, Cancelled, or Internal for a
	// worker that died without saying why.
	Code    bindery.Code `json:"code"`
	Name    string       `json:"name,omitempty"` // "TypeError", "SyntaxError", "ToolError", …
	Message string       `json:"message"`
	Hint    string       `json:"hint,omitempty"`
	// Line and Column count from 1; 0 stands for unknown.
	Line       int    `json:"line,omitempty"`
	Column     int    `json:"column,omitempty"`
	SourceLine string `json:"sourceLine,omitempty"`
}
