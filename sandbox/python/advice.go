package python

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/bindery-mcp/bindery/internal/spelling"
	"github.com/bindery-mcp/bindery/sandbox"
)

const (
	noNetwork   = `there is no network here: call a tool, or find one with tools.search("…")`
	noFiles     = `there are no files or processes here: call a tool, or find one with tools.search("…")`
	noPackages  = "only Python's standard library is here"
	noThreads   = "there are no threads here: use parallel(f, items), or asyncio.gather with await"
	isPlainDict = `results are plain dicts: write x[%q], or x.get(%[1]q)`
)

// advise adds to an error that a script did not catch what to do about it.
func (s *session) advise(f *sandbox.Failure, r *report) {
	if f.Hint != "" {
		return
	}
	switch f.Name {
	case "ModuleNotFoundError":
		f.Hint = s.adviseModule(r.Module)
	case "NameError", "UnboundLocalError":
		f.Hint = s.adviseName(r)
	case "AttributeError":
		f.Hint = adviseAttribute(r)
	case "KeyError":
		f.Hint = adviseKey(r)
	case "ImportError":
		f.Hint = didYouMean(closest(r.Wrong, r.Names))
	case "RecursionError":
		f.Hint = "check the recursion's end, or use a loop"
	case "TypeError":
		f.Hint = adviseType(f.Message)
	}
}

// adviseModule says what to use instead of a module that is not there.
func (s *session) adviseModule(name string) string {
	top, _, _ := strings.Cut(name, ".")
	switch top {
	case "requests", "httpx", "aiohttp", "urllib3", "websocket", "websockets", "grpc", "boto3", "paramiko", "ssl", "_ssl":
		return noNetwork
	case "pandas", "polars", "pyarrow":
		return noPackages + ": use lists of dicts, sorted, itertools.groupby, collections.Counter, statistics and table(rows)"
	case "numpy", "scipy", "sklearn", "torch", "sympy":
		return noPackages + ": use math, statistics, fractions, random and lists"
	case "yaml", "toml":
		return noPackages + ": use json, or tomllib to read TOML"
	case "dateutil", "pytz", "arrow", "pendulum", "tzdata":
		return noPackages + ": use datetime and datetime.timezone; times are in UTC"
	case "bs4", "lxml":
		return noPackages + ": use html.parser, xml.etree.ElementTree or re"
	case "pydantic", "attr", "attrs":
		return noPackages + ": use dataclasses or typing.TypedDict"
	case "tabulate", "prettytable", "rich":
		return noPackages + ": use table(rows)"
	case "ctypes", "_ctypes", "cffi", "lzma", "_lzma", "curses", "readline", "tkinter":
		return "it needs what is not there: there are no files, processes or other programs' code here"
	case "multiprocessing", "_multiprocessing", "joblib", "gevent", "greenlet", "trio", "anyio":
		return noThreads
	case "dotenv":
		return "there is no environment here: what the script needs comes in the global data"
	case "mcp", "fastmcp", "openai", "anthropic":
		return "every server is already there under its name, as in github.tool(name=value)"
	}
	var names []string
	for _, v := range s.servers() {
		if v.Name == top || strings.HasPrefix(v.Name, top+"-") || strings.ReplaceAll(v.Name, "-", "_") == top {
			return strings.TrimSuffix(fmt.Sprintf("the server is %s; %s", spellServer(&v), v.Refused), "; ")
		}
		if v.Ident != "" {
			names = append(names, v.Ident)
		}
	}
	if near := spelling.Resembling(top, names); len(near) > 0 {
		return didYouMean(near)
	}
	return noPackages + ", and every server under its name"
}

