package identity

import (
	"slices"
	"strings"
)

// Identity is one caller.
type Identity struct {
	// Client is the name of a client of the configuration or, for somebody of an
	// issuer who is none of them, ISSUER/VALUE, as in "corp/ann@example.com".
	Client string
	// Roles are those that the token gives, besides the client's own: sorted,
	// each once.
	Roles []string
}

// separator is in no name: names of clients and roles have none in them, and
// values of claims with control characters are refused.
const separator = "\x00"

// String returns a text that another identity does not have. [Parse] reads it.
func (i Identity) String() string {
	if len(i.Roles) == 0 {
		return i.Client
	}
	return i.Client + separator + strings.Join(i.Roles, separator)
}

// Parse returns the identity whose String is s.
func Parse(s string) Identity {
	client, roles, found := strings.Cut(s, separator)
	if !found {
		return Identity{Client: client}
	}
	return Identity{Client: client, Roles: strings.Split(roles, separator)}
}

// Foreign reports whether the identity is no client of the configuration: then
// it may do what its roles allow, and nothing else.
func (i Identity) Foreign() bool { return strings.Contains(i.Client, "/") }

func sorted(roles []string) []string {
	roles = slices.Clone(roles)
	slices.Sort(roles)
	return slices.Compact(roles)
}
