// Package bindery holds the words that every part of the gateway shares: a
// [Tool] as a server advertises it, a [Call] of one, its [Result], the [Caller]
// that carries calls out, and the [Error] that crosses package seams.
//
// It has no logic and imports the standard library only, so that every other
// package can import it and none needs another merely for its vocabulary.
//
//	client → gateway → sandbox → Caller (policy, limits, order, …) → backends → MCP servers
package bindery
