package backends

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends/internal/session"
)

// Bounds of one server's list, all pages together.
const (
	maxPages     = 100
	maxItems     = 20_000
	maxListBytes = 16 << 20
	// maxTool bounds the declaration of one tool; real ones stay far below.
	maxTool = 1 << 20
	// maxName is above the 128 characters that the protocol recommends.
	maxName         = 256
	maxInstructions = 64 << 10
)

// preparer is a connection that has to know of a tool before it is called. The
// error says why the tool cannot be.
type preparer interface {
	Prepare(bindery.Tool) error
}

// list takes all pages of tools/list and returns what conn offers.
func (s *server) list(ctx context.Context, conn connection) (offer, error) {
	info := conn.Info()
	o := offer{
		title: session.PlainText(info.Title, maxName), version: session.PlainText(info.Version, maxName),
		protocol: info.Protocol, instructions: cut(info.Instructions, maxInstructions), offers: Capabilities{
			Resources: info.HasResources, Subscribe: info.CanSubscribe, Prompts: info.HasPrompts,
			Completions: info.HasCompletions, Logging: info.HasLogging,
		},
	}
	var err error
	if o.raw, o.fresh, err = pages(ctx, conn, toolsList()); err != nil {
		if e, ok := session.ServerError(err); ok && e.Code == jsonrpc.CodeMethodNotFound && !info.HasTools {
			return o, nil
		}
		return o, &bindery.Error{Op: "list tools of " + s.spec.Name, Err: err}
	}
	var prepare func(bindery.Tool) error
	if p, ok := conn.(preparer); ok {
		prepare = p.Prepare
	}
	o.policy = s.policy()
	o.take(*o.policy, prepare)
	for _, r := range o.refused {
		s.log.Warn("a tool is left out", "reason", r)
	}
	return o, nil
}

func cut(text string, max int) string {
	if len(text) <= max {
		return text
	}
	for max > 0 && !utf8.RuneStart(text[max]) {
		max--
	}
	return text[:max]
}

// listing is one of the lists that servers have.
type listing struct {
	method string
	field  string // of the result
	what   string // for errors
	name   string // the field that names an item
}

func toolsList() listing { return listing{"tools/list", "tools", "tools", "name"} }

// pages takes all pages of a list, and returns how long it is fresh, 0 if the
// server does not say so.
func pages(ctx context.Context, conn connection, l listing) (items []json.RawMessage, fresh time.Duration, err error) {
	what := "list of " + l.what
	seen := map[string]bool{}
	size, cursor := 0, ""
	for n := range maxPages {
		var params json.RawMessage
		if cursor != "" {
			params = session.With(nil, "cursor", quote(cursor))
		}
		raw, err := conn.Request(ctx, l.method, params)
		if err != nil && ctx.Err() != nil {
			return nil, 0, context.Cause(ctx)
		}
		if err != nil {
			return nil, 0, err
		}
		if d := freshness(conn, raw); n == 0 || d < fresh {
			fresh = d
		}
		if size += len(raw); size > maxListBytes {
			return nil, 0, &session.LimitError{What: what, Limit: maxListBytes, Unit: "bytes"}
		}
		err = session.Elements(session.Member(raw, l.field), func(v []byte) {
			if len(items) <= maxItems {
				items = append(items, v)
			}
		})
		if err != nil {
			return nil, 0, fmt.Errorf("the server's list of %s is not a list", l.what)
		}
		if len(items) > maxItems {
			return nil, 0, &session.LimitError{What: what, Limit: maxItems, Unit: l.what}
		}
		if cursor = text(session.Member(raw, "nextCursor")); cursor == "" {
			return items, fresh, nil
		}
		if seen[cursor] {
			return nil, 0, fmt.Errorf("the server's %s does not end: cursor %q comes again", what, session.PlainText(cursor, 80))
		}
		seen[cursor] = true
	}
	return nil, 0, &session.LimitError{What: what, Limit: maxPages, Unit: "pages"}
}

// maxFresh bounds what a server can say of how long something is fresh.
const maxFresh = 365 * 24 * time.Hour

