package schema

import "encoding/json"

// Kind says which of a [Type]'s fields mean something.
type Kind uint8

const (
	// Unknown is any value. Type.Reason says what could not be expressed; it
	// is empty where the schema itself allows anything.
	Unknown Kind = iota
	// Never is no value at all: the schema false.
	Never
	// Null is null alone.
	Null
	// Boolean is true and false.
	Boolean
	// Integer is a number without a fraction.
	Integer
	// Number is any number.
	Number
	// String is any string.
	String
	// Literal is one of Type.Values.
	Literal
	// Array has elements of Type.Items; nil is anything.
	Array
	// Tuple has elements of Type.Prefix and then of Type.Items.
	Tuple
	// Object has Type.Props, Type.Patterns, Type.Extra and Type.Names.
	Object
	// Union is any of Type.Of (anyOf and oneOf).
	Union
	// Intersection is all of Type.Of at once.
	Intersection
	// Ref is whatever Type.Def is. It is the only way for types to be
	// recursive.
	Ref
)

var kindNames = [...]string{
	"unknown", "never", "null", "boolean", "integer", "number", "string",
	"literal", "array", "array", "object", "union", "intersection", "ref",
}

// String returns the JSON Schema name of the kind where there is one.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}

// Type is what a schema says about one value. The types of a [Schema] form a
// tree, whose leaves of kind Ref lead to the roots of other such trees. They
// are shared and must not be changed.
type Type struct {
	Kind Kind
	// Reason is why an Unknown type says nothing.
	Reason string
	// Loose types were inferred from keywords such as properties, without a
	// type: they say nothing about values of other kinds.
	Loose bool

	Values   []json.RawMessage // Literal: the values as the schema spells them
	Of       []*Type           // Union, Intersection: two or more
	Prefix   []*Type           // Tuple
	Items    *Type             // Array, Tuple: nil is anything, of kind Never is nothing more
	Props    []Property        // Object: in the schema's order
	Patterns []Pattern         // Object: patternProperties
	Extra    *Type             // Object: any other property; nil if the schema does not say
	Names    *Type             // Object: propertyNames, or nil
	Def      *Def              // Ref

	// Bounds is nil for a type that has none.
	Bounds *Bounds
	Doc    Doc
}

// Property is one named property of an object.
type Property struct {
	Name     string
	Type     *Type
	Required bool
}

// Pattern is the type of the properties whose names match a regular
// expression.
type Pattern struct {
	Expr string
	Type *Type
}

// Def is a type that is referred to. Every reference to one place in a schema
// leads to the same Def.
type Def struct {
	// Name is the last part of the reference, such as "Issue" of
	// "#/$defs/Issue"; empty for the whole schema.
	Name string
	Type *Type
	// Recursive is set if the type contains itself, or may.
	Recursive bool
	// Key identifies the definition across schemas: Defs with equal keys are
	// equal, in all that they refer to as well.
	Key string

	source *value
}

// Doc is what a schema tells its reader. The texts are the server's own: not
// cleaned, and as long as the schema.
type Doc struct {
	Title       string
	Description string
	Format      string
	Default     json.RawMessage // nil if there is none
	Examples    []json.RawMessage
	Deprecated  bool
}

// Bounds limit the values of a type. Numbers keep their spelling; an empty
// one, and a negative count, is no bound.
type Bounds struct {
	Min, Max                   json.Number
	ExclusiveMin, ExclusiveMax json.Number
	MultipleOf                 json.Number

	MinLength, MaxLength         int // in characters
	MinItems, MaxItems           int
	MinProperties, MaxProperties int

	// Pattern is an ECMA-262 regular expression.
	Pattern string
}

// Schema is one parsed JSON Schema.
type Schema struct {
	Root *Type
	// Defs are the definitions that can be reached from Root, in the order
	// in which they are first referred to.
	Defs []*Def
	// Notes say which keywords the types do not express, and where.
	Notes []string
}

// Resolve follows references until it reaches another kind of type.
func (t *Type) Resolve() *Type {
	for range maxChain {
		if t.Kind != Ref {
			return t
		}
		t = t.Def.Type
	}
	return &Type{Reason: "its references are too long a chain"}
}

// maxChain bounds how many references are followed without looking into a
// value.
const maxChain = 64
