package config

// Client is one user of the gateway, known by its token.
type Client struct {
	Token Secret        `json:"token" jsonschema:"Bearer token of the client, as ${env:NAME} or ${file:PATH}; never the token itself."`
	Allow []ToolPattern `json:"allow,omitempty" jsonschema:"The only tools the client may see and call, as server.tool; * and ? are wildcards within either part. Default: all."`
	Roles []string      `json:"roles,omitempty" jsonschema:"Roles of the client, which rules of the policy can ask for."`
	Deny  []ToolPattern `json:"deny,omitempty" jsonschema:"Tools the client may neither see nor call. They win over allow."`
}

// Allows reports whether the client may see and call a tool, both names as
// they are spelled in the configuration and by the server.
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
