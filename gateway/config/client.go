package config

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Client is one user of the gateway, known by a token, by an identity that an
// issuer vouches for, or by a certificate.
type Client struct {
	Token        Secret        `json:"token,omitzero" jsonschema:"Bearer token of the client, as ${env:NAME} or ${file:PATH}; never the token itself. Others are made with: bindery token new NAME."`
	Subjects     []string      `json:"subjects,omitempty" jsonschema:"Who of an issuer is this client, as ISSUER/VALUE: the issuer's name in auth.issuers, and the value of its client claim."`
	Certificates []string      `json:"certificates,omitempty" jsonschema:"Names in certificates that are this client's: a DNS name, URI or address among the alternative names, or CN=NAME."`
	Allow        []ToolPattern `json:"allow,omitempty" jsonschema:"Tools the client may see and call, as server.tool; * and ? are wildcards within either part. Default: what its roles allow, or all if they allow none."`
	Roles        []string      `json:"roles,omitempty" jsonschema:"Roles of the client: keys of roles, and what rules of the policy can ask for."`
	Deny         []ToolPattern `json:"deny,omitempty" jsonschema:"Tools the client may neither see nor call. They win over every allow."`
	AllowedTools []ToolPattern `json:"allowed_tools,omitempty" jsonschema:"Another spelling of allow."`
	DeniedTools  []ToolPattern `json:"denied_tools,omitempty" jsonschema:"Another spelling of deny."`
}

// Role is what clients that have it may see and call. A role without allow
// grants nothing.
type Role struct {
	Allow        []ToolPattern `json:"allow,omitempty" jsonschema:"Tools that clients with the role may see and call, as server.tool; * and ? are wildcards within either part. Default: none."`
	Deny         []ToolPattern `json:"deny,omitempty" jsonschema:"Tools that clients with the role may neither see nor call. They win over every allow."`
	AllowedTools []ToolPattern `json:"allowed_tools,omitempty" jsonschema:"Another spelling of allow."`
	DeniedTools  []ToolPattern `json:"denied_tools,omitempty" jsonschema:"Another spelling of deny."`
}

// Allows reports whether the client may see and call a tool, both names as
// they are spelled in the configuration and by the server. Roles have no say
// here, see [Client.With].
func (c Client) Allows(server, tool string) bool {
	for _, p := range c.Deny {
		if p.Match(server, tool) {
			return false
		}
	}
	for _, p := range c.Allow {
		if p.Match(server, tool) {
			return true
		}
	}
	return c.Allow == nil
}

// Reaches reports whether there can be a tool of the server that the client
// may see and call.
func (c Client) Reaches(server string) bool {
	for _, p := range c.Deny {
		if p.all(server) {
			return false
		}
	}
	return c.Allow == nil || slices.ContainsFunc(c.Allow, func(p ToolPattern) bool { return p.reaches(server) })
}

// Grants reports whether the client may see and call every tool that the server
// could have.
func (c Client) Grants(server string) bool {
	return !slices.ContainsFunc(c.Deny, func(p ToolPattern) bool { return p.reaches(server) }) &&
		(c.Allow == nil || slices.ContainsFunc(c.Allow, func(p ToolPattern) bool { return p.all(server) }))
}

// With returns the client with what its roles, and those given, grant and take
// away. A client without allow of its own may use what the roles allow, or
// everything if they allow nothing; one that is nobody in the configuration is
// given an allow that is empty.
func (c Client) With(roles map[string]Role, also ...string) Client {
	c.Roles = slices.Clone(c.Roles)
	for _, name := range also {
		if !slices.Contains(c.Roles, name) {
			c.Roles = append(c.Roles, name)
		}
	}
	for _, name := range c.Roles {
		role := roles[name]
		if len(role.Allow) > 0 {
			c.Allow = slices.Concat(c.Allow, role.Allow)
		}
		c.Deny = slices.Concat(c.Deny, role.Deny)
	}
	return c
}

