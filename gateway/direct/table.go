package direct

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/internal/jsonobject"
)

// Item is a tool, and what a view says of it instead of its server.
type Item struct {
	bindery.Tool
	// Changed tells that the name, title, description or hints of Tool are not
	// those of Raw.
	Changed bool
}

// Table is the tools of a view under their wire names. It is immutable.
type Table struct {
	byName map[string]bindery.Tool
	taken  map[string][]string // owners of the names that nobody gets
	pages  []json.RawMessage
}

// Bounds of one page of tools/list. Some clients take only the first page, so
// that it is as long as the protocol's own SDKs make it.
const (
	maxPageTools = 1000
	maxPageBytes = 4 << 20
)

// Compile gives every tool a name. Two that fold to one name both do without,
// so that it is never decided by who came first; reserved names are taken
// already, each by its owner.
func Compile(items []Item, prefix bool, reserved map[string]string) *Table {
	t := &Table{byName: make(map[string]bindery.Tool), taken: make(map[string][]string)}
	owners := make(map[string][]string)
	for name, owner := range reserved {
		owners[name] = []string{owner}
	}
	for _, item := range items {
		name := Name(item.ID.Server, item.ID.Name, prefix)
		owners[name] = append(owners[name], item.ID.String())
	}
	var page []json.RawMessage
	size := 0
	flush := func() {
		t.pages = append(t.pages, join(page))
		page, size = nil, 0
	}
	for _, item := range items {
		name := Name(item.ID.Server, item.ID.Name, prefix)
		if len(owners[name]) > 1 {
			t.taken[name] = owners[name]
			continue
		}
		d, ok := declaration(item, name)
		if !ok {
			continue
		}
		t.byName[name] = item.Tool
		if len(page) > 0 && (len(page) >= maxPageTools || size+len(d) > maxPageBytes) {
			flush()
		}
		page = append(page, d)
		size += len(d)
	}
	if len(page) > 0 || len(t.pages) == 0 {
		flush()
	}
	return t
}

func join(list []json.RawMessage) json.RawMessage {
	size := 1
	for _, d := range list {
		size += len(d) + 1
	}
	b := make([]byte, 0, size)
	for i, d := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, d...)
	}
	return b
}

// declaration returns the tool as its server declared it, but for its name and
// what the view says of it.
func declaration(item Item, name string) (json.RawMessage, bool) {
	o, err := jsonobject.Parse(item.Raw)
	if err != nil {
		return nil, false
	}
	// Tasks of 2025-11-25 are not bridged, and a client must not be told that a
	// tool can be called only as one.
	o.Delete("execution")
	o.SetText("name", name)
	if o.Get("inputSchema") == nil {
		o.Set("inputSchema", json.RawMessage(`{"type":"object"}`))
	}
	if item.Changed {
		change(&o, item.Tool)
	}
	return o.Bytes(), true
}

func change(o *jsonobject.Object, t bindery.Tool) {
	if t.Title != "" {
		o.SetText("title", t.Title)
	}
	if t.Description != "" {
		o.SetText("description", t.Description)
	}
	a, err := jsonobject.Parse(o.Get("annotations"))
	if err != nil {
		a = jsonobject.Object{}
	}
	for _, h := range []struct {
		name  string
		value *bool
	}{
		{"readOnlyHint", t.Hints.ReadOnly}, {"destructiveHint", t.Hints.Destructive},
		{"idempotentHint", t.Hints.Idempotent}, {"openWorldHint", t.Hints.OpenWorld},
	} {
		if h.value != nil {
			a.Set(h.name, strconv.AppendBool(nil, *h.value))
		}
	}
	if a.Get("title") != nil && t.Title != "" {
		a.SetText("title", t.Title)
	}
	if len(a.Names()) > 0 {
		o.Set("annotations", a.Bytes())
	}
}

// Lookup returns the tool of a wire name. The error says why there is none, and
// is fit for the client.
func (t *Table) Lookup(name string) (bindery.Tool, error) {
	if tool, ok := t.byName[name]; ok {
		return tool, nil
	}
	if owners := t.taken[name]; owners != nil {
		return bindery.Tool{}, &bindery.Error{
			Code: bindery.NotFound, Op: "call " + name, Unsent: true,
			Err:  fmt.Errorf("%s are all called this here, so that none is", strings.Join(owners, " and ")),
			Hint: "give one of them another name in the view's tools",
		}
	}
	return bindery.Tool{}, &bindery.Error{Code: bindery.NotFound, Op: "call tool", Unsent: true, Err: fmt.Errorf("unknown tool %.80q", name)}
}

// Refused returns a line for each name that several tools would have had.
func (t *Table) Refused() []string {
	var lines []string
	for name, owners := range t.taken {
		lines = append(lines, fmt.Sprintf("%s: would be %s", name, strings.Join(owners, " and ")))
	}
	slices.Sort(lines)
	return lines
}

// Page returns the declarations of one page, without brackets, and the cursor
// of the next, "" after the last. A cursor is from an earlier page; the error
// is for any other.
func (t *Table) Page(cursor string) (tools json.RawMessage, next string, err error) {
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
	return t.pages[i], next, nil
}

// Len returns how many tools have a name.
func (t *Table) Len() int { return len(t.byName) }
