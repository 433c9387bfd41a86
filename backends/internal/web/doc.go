// Package web is what the connections over HTTP have in common: who gets which
// headers, where a redirect may lead, and event streams within bounds.
//
//	streamable, sse, websocket → Server (headers, redirects) → http.Transport → server
//	streamable, sse            ← Events (one event at a time, none too large) ← response body
package web
