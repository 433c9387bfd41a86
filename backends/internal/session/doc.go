// Package session is one MCP session as a client, whatever carries it: the SDK
// shakes hands, correlates and cancels, and results come back as the bytes the
// server sent.
//
//	backends → Session.Request → SDK (one method of ours) → transport → Inbox.Encode (the real request) → server
//	backends, Peer, Options.Notice ← Inbox.Take ← transport ← server; the SDK only learns that there was an answer
//
// The SDK decodes schemas and results into Go values, which loses property order
// and large integers, costs more than everything else together, and queues what
// nobody asked for without a bound. So a request goes through it empty: what it
// really says is in the [Exchange] in its context, and what a server says is
// taken apart in an [Inbox] before the SDK sees any of it.
package session
