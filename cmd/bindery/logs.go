package main

import (
	"log/slog"

	"github.com/bindery-mcp/bindery/gateway"
)

// verbosity is what is logged and how, as commands are handed it.
type verbosity struct {
	level slog.Level
	json  bool
}

// logFlags say what is logged, on standard error.
type logFlags struct {
	Verbose   bool   `short:"v" help:"Log everything, as --log-level debug does."`
	LogLevel  string `enum:"debug,info,warn,error" default:"error" help:"Least that is logged, on standard error: debug, info, warn or error (the default)."`
	LogFormat string `enum:"text,json" default:"text" help:"Form of the log: text (the default) or json."`
}

func (f logFlags) verbosity() verbosity {
	v := verbosity{level: slog.LevelError, json: f.LogFormat == "json"}
	_ = v.level.UnmarshalText([]byte(f.LogLevel)) // it is one of those
	if f.Verbose {
		v.level = slog.LevelDebug
	}
	return v
}

// logger writes to standard error.
func logger(std streams, v verbosity) *slog.Logger {
	o := &slog.HandlerOptions{Level: v.level}
	if v.json {
		return slog.New(gateway.LogHandler(slog.NewJSONHandler(std.err, o)))
	}
	return slog.New(gateway.LogHandler(slog.NewTextHandler(std.err, o)))
}
