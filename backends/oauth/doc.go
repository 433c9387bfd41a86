// Package oauth gets, keeps and renews the tokens that servers behind the
// gateway want of it: OAuth 2.1 as MCP has it (2026-07-28 basic/authorization).
//
//	Login:  server's challenge → metadata (RFC 9728, 8414) → client → browser → code → TokenStore
//	Source: TokenStore → Authorization of each request; refused or expired → one renewal for all → TokenStore
//
// A serving gateway never opens a browser: a [Source] without a usable token
// fails with a [LoginError], and takes the token that a login in another process
// has put into the store.
package oauth
