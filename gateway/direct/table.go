package direct

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bindery-mcp/bindery"
)

// Item is a tool, and what a view says of it instead of its server.
type Item struct {
	bindery.Tool
	// Origin is what its server calls it.
	Origin bindery.ToolID
	// Changed tells that the name, title, description or hints of Tool are not
	// those of Raw.
	Changed bool
}

// Table is the tools that somebody may use under their wire names. It is
// immutable. Those of one view share all but which tools they have.
type Table struct {
	all    *register
	has    set
	pages  []page
	digest [sha256.Size]byte
}

// register is all tools of a view, whoever may use them.
type register struct {
	entries  []entry
	byName   map[string][]int // of entries, in their order
	reserved map[string]string
}

type entry struct {
	tool        bindery.Tool
	origin      bindery.ToolID
	name        string
	rivals      bool            // whether others would have the name, too
	declaration json.RawMessage // nil of a tool that nothing can be said of
	sum         [8]byte         // of the declaration
}

// page is the entries from first to before end that are in the table.
type page struct{ first, end, tools int }

// set is some of the entries, a bit each.
type set []uint64

func newSet(n int) set       { return make(set, (n+63)/64) }
func (s set) add(i int)      { s[i/64] |= 1 << (i % 64) }
func (s set) remove(i int)   { s[i/64] &^= 1 << (i % 64) }
func (s set) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

// Bounds of one page of tools/list. Some clients take only the first page, so
// that it is as long as the protocol's own SDKs make it.
const (
	maxPageTools = 1000
	maxPageBytes = 4 << 20
)

// Compile gives every tool a name. Two that fold to one name both do without,
// so that it is never decided by who came first; reserved names are taken
// already, each by its owner. Two that the view itself gives one name do not
// exist: which of them it meant is not for anybody to guess.
func Compile(items []Item, prefix bool, reserved map[string]string) *Table {
	all := &register{entries: make([]entry, len(items)), byName: make(map[string][]int, len(items)), reserved: reserved}
	for i, item := range items {
		e := entry{tool: item.Tool, origin: item.Origin, name: Name(item.ID.Server, item.ID.Name, prefix)}
		e.declaration, _ = declaration(item, e.name)
		sum := sha256.Sum256(e.declaration)
		e.sum = [8]byte(sum[:])
		all.entries[i] = e
		all.byName[e.name] = append(all.byName[e.name], i)
	}
	for i := range all.entries {
		e := &all.entries[i]
		_, taken := reserved[e.name]
		e.rivals = taken || len(all.byName[e.name]) > 1
	}
	return all.table(func(bindery.ToolID) bool { return true })
}

// Only returns the table of somebody for whom no other tools exist than those
// that allows says so of, by what their servers call them. It is the same to
// the byte as one that was compiled from these alone.
func (t *Table) Only(allows func(origin bindery.ToolID) bool) *Table {
	return t.all.table(allows)
}

func (r *register) table(allows func(bindery.ToolID) bool) *Table {
	t := &Table{all: r, has: newSet(len(r.entries))}
	for i := range r.entries {
		if allows(r.entries[i].origin) {
			t.has.add(i)
		}
	}
	for _, alike := range r.byName {
		t.leaveOut(alike)
	}
	t.paginate()
	return t
}

// leaveOut takes those out, of entries with one name, that have one ID as well.
func (t *Table) leaveOut(alike []int) {
	if len(alike) < 2 {
		return
	}
	owners := make(map[bindery.ToolID]int)
	for _, i := range alike {
		if t.has.has(i) {
			owners[t.all.entries[i].tool.ID]++
		}
	}
	for _, i := range alike {
		if owners[t.all.entries[i].tool.ID] > 1 {
			t.has.remove(i)
		}
	}
}

// paginate says where pages begin and end, and what is in them.
func (t *Table) paginate() {
	var p page
	size, sum := 0, sha256.New()
	for i := range t.all.entries {
		if !t.named(i) {
			continue
		}
		sum.Write(t.all.entries[i].sum[:])
		d := len(t.all.entries[i].declaration)
		if p.tools > 0 && (p.tools >= maxPageTools || size+d > maxPageBytes) {
			p.end = i
			t.pages = append(t.pages, p)
			p, size = page{first: i}, 0
		}
		p.tools++
		size += d
	}
	if p.tools > 0 || len(t.pages) == 0 {
		p.end = len(t.all.entries)
		t.pages = append(t.pages, p)
	}
	t.pages = slices.Clip(t.pages)
	sum.Sum(t.digest[:0])
}

// Digest identifies what the pages say: equal digests, equal lists.
func (t *Table) Digest() [sha256.Size]byte { return t.digest }

// named reports whether the entry is in the table and can be called.
func (t *Table) named(i int) bool {
	e := &t.all.entries[i]
	return t.has.has(i) && e.declaration != nil && !(e.rivals && t.contested(e.name))
}

// contested reports whether a name would be that of several.
func (t *Table) contested(name string) bool { return len(t.owners(name)) > 1 }

// owners are all that would have a name.
func (t *Table) owners(name string) []string {
	var owners []string
	if o, ok := t.all.reserved[name]; ok {
		owners = append(owners, o)
	}
	for _, i := range t.all.byName[name] {
		if t.has.has(i) {
			owners = append(owners, t.all.entries[i].tool.ID.String())
		}
	}
	return owners
}

// Lookup returns the tool of a wire name. The error says why there is none, and
// is fit for the client.
func (t *Table) Lookup(name string) (bindery.Tool, error) {
	for _, i := range t.all.byName[name] {
		switch {
		case !t.has.has(i):
		case t.all.entries[i].rivals && t.contested(name):
			return bindery.Tool{}, &bindery.Error{
				Code: bindery.NotFound, Op: "call " + name, Unsent: true,
				Err:  fmt.Errorf("%s are all called this here, so that none is", strings.Join(t.owners(name), " and ")),
				Hint: "give one of them another name in the view's tools",
			}
		case t.named(i):
			return t.all.entries[i].tool, nil
		}
	}
	return bindery.Tool{}, &bindery.Error{Code: bindery.NotFound, Op: "call tool", Unsent: true, Err: fmt.Errorf("unknown tool %.80q", name)}
}

// Refused returns a line for each name that several tools would have had.
func (t *Table) Refused() []string {
	var lines []string
	for name, alike := range t.all.byName {
		// A reserved name that no tool would have is nobody's loss.
		if slices.ContainsFunc(alike, t.has.has) && t.contested(name) {
			lines = append(lines, fmt.Sprintf("%s: would be %s", name, strings.Join(t.owners(name), " and ")))
		}
	}
	slices.Sort(lines)
	return lines
}

// Page returns the declarations of one page, and the cursor of the next, ""
// after the last. A cursor is from an earlier page; the error is for any other.
func (t *Table) Page(cursor string) (tools []json.RawMessage, next string, err error) {
	i := 0
	if cursor != "" {
		i, err = strconv.Atoi(cursor)
		if err != nil || i < 1 || i >= len(t.pages) {
			return nil, "", fmt.Errorf("cursor %.40q is of no list of tools here", cursor)
		}
	}
	if i+1 < len(t.pages) {
		next = strconv.Itoa(i + 1)
	}
	p := t.pages[i]
	tools = make([]json.RawMessage, 0, p.tools)
	for j := p.first; j < p.end; j++ {
		if t.named(j) {
			tools = append(tools, t.all.entries[j].declaration)
		}
	}
	return tools, next, nil
}

// Len returns how many tools have a name.
func (t *Table) Len() int {
	n := 0
	for _, p := range t.pages {
		n += p.tools
	}
	return n
}
