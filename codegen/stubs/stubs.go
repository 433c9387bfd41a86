package stubs

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen"
	"github.com/bindery-mcp/bindery/codegen/lock"
	"github.com/bindery-mcp/bindery/codegen/shape"
	"github.com/bindery-mcp/bindery/stdlib"
)

// Names of the files that a later run reads.
const (
	LockFile     = "bindery.lock.json"
	ObservedFile = "observed.json"
)

// File is one generated file, named within its folder.
type File struct {
	Name string
	Text string
}

// Options say what to make. The zero value stands for TypeScript lines of all
// servers, with nothing known of earlier runs.
type Options struct {
	// Languages default to TypeScript.
	Languages []codegen.Language
	// Detail is [codegen.Full], or anything else for a sentence a tool.
	Detail codegen.Detail
	// Servers are the only ones to make files of; none stands for all. Of
	// others the folder keeps what it has.
	Servers []string
	// Unknown are servers whose tools are not known now, which is not the same
	// as gone: the folder keeps what it has of them.
	Unknown []string
	// Before is the folder's lock.
	Before *lock.Lock
	// Observed is what the folder knows of results, and Learned, if not nil,
	// what was seen since.
	Observed *Observed
	Learned  func(bindery.ToolID) *shape.Shape
}

// Folder is what there is to be written, and to be removed.
type Folder struct {
	Files []File
	// Gone are the names of files that earlier runs made of servers that are
	// there no more.
	Gone []string
	// Lock is what LockFile holds.
	Lock *lock.Lock
}

// Make makes the folder of tools, which must be those of all servers: a name
// means the same here as in a script. Equal arguments give equal bytes. The
// error, an *[bindery.Error] of code Limit, is that there are too many tools
// for a lock.
func Make(tools []bindery.Tool, o Options) (*Folder, error) {
	if len(o.Languages) == 0 {
		o.Languages = []codegen.Language{codegen.TypeScript}
	}
	if o.Before == nil {
		o.Before = new(lock.Lock)
	}
	m := maker{Options: o, now: lock.Of(tools)}
	if o.Learned != nil {
		m.Observed = o.Observed.with(m.now, tools, o.Learned)
	}
	m.module = codegen.Compile(tools).Observing(m.Observed.of(m.now))
	m.lock = m.merged()
	f := &Folder{Lock: m.lock, Gone: m.gone()}
	for _, l := range o.Languages {
		f.Files = append(f.Files, m.stubs(l)...)
	}
	f.Files = append(f.Files, File{"README.md", m.readme()})
	encoded, err := m.lock.Encode()
	if err != nil {
		return nil, fmt.Errorf("make stubs: %w", err)
	}
	f.Files = append(f.Files, File{LockFile, string(encoded)})
	if seen := m.Observed.encode(m.lock); seen != "" {
		f.Files = append(f.Files, File{ObservedFile, seen})
	}
	return f, nil
}

type maker struct {
	Options
	now    *lock.Lock // of all tools there are
	lock   *lock.Lock // of the folder
	module *codegen.Module
}

func (m *maker) wants(server string) bool {
	return len(m.Servers) == 0 || slices.Contains(m.Servers, server)
}

// merged returns the folder's lock: of the servers asked for as they are, of
// others as they were.
func (m *maker) merged() *lock.Lock {
	l := &lock.Lock{Servers: map[string]lock.Tools{}}
	for name, tools := range m.Before.Servers {
		if !m.wants(name) || slices.Contains(m.Unknown, name) {
			l.Servers[name] = tools
		}
	}
	for name, tools := range m.now.Servers {
		if m.wants(name) {
			l.Servers[name] = tools
		}
	}
	return l
}

// gone names the files of servers that the folder had and has no more.
func (m *maker) gone() []string {
	var names []string
	for _, server := range slices.Sorted(maps.Keys(m.Before.Servers)) {
		if _, stays := m.lock.Servers[server]; stays {
			continue
		}
		for _, l := range m.Languages {
			names = append(names, fileOf(server, codegen.ServerIdent(server, l), l))
		}
	}
	return names
}

// stubs returns the files of one language.
func (m *maker) stubs(l codegen.Language) []File {
	var servers, index []string // with a file in this run; with one in the folder
	for _, s := range m.module.Servers() {
		if _, ok := m.lock.Servers[s.Name]; ok {
			index = append(index, s.Name)
		}
		if m.wants(s.Name) {
			servers = append(servers, s.Name)
		}
	}
	files := []File{{shared(l), prelude(l)}}
	ident := map[string]string{}
	for _, s := range m.module.Servers() {
		ident[s.Name] = s.In(l).Ident
	}
	for _, name := range servers {
		if file := fileOf(name, ident[name], l); file != "" {
			files = append(files, File{file, m.module.File(name, l, m.Detail)})
		}
	}
	return append(files, editor(l, m.index(l, index, ident))...)
}

// index returns the file that brings the servers' files together.
func (m *maker) index(l codegen.Language, servers []string, ident map[string]string) string {
	text := m.module.Index(l, servers)
	if l == codegen.Python {
		return text + pythonHelpers
	}
	var b strings.Builder
	fmt.Fprintf(&b, "/// <reference path=%q />\n", shared(l))
	for _, name := range servers {
		fmt.Fprintf(&b, "/// <reference path=%q />\n", fileOf(name, ident[name], l))
	}
	return b.String() + "\n" + text
}

// shared is the file of what all servers' stubs refer to, and what a script
// finds besides the tools.
func shared(l codegen.Language) string {
	if l == codegen.Python {
		return "bindery.pyi"
	}
	return "bindery.d.ts"
}

func prelude(l codegen.Language) string {
	if l == codegen.Python {
		return codegen.Prelude(l) + "\n" + stdlib.Python().Types
	}
	return codegen.Prelude(l) + "\n" + stdlib.JavaScript().Types
}

// pythonHelpers brings what stands in the types of the library into scripts.
const pythonHelpers = `from bindery import results as results, store as store, table as table, progress as progress
from bindery import sleep as sleep, parallel as parallel, paginate as paginate, retry as retry
`

// fileOf names a server's file: in TypeScript after the server, in Python,
// where the file is the module that scripts import, after its identifier.
// Names that the folder has for itself are left to it, also where case does
// not count in file names.
func fileOf(server, ident string, l codegen.Language) string {
	if l == codegen.Python {
		if ident == "" {
			return "" // nothing can import it
		}
		return ident + ".pyi"
	}
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
			return '_'
		}
		return r
	}, server) + ".d.ts"
	if strings.EqualFold(name, shared(l)) || strings.EqualFold(name, indexFile) || strings.HasPrefix(name, ".") {
		return "server-" + name
	}
	return name
}