// freshness is how long a result is fresh after it has come (2026-07-28
// server/utilities/caching). Whom it may be shown to (cacheScope) is no
// question: lists are asked for with the gateway's own credentials, never with
// those of one caller.
func freshness(conn connection, result json.RawMessage) time.Duration {
	if !session.Modern(conn.Info().Protocol) {
		return 0
	}
	var ms float64
	if json.Unmarshal(session.Member(result, "ttlMs"), &ms) != nil || ms <= 0 {
		return 0
	}
	return time.Duration(min(ms, float64(maxFresh/time.Millisecond))) * time.Millisecond
}

func quote(s string) json.RawMessage {
	b, err := json.Marshal(s)
	if err != nil {
		return json.RawMessage(`""`)
	}
	return b
}

// take makes tools of o.raw: those that can be read, that spec offers and that
// prepare, if not nil, has nothing against.
func (o *offer) take(spec Spec, prepare func(bindery.Tool) error) {
	o.names = make(map[string]bool, len(o.raw))
	refuse := func(i int, name string, err error) {
		if len(o.refused) < 100 {
			o.refused = append(o.refused, fmt.Sprintf("tool %d (%s): %v", i+1, session.PlainText(name, 80), err))
		}
	}
	for i, raw := range o.raw {
		if len(raw) > maxTool {
			refuse(i, "", errors.New("its declaration is over the limit of 1 MiB"))
			continue
		}
		t, err := decodeTool(spec.Name, raw)
		switch {
		case err != nil:
			refuse(i, t.ID.Name, err)
			continue
		case !spec.offers(t.ID.Name):
			continue
		case o.names[t.ID.Name]:
			refuse(i, t.ID.Name, errors.New("another tool of this server has the same name"))
			continue
		}
		if prepare != nil {
			if err := prepare(t); err != nil {
				refuse(i, t.ID.Name, err)
				continue
			}
		}
		o.names[t.ID.Name] = true
		if taskOnly(raw) {
			if o.tasks == nil {
				o.tasks = make(map[string]bool)
			}
			o.tasks[t.ID.Name] = true
		}
		o.tools = append(o.tools, t)
	}
}

// decodeTool reads what can be read: a field of the wrong type is as good as
// none. Only a tool without a usable name is an error.
func decodeTool(server string, raw json.RawMessage) (bindery.Tool, error) {
	f := object(raw)
	t := bindery.Tool{
		ID:    bindery.ToolID{Server: server, Name: text(f["name"])},
		Title: text(f["title"]), Description: text(f["description"]),
		Input: schema(f["inputSchema"]), Output: schema(f["outputSchema"]), Raw: raw,
	}
	switch {
	case f == nil:
		return t, errors.New("it is not an object")
	case t.ID.Name == "":
		return t, errors.New("it has no name")
	case len(t.ID.Name) > maxName:
		return t, fmt.Errorf("its name is over the limit of %d bytes", maxName)
	case session.PlainText(t.ID.Name, maxName) != t.ID.Name:
		return t, errors.New("its name has invisible or control characters")
	}
	a := object(f["annotations"])
	if t.Title == "" {
		t.Title = text(a["title"])
	}
	t.Hints = bindery.Hints{
		ReadOnly: truth(a["readOnlyHint"]), Destructive: truth(a["destructiveHint"]),
		Idempotent: truth(a["idempotentHint"]), OpenWorld: truth(a["openWorldHint"]),
	}
	if t.Input == nil {
		t.Input = json.RawMessage("{}")
	}
	return t, nil
}

// object returns the members of a JSON object, their names as spelled, or nil.
func object(raw json.RawMessage) map[string]json.RawMessage {
	var m map[string]json.RawMessage
	if len(raw) == 0 || json.Unmarshal(raw, &m) != nil {
		return nil
	}
	return m
}

// text returns the value of a JSON string, or "".
func text(raw json.RawMessage) string { return session.String(raw) }

// truth returns the value of a JSON boolean, or nil.
func truth(raw json.RawMessage) *bool {
	var b *bool
	if len(raw) == 0 || json.Unmarshal(raw, &b) != nil {
		return nil
	}
	return b
}

// schema returns a schema, which is an object or a boolean, or nil.
func schema(raw json.RawMessage) json.RawMessage {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] != '{' && raw[0] != 't' && raw[0] != 'f' {
		return nil
	}
	return raw
}
