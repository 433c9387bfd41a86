package direct

import (
	"encoding/json"
	"strconv"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/internal/jsonobject"
)

// declaration returns the tool as its server declared it, but for its name and
// what the view says of it.
func declaration(item Item, name string) (json.RawMessage, bool) {
	o, err := jsonobject.Parse(item.Raw)
	if err != nil {
		return nil, false
	}
	// A client need not know that a tool can be called only as a task of
	// 2025-11-25: the gateway sees that to its end.
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
