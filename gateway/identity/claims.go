package identity

import (
	"cmp"
	"strings"
)

// Bounds of what is taken from a token.
const (
	maxName  = 200
	maxRoles = 256
)

// claim returns the claim of that name: the member that is called so, or the
// one that the dots lead to.
func claim(claims map[string]any, name string) any {
	if v, ok := claims[name]; ok {
		return v
	}
	first, rest, more := strings.Cut(name, ".")
	inner, ok := claims[first].(map[string]any)
	if !more || !ok {
		return nil
	}
	return claim(inner, rest)
}

// words are the texts in a list, or those between the spaces of a text.
func words(v any) []string {
	switch v := v.(type) {
	case string:
		return strings.Fields(v)
	case []any:
		var list []string
		for _, item := range v {
			if s, ok := item.(string); ok && s != "" {
				list = append(list, s)
			}
		}
		return list
	}
	return nil
}

// scopesOf are the scopes of a token: RFC 9068 calls them scope; some issuers
// scp.
func scopesOf(claims map[string]any) []string {
	return append(words(claims["scope"]), words(claims["scp"])...)
}

// identify says who the claims of an issuer's token are about.
func (a *Authenticator) identify(i *issuer, claims map[string]any) (Identity, error) {
	name, _ := claim(claims, cmp.Or(i.cfg.Claims.Client, "sub")).(string)
	if name == "" || len(name) > maxName || isControl(name) {
		return Identity{}, refuse(Invalid, "the token does not say who it is for")
	}
	who := Identity{Client: i.name + "/" + name}
	if client, ok := a.subjects[who.Client]; ok {
		who.Client = client
	}
	if i.cfg.Claims.Roles != "" {
		values := words(claim(claims, i.cfg.Claims.Roles))
		if len(values) > maxRoles {
			return Identity{}, refuse(Invalid, "the token has more than %d roles", maxRoles)
		}
		for _, v := range values {
			if len(i.cfg.Roles) > 0 {
				v = i.cfg.Roles[v]
			} else if _, ok := a.roles[v]; !ok {
				v = ""
			}
			if v != "" {
				who.Roles = append(who.Roles, v)
			}
		}
		who.Roles = sorted(who.Roles)
	}
	if who.Foreign() && len(who.Roles) == 0 {
		return Identity{}, refuse(Insufficient, "the token is right, and nobody with it is let in here: no client and no role of the configuration is for it")
	}
	return who, nil
}