// adviseName suggests a server, another name or a module for a name that is
// none.
func (s *session) adviseName(r *report) string {
	switch r.Wrong {
	case "":
		return ""
	case "fetch", "requests", "httpx", "aiohttp":
		return noNetwork
	case "require", "process", "Deno":
		return "this is Python: every server is there under its name, and nothing else can be imported"
	case "console":
		return "use print"
	case "true", "false", "null", "undefined":
		return "this is Python: write " + map[string]string{"true": "True", "false": "False", "null": "None", "undefined": "None"}[r.Wrong]
	case "JSON":
		return "use json: import json"
	case "Promise":
		return "use await asyncio.gather(…), or parallel(…)"
	}
	if pythonModule(r.Wrong) {
		return "write: import " + r.Wrong
	}
	var names []string
	for _, v := range s.servers() {
		if v.Name == r.Wrong || strings.HasPrefix(v.Name, r.Wrong+"-") {
			return strings.TrimSuffix(fmt.Sprintf("the server is %s; %s", spellServer(&v), v.Refused), "; ")
		}
		if v.Ident != "" {
			names = append(names, v.Ident)
		}
	}
	own := spelling.Resembling(r.Wrong, names)
	for _, n := range closest(r.Wrong, r.Names) {
		own = appendNew(own, n)
	}
	return didYouMean(own[:min(len(own), 3)])
}

// pythonModule reports whether a name that scripts use without importing it is
// most likely a module of the standard library.
func pythonModule(name string) bool {
	switch name {
	case "json", "re", "os", "sys", "math", "time", "datetime", "random", "itertools", "functools", "collections", "statistics",
		"string", "textwrap", "base64", "hashlib", "uuid", "decimal", "fractions", "operator", "copy", "csv", "io", "html", "urllib",
		"dataclasses", "typing", "enum", "pathlib", "heapq", "bisect", "difflib", "logging", "traceback", "unicodedata":
		return true
	}
	return false
}

func adviseAttribute(r *report) string {
	near := closest(r.Wrong, r.Names)
	switch {
	case len(near) > 0:
		return didYouMean(near)
	case r.Of == "dict" && r.Wrong != "":
		return fmt.Sprintf(isPlainDict, r.Wrong)
	case r.Of == "list" && r.Wrong != "":
		return "it is a list: look at one of its items, or loop over them"
	}
	return ""
}

// maxKeys bounds how many keys of a dict a hint lists.
const maxKeys = 20

// adviseKey says what is in a dict that a key is not in.
func adviseKey(r *report) string {
	switch near := spelling.Resembling(r.Wrong, r.Names); {
	case r.Wrong == "":
		return ""
	case len(r.Names) == 0:
		return "the dict is empty"
	case len(near) > 0 && len(r.Names) > maxKeys:
		return didYouMean(near)
	case len(r.Names) > maxKeys:
		return "its keys are " + strings.Join(r.Names[:maxKeys], ", ") + fmt.Sprintf(" and %d more", len(r.Names)-maxKeys)
	}
	return "its keys are " + strings.Join(r.Names, ", ")
}

var notAwaitable = regexp.MustCompile(`object .{1,60} can't be used in 'await' expression`)

func adviseType(message string) string {
	switch {
	case strings.Contains(message, "'await' expression"), notAwaitable.MatchString(message):
		return "it has its value already: leave the await out"
	case strings.Contains(message, "not JSON serializable"):
		return "return the value itself: dates, sets, dataclasses and the like are converted"
	}
	return ""
}

var looksLikeJavaScript = regexp.MustCompile(`(?m)^\s*(?:const|let|var|function|export|interface|type)\s+[A-Za-z_$]|=>|\bconsole\.log\(|^\s*//|===`)

// adviseSyntax explains errors that scripts in another language give.
func (s *session) adviseSyntax(f *sandbox.Failure) {
	switch line := s.text.line(f.Line); {
	case looksLikeJavaScript.MatchString(line):
		f.Hint = `this is read as Python: send it with language "typescript", or write Python`
	case strings.Contains(f.Message, "unterminated string literal"):
		f.Hint = "a text of several lines takes three quotes"
	}
}

func didYouMean(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "did you mean " + strings.Join(names, " or ") + "?"
}
