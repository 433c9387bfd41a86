package form

// Language is one that scripts, and so declarations, are written in.
type Language uint8

// The languages.
const (
	TypeScript Language = iota // and JavaScript
	Python
	languages
)

// Name is how a language spells the name of a server or a tool.
type Name struct {
	// Ident is the identifier; empty if Refused says why there is none.
	Ident   string
	Refused string
}
