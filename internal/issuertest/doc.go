// Package issuertest runs a real OpenID Connect provider for tests, and an MCP
// server that takes its tokens.
//
//	New → zitadel/oidc's provider (login, tokens, rotation, revocation) → Requests it has had
//	Protect → provider's userinfo says whether a token is good → handler of an MCP server
package issuertest
