package link

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
)

// remove takes the gateway out of a config.toml: its table, and its namespace.
// A list or table that is empty then goes too, unless keep says that it was
// there before. The result is parsed again and compared with what was wanted.
func remove(data []byte, name string, keep func(path []string) bool) ([]byte, error) {
	want, err := decode(data)
	if err != nil {
		return nil, err
	}
	d, err := open(data)
	if err != nil {
		return nil, err
	}
	entry := []string{"mcp_servers", name}
	for {
		next, err := d.removeOne(entry)
		if err != nil {
			return nil, err
		}
		if next == nil {
			break
		}
		if d, err = open(next); err != nil {
			return nil, err
		}
	}
	namespace := "mcp__" + name
	after, err := d.removeItem(namespacesPath(), namespace, keep)
	if err != nil {
		return nil, err
	}
	got, err := decode(after)
	if err != nil {
		return nil, err
	}
	if servers, ok := want["mcp_servers"].(map[string]any); ok {
		delete(servers, name)
	}
	if list, ok := lookup(want, namespacesPath()); ok {
		rest := slices.DeleteFunc(slices.Clone(asList(list)), func(v any) bool { return v == namespace })
		put(want, namespacesPath(), rest)
	}
	if !reflect.DeepEqual(prune(got), prune(want)) {
		return nil, errors.New("the edited file would not say what was wanted")
	}
	return after, nil
}

func asList(v any) []any {
	list, _ := v.([]any)
	return list
}

// prune drops empty tables and lists, which say nothing here.
func prune(v any) any {
	switch x := v.(type) {
	case map[string]any:
		kept := map[string]any{}
		for k, v := range x {
			if p := prune(v); p != nil {
				kept[k] = p
			}
		}
		if len(kept) == 0 {
			return nil
		}
		return kept
	case []any:
		if len(x) == 0 {
			return nil
		}
	}
	return v
}

// removeOne takes out one table or key of the entry, and returns nil if there
// is none.
func (d *document) removeOne(entry []string) ([]byte, error) {
	for i, t := range d.tables {
		if i > 0 && (slices.Equal(t.path, entry) || hasPrefix(t.path, entry)) {
			return d.cutTable(i), nil
		}
	}
	for _, k := range d.keys {
		if !slices.Equal(k.path, entry) && !hasPrefix(k.path, entry) {
			continue
		}
		if k.inline {
			return nil, errors.New("the gateway stands in an inline table; remove it by hand")
		}
		return d.splice(lineStart(d.data, k.start), lineEnd(d.data, k.end), ""), nil
	}
	return nil, nil
}

// cutTable takes out a table's header and keys, and the empty line before it
// that came with it.
func (d *document) cutTable(t int) []byte {
	start, end := d.tables[t].start, d.bodyEnd(t)
	if start > 0 {
		if before := lineStart(d.data, start-1); len(bytes.TrimSpace(d.data[before:start])) == 0 {
			start = before
		}
	}
	return d.splice(start, end, "")
}

func (d *document) removeItem(path []string, text string, keep func([]string) bool) ([]byte, error) {
	k := d.find(path)
	if k == nil {
		return d.data, nil
	}
	i := slices.IndexFunc(k.items, func(i item) bool { return i.isString && i.text == text })
	switch {
	case i < 0:
		return d.data, nil
	case i > 0:
		return d.splice(k.items[i-1].end, k.items[i].end, ""), nil
	case len(k.items) > 1:
		return d.splice(k.items[0].start, k.items[1].start, ""), nil
	case k.inline || keep(path):
		return d.splice(k.items[0].start, k.items[0].end, ""), nil
	}
	parent := path[:len(path)-1]
	t := d.header(parent)
	next, err := open(d.splice(lineStart(d.data, k.start), lineEnd(d.data, k.end), ""))
	if err != nil {
		return nil, err
	}
	if t < 0 || keep(parent) || !next.bare(t) {
		return next.data, nil
	}
	return next.cutTable(t), nil
}

// bare reports whether a table has neither keys nor comments.
func (d *document) bare(t int) bool {
	end := len(d.data)
	if t+1 < len(d.tables) {
		end = d.tables[t+1].start
	}
	return len(bytes.TrimSpace(d.data[d.tables[t].end:end])) == 0
}