func (c *Client) check(r *report, n *node, path string) {
	at := n.pos
	if t := n.get("token"); t != nil {
		at = t.pos
	}
	const hint = "write ${env:NAME} or ${file:PATH}"
	switch parts := c.Token.parts; {
	case c.Token.IsZero() && n.get("token") == nil:
	case len(parts) != 1 || parts[0].kind == literal || parts[0].optional:
		r.add(at, join(path, "token"), "must be one reference, never the token itself", hint)
	}
	c.Allow = oneSpelling(r, n, path, "allow", "allowed_tools", c.Allow, &c.AllowedTools)
	c.Deny = oneSpelling(r, n, path, "deny", "denied_tools", c.Deny, &c.DeniedTools)
	for i, s := range c.Certificates {
		if s == "" || strings.TrimSpace(s) != s {
			r.add(itemPos(n, "certificates", i), join(path, "certificates"), quote(s)+" is no name in a certificate", "write a DNS name, a URI, an address or CN=NAME")
		}
	}
	if list := cmp.Or(n.get("allow"), n.get("allowed_tools")); list != nil && len(list.items) == 0 && (list.kind == listNode || list.kind == nullNode) {
		r.add(list.pos, join(path, "allow"), "is empty, which is not clear",
			`remove it to allow every tool, or write deny: ["*"] to allow none`)
	}
}

func (o *Role) check(r *report, n *node, path string) {
	o.Allow = oneSpelling(r, n, path, "allow", "allowed_tools", o.Allow, &o.AllowedTools)
	o.Deny = oneSpelling(r, n, path, "deny", "denied_tools", o.Deny, &o.DeniedTools)
}

// oneSpelling returns the patterns of a key that has another spelling, which is
// emptied.
func oneSpelling(r *report, n *node, path, key, also string, patterns []ToolPattern, others *[]ToolPattern) []ToolPattern {
	checkPatterns(r, n, path, key, patterns)
	checkPatterns(r, n, path, also, *others)
	if n.get(key) != nil && n.get(also) != nil {
		r.add(n.get(also).pos, join(path, also), "is another spelling of "+key+", which is there too", "keep one of them")
	}
	if *others == nil {
		return patterns
	}
	patterns, *others = *others, nil
	return patterns
}

// checkAccess holds who may come in against who may vouch for them.
func (c *Config) checkAccess(r *report, n *node) {
	if roles := n.get("roles"); roles != nil {
		for _, e := range roles.entries {
			checkName(r, e, "roles")
		}
	}
	owner := make(map[string]string)
	for _, name := range slices.Sorted(maps.Keys(c.Clients)) {
		client, path := c.Clients[name], join("clients", name)
		table := n.get("clients").get(name)
		claim := func(key string, i int, who string) {
			if other, taken := owner[key+" "+who]; taken {
				r.add(itemPos(table, key, i), join(path, key), quote(who)+" is client "+clip(other, 80)+" already", "a caller is one client")
			}
			owner[key+" "+who] = name
		}
		for i, s := range client.Subjects {
			issuer, value, _ := strings.Cut(s, "/")
			if _, ok := c.Auth.Issuers[issuer]; !ok || value == "" {
				r.add(itemPos(table, "subjects", i), join(path, "subjects"), quote(s)+" names nobody of an issuer",
					"write ISSUER/VALUE, with the name of an issuer in auth.issuers")
			}
			claim("subjects", i, s)
		}
		for i, s := range client.Certificates {
			if c.TLS.ClientCA == "" {
				r.add(itemPos(table, "certificates", i), join(path, "certificates"), "no client is asked for a certificate", "write tls.clientCA")
			}
			claim("certificates", i, s)
		}
	}
}

// Authenticates reports whether callers have to say who they are.
func (c *Config) Authenticates() bool {
	return len(c.Clients) > 0 || len(c.Auth.Issuers) > 0 || c.TLS.ClientCA != ""
}
