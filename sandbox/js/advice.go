package js

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/dop251/goja"

	"github.com/bindery-mcp/bindery/internal/spelling"
	"github.com/bindery-mcp/bindery/sandbox"
)

var (
	notDefined = regexp.MustCompile(`^(\S{1,100}) is not defined$`)
	noMember   = regexp.MustCompile(`^Object has no member '([^']{1,100})'`)
)

// advise adds to an error that a script did not catch what to do about it.
func (x *execution) advise(f *sandbox.Failure) {
	if f.Hint != "" {
		return
	}
	switch {
	case f.Name == "ReferenceError":
		f.Hint = x.missing(f.Message)
		if f.Hint == importHint {
			// The transpiler makes require of import().
			f.Message = "import and require are not available in a script"
		}
	case f.Name != "TypeError":
	case f.Message == "Dynamic object is not callable" || f.Message == "Value is not a constructor" && x.serverAt(f) != nil:
		x.adviseServerCall(f)
	default:
		if m := noMember.FindStringSubmatch(f.Message); m != nil {
			f.Hint = x.nearestMember(m[1])
		}
	}
}

// serverAt is the server whose name is written where f happened.
func (x *execution) serverAt(f *sandbox.Failure) *sandbox.Server {
	word := x.wordAt(f)
	servers := x.servers()
	for i := range servers {
		if servers[i].Ident != "" && servers[i].Ident == word {
			return &servers[i]
		}
	}
	return nil
}

var wordHere = regexp.MustCompile(`^(?:new\s+)?([\p{L}_$][\p{L}\p{N}_$]*)\s*(?:\(|$)`)

func (x *execution) wordAt(f *sandbox.Failure) string {
	line := x.text.line(f.Line)
	if f.Column < 1 || f.Column > len(line) {
		return ""
	}
	// The column counts UTF-16 units; before a server's name there are seldom
	// others than ASCII, and a wrong word is no server's.
	m := wordHere.FindStringSubmatch(line[f.Column-1:])
	if m == nil {
		return ""
	}
	return m[1]
}

// adviseServerCall explains the call of a server, or of tools, itself.
func (x *execution) adviseServerCall(f *sandbox.Failure) {
	s := x.serverAt(f)
	switch {
	case s != nil && s.Refused != "" && len(s.Tools) == 0:
		f.Name, f.Message = "ToolError", fmt.Sprintf("%s is not available: %s", s.Name, s.Refused)
	case s != nil && len(s.Tools) > 0:
		f.Message = s.Ident + " is a server, not a function"
		f.Hint = fmt.Sprintf("call one of its tools, as in %s({…})", spellTool(spellServer(s), &s.Tools[0]))
	case x.wordAt(f) == "tools":
		f.Message = "tools is not a function"
		f.Hint = `find a tool with await tools.search("…"), and call it as server.tool({…})`
	default:
		f.Message = "a server is not a function"
		f.Hint = "call one of its tools, as in server.tool({…})"
	}
}

// nearestMember suggests a method of the language for a name that is none, or
// says what has one of this name.
func (x *execution) nearestMember(name string) string {
	var names, owners []string
	global := x.realm.rt.GlobalObject()
	_ = x.realm.rt.Try(func() {
		for _, class := range []string{"Array", "String", "Object", "Map", "Set", "Promise", "Date", "Number", "RegExp"} {
			c, ok := global.Get(class).(*goja.Object)
			if !ok {
				continue
			}
			if p, ok := c.Get("prototype").(*goja.Object); ok {
				own := p.GetOwnPropertyNames()
				names = append(names, own...)
				if slices.Contains(own, name) {
					owners = append(owners, class)
				}
			}
		}
	})
	if len(owners) > 0 {
		return fmt.Sprintf("%s is a method of %s, and this is none", name, strings.Join(owners, " and "))
	}
	slices.Sort(names)
	return didYouMean(closest(name, slices.Compact(names)))
}

func didYouMean(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "did you mean " + strings.Join(names, " or ") + "?"
}

// closest is spelling.Resembling without names that merely contain name, or are contained
// in it: a method is more often something that an object really lacks.
func closest(name string, names []string) []string {
	near := spelling.Resembling(name, names)
	return slices.DeleteFunc(near, func(n string) bool {
		longer, shorter := len(n), len(name)
		return max(longer, shorter)-min(longer, shorter) > 2
	})
}

// missing says what to use instead of a global that does not exist.
func (x *execution) missing(message string) string {
	m := notDefined.FindStringSubmatch(message)
	if m == nil {
		return ""
	}
	switch name := m[1]; name {
	case "require":
		return importHint
	case "module", "exports":
		return "a script is not a module: return the result"
	case "fetch", "XMLHttpRequest", "WebSocket", "Request", "Response", "Headers", "axios", "http", "https", "net":
		return "there is no network here: call a tool, or find one with await tools.search(\"…\")"
	case "fs", "path", "Deno", "Bun", "child_process", "os":
		return "there are no files or processes here: call a tool, or find one with await tools.search(\"…\")"
	case "process", "__dirname", "__filename":
		return "there is no environment here: what the script needs comes in the global data"
	case "Buffer", "Blob", "File", "FileReader":
		return "use TextEncoder, TextDecoder, atob, btoa or Uint8Array"
	case "window", "document", "localStorage", "sessionStorage", "navigator", "self", "global":
		return "a script does not run in a browser or in node: use globalThis, and tools for the rest"
	case "alert", "print", "printf", "puts":
		return "use console.log, or return the value"
	case "setImmediate":
		return "use setTimeout or queueMicrotask"
	case "performance":
		return "use Date.now()"
	case "Temporal":
		return "use Date"
	case "crypto":
		return "there is no cryptography here; Math.random() will do for ids that nobody must guess"
	case "AbortController", "AbortSignal":
		return "a call cannot be aborted from a script; the run as a whole has a time limit"
	case "SharedArrayBuffer", "Atomics", "Worker", "WebAssembly", "FinalizationRegistry":
		return name + " is not available in a script, which runs alone in one thread"
	default:
		return x.nearestGlobal(name)
	}
}

// maxDeclared bounds how many of the script's own names are compared.
const maxDeclared = 1000

var declared = regexp.MustCompile(`\b(?:const|let|var|function\*?|class|enum)\s+([A-Za-z_$][\w$]*)|\b(?:const|let|var)\s*[\[{]([^\]}=]{1,500})[\]}]\s*=`)

// nearestGlobal suggests a server, another global or one of the script's own
// names for a name that is none.
func (x *execution) nearestGlobal(name string) string {
	var names []string
	for _, m := range declared.FindAllStringSubmatch(string(x.text), maxDeclared) {
		names = append(names, m[1])
		names = append(names, strings.FieldsFunc(m[2], func(r rune) bool { return strings.ContainsRune(" \t\r\n,:.", r) })...)
	}
	for _, s := range x.servers() {
		if s.Name == name || strings.HasPrefix(s.Name, name+"-") {
			return strings.TrimSuffix(fmt.Sprintf("the server is %s; %s", spellServer(&s), s.Refused), "; ")
		}
		if s.Ident != "" {
			names = append(names, s.Ident)
		}
	}
	own := spelling.Resembling(name, names)
	_ = x.realm.rt.Try(func() { names = x.realm.rt.GlobalObject().GetOwnPropertyNames() })
	slices.Sort(names)
	for _, n := range closest(name, names) {
		if !slices.Contains(own, n) {
			own = append(own, n)
		}
	}
	own = slices.DeleteFunc(own, func(n string) bool { return n == name || n == "" })
	return didYouMean(own[:min(len(own), 3)])
}
