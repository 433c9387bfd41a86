// Package issuertest runs a real OpenID Connect provider for tests: of the
// gateway that logs in to servers, and of clients that log in to the gateway.
//
//	New → zitadel/oidc's provider (login, tokens, rotation, revocation) → Requests it has had
//	Protect → provider's userinfo says whether a token is good → handler of an MCP server
//	page of a login → Browse → address that the browser is sent back to
package issuertest
