package schema

import (
	"encoding/json"
	"strconv"
)

// base returns the type that const, enum, type and the keywords of each type
// give; nil if there are none of them.
func (p *parser) base(v *value) *Type {
	if c := v.get("const"); c != nil {
		return &Type{Kind: Literal, Values: []json.RawMessage{c.raw}}
	}
	if e := v.get("enum"); e != nil && e.kind == arrayValue && len(e.items) > 0 {
		t := &Type{Kind: Literal, Values: make([]json.RawMessage, len(e.items))}
		for i, item := range e.items {
			t.Values[i] = item.raw
		}
		return t
	}
	names := v.get("type")
	switch {
	case names == nil:
		return p.inferred(v)
	case names.kind == stringValue:
		return p.named(names.str, v)
	case names.kind == arrayValue:
		var types []*Type
		// A repeated name would make the same subtree a part of the type
		// twice, and at every level: 2^depth.
		seen := map[string]bool{}
		for _, n := range names.items {
			if n.kind == stringValue && !seen[n.str] {
				seen[n.str] = true
				types = append(types, p.named(n.str, v))
			}
		}
		return union(types)
	}
	return p.unknown("type is %s, which means nothing", clip(string(names.raw)))
}

// named returns the type with a name that the keyword type can have.
func (p *parser) named(name string, v *value) *Type {
	switch name {
	case "null":
		return &Type{Kind: Null}
	case "boolean":
		return &Type{Kind: Boolean}
	case "integer":
		return &Type{Kind: Integer, Bounds: bounds(v, numberBounds)}
	case "number":
		return &Type{Kind: Number, Bounds: bounds(v, numberBounds)}
	case "string":
		return &Type{Kind: String, Bounds: bounds(v, stringBounds)}
	case "array":
		return p.array(v)
	case "object":
		return p.object(v)
	case "any":
		return &Type{}
	}
	return p.unknown("%s is not a type of JSON Schema", clip(name))
}

// inferred returns the type that a schema without one talks about; nil if
// there is nothing to tell it by.
func (p *parser) inferred(v *value) *Type {
	has := func(keys ...string) bool {
		for _, k := range keys {
			if v.get(k) != nil {
				return true
			}
		}
		return false
	}
	var t *Type
	switch {
	case has("properties", "additionalProperties", "patternProperties", "propertyNames", "minProperties", "maxProperties"):
		t = p.object(v)
	case v.get("required") != nil && v.get("required").kind == arrayValue:
		t = p.object(v)
	case has("items", "prefixItems", "minItems", "maxItems"):
		t = p.array(v)
	case has("pattern", "minLength", "maxLength"):
		t = &Type{Kind: String, Bounds: bounds(v, stringBounds)}
	case has("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"):
		t = &Type{Kind: Number, Bounds: bounds(v, numberBounds)}
	default:
		return nil
	}
	t.Loose = true
	return t
}

func (p *parser) array(v *value) *Type {
	t := &Type{Kind: Array, Bounds: bounds(v, arrayBounds)}
	items, rest := v.get("items"), v.get("additionalItems")
	prefix := v.get("prefixItems")
	switch {
	case prefix != nil && prefix.kind == arrayValue:
		rest = items
	case items != nil && items.kind == arrayValue: // before 2020-12
		prefix = items
	default:
		if items != nil {
			t.Items = p.schema(items)
		}
		return t
	}
	if rest != nil {
		t.Items = p.schema(rest)
	}
	if len(prefix.items) > 0 {
		t.Kind, t.Prefix = Tuple, p.schemas(prefix)
	}
	return t
}

func (p *parser) object(v *value) *Type {
	t := &Type{Kind: Object, Bounds: bounds(v, objectBounds)}
	at := map[string]int{}
	if props := v.get("properties"); props != nil && props.kind == objectValue {
		for i, name := range props.keys {
			at[name] = i
			// Draft 3 had a boolean "required" inside the property; it is
			// still written.
			t.Props = append(t.Props, Property{Name: name, Type: p.schema(props.items[i]), Required: props.items[i].isTrue("required")})
		}
	}
	if req := v.get("required"); req != nil && req.kind == arrayValue {
		for _, name := range req.items {
			if name.kind != stringValue {
				continue
			}
			i, ok := at[name.str]
			if !ok {
				i = len(t.Props)
				at[name.str] = i
				t.Props = append(t.Props, Property{Name: name.str, Type: &Type{}})
			}
			t.Props[i].Required = true
		}
	}
	if pats := v.get("patternProperties"); pats != nil && pats.kind == objectValue {
		for i, expr := range pats.keys {
			t.Patterns = append(t.Patterns, Pattern{Expr: expr, Type: p.schema(pats.items[i])})
		}
	}
	if extra := v.get("additionalProperties"); extra != nil {
		t.Extra = p.schema(extra)
	} else if extra := v.get("unevaluatedProperties"); extra != nil && extra.kind == boolValue && v.get("allOf") == nil {
		t.Extra = p.schema(extra)
	}
	if names := v.get("propertyNames"); names != nil {
		t.Names = p.schema(names)
	}
	return t
}

// boundsOf says which bounds apply to a type.
type boundsOf uint8

const (
	numberBounds boundsOf = iota
	stringBounds
	arrayBounds
	objectBounds
)

// bounds returns the bounds that v sets; nil if it sets none.
func bounds(v *value, of boundsOf) *Bounds {
	b := Bounds{MinLength: -1, MaxLength: -1, MinItems: -1, MaxItems: -1, MinProperties: -1, MaxProperties: -1}
	none := b
	switch of {
	case numberBounds:
		b.Min, b.Max, b.MultipleOf = number(v, "minimum"), number(v, "maximum"), number(v, "multipleOf")
		b.ExclusiveMin, b.ExclusiveMax = number(v, "exclusiveMinimum"), number(v, "exclusiveMaximum")
		if v.isTrue("exclusiveMinimum") { // draft 4
			b.Min, b.ExclusiveMin = "", b.Min
		}
		if v.isTrue("exclusiveMaximum") {
			b.Max, b.ExclusiveMax = "", b.Max
		}
	case stringBounds:
		b.MinLength, b.MaxLength, b.Pattern = count(v, "minLength"), count(v, "maxLength"), v.text("pattern")
	case arrayBounds:
		b.MinItems, b.MaxItems = count(v, "minItems"), count(v, "maxItems")
	case objectBounds:
		b.MinProperties, b.MaxProperties = count(v, "minProperties"), count(v, "maxProperties")
	}
	if b == none {
		return nil
	}
	return &b
}

// number returns a number as it is spelled; empty if there is none. So are the
// ends of the range in which a double is exact: generators write them beside
// every integer, and nobody means them.
func number(v *value, key string) json.Number {
	n := v.get(key)
	if n == nil || n.kind != numberValue {
		return ""
	}
	if s := string(n.raw); s == "9007199254740991" || s == "-9007199254740991" {
		return ""
	}
	return json.Number(n.raw)
}

// count returns a size; -1 if there is none that a value could reach.
func count(v *value, key string) int {
	f, err := strconv.ParseFloat(string(number(v, key)), 64)
	if err != nil || f < 0 || f > 1<<31-1 {
		return -1
	}
	return int(f)
}
