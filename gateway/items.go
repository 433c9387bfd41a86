package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/direct"
	"github.com/bindery-mcp/bindery/gateway/front"
	"github.com/bindery-mcp/bindery/gateway/pin"
	"github.com/bindery-mcp/bindery/internal/jsonobject"
)

// offered is one entry of a list, and the server that has it.
type offered struct {
	backends.Item
	server string
}

// listOf is the member of the results that the list is in.
func listOf(kind backends.Kind) string {
	switch kind {
	case backends.Templates:
		return "resourceTemplates"
	case backends.Prompts:
		return "prompts"
	default:
		return "resources"
	}
}

func has(kind backends.Kind) func(backends.Capabilities) bool {
	return func(c backends.Capabilities) bool {
		if kind == backends.Prompts {
			return c.Prompts
		}
		return c.Resources
	}
}

// offers asks the servers of the view, all at once, for what they list of a
// kind. One that cannot say is left out: the others are worth having.
func (g *Gateway) offers(ctx context.Context, v *View, kind backends.Kind) []offered {
	o := g.opts()
	if o.Servers == nil {
		return nil
	}
	servers := v.offering(has(kind))
	lists := make([][]backends.Item, len(servers))
	var wg sync.WaitGroup
	for i, s := range servers {
		wg.Go(func() {
			items, err := o.Servers.List(ctx, s.Name, kind)
			if err != nil {
				o.Logger.Warn("a server's list is left out", "list", listOf(kind), "server", s.Name, "error", err)
			}
			lists[i] = items
		})
	}
	wg.Wait()
	var all []offered
	for i, items := range lists {
		for _, item := range items {
			all = append(all, offered{item, servers[i].Name})
		}
	}
	return all
}

// listItems answers resources/list, resources/templates/list and prompts/list.
// Resources keep their URIs, which other results point to; where two servers
// have the same, both get one that names the server, and so do templates.
// Prompts are named as tools are.
func (e *endpoint) listItems(ctx context.Context, c Client, kind backends.Kind) (json.RawMessage, error) {
	v := e.sure(c)
	all := e.g.offers(ctx, v, kind)
	owners := make(map[string]int)
	for _, item := range all {
		owners[e.itemName(item, kind)]++
	}
	var list []json.RawMessage
	for _, item := range all {
		name := e.itemName(item, kind)
		raw, _ := pin.Strip(item.Raw)
		switch {
		case kind == backends.Prompts && owners[name] > 1:
			// As with tools, neither is it; which of them came first says nothing.
			continue
		case kind == backends.Prompts && name != item.Name:
			raw = renamed(raw, "name", name)
		case kind == backends.Resources && owners[name] > 1:
			raw = renamed(raw, "uri", ownedURI(item.server, item.Name))
		case kind == backends.Templates && owners[name] > 1:
			raw = renamed(raw, "uriTemplate", ownedTemplate(item.server, item.Name))
		}
		if raw != nil {
			list = append(list, raw)
		}
	}
	return listResult(listOf(kind), "", list...), nil
}

func (e *endpoint) itemName(item offered, kind backends.Kind) string {
	if kind == backends.Prompts {
		return direct.Name(item.server, item.Name, e.shown().Prefixes())
	}
	return item.Name
}

// renamed returns the entry with another name, nil if it is no object.
func renamed(raw json.RawMessage, member, name string) json.RawMessage {
	o, err := jsonobject.Parse(raw)
	if err != nil {
		return nil
	}
	o.SetText(member, name)
	return o.Bytes()
}

// serverScheme begins the URI of a resource whose own does not tell whose it is.
const serverScheme = "bindery://servers/"

func ownedURI(server, uri string) string {
	return serverScheme + url.PathEscape(server) + "/" + url.PathEscape(uri)
}

// ownedTemplate is the same for a template. It stays as it is after a slash, with
// which nothing escaped begins: what is put into it is escaped once already.
func ownedTemplate(server, template string) string {
	return serverScheme + url.PathEscape(server) + "//" + template
}

// ownerOf returns the server that a URI made by ownedURI names, or an expansion
// of a template made by ownedTemplate, and the URI that the server knows.
func ownerOf(uri string) (server, own string, ok bool) {
	rest, ok := strings.CutPrefix(uri, serverScheme)
	if !ok {
		return "", "", false
	}
	a, b, ok := strings.Cut(rest, "/")
	server, err1 := url.PathUnescape(a)
	if own, verbatim := strings.CutPrefix(b, "/"); verbatim {
		return server, own, ok && err1 == nil
	}
	own, err2 := url.PathUnescape(b)
	return server, own, ok && err1 == nil && err2 == nil
}

// locate returns whose resource a URI is: the server that it names, the only one
// that lists it, the only one with a template for it, or the only one that has
// resources at all.
func (g *Gateway) locate(ctx context.Context, v *View, uri string) (server, own string, err error) {
	if s, own, ok := ownerOf(uri); ok {
		if v.open(s) {
			return s, own, nil
		}
		return "", "", noResource(uri)
	}
	servers := v.offering(has(backends.Resources))
	if len(servers) == 1 {
		return servers[0].Name, uri, nil
	}
	for _, match := range []func() []string{
		func() []string {
			return owners(g.offers(ctx, v, backends.Resources), func(i offered) bool { return i.Name == uri })
		},
		func() []string {
			return owners(g.offers(ctx, v, backends.Templates), func(i offered) bool { return matchesTemplate(i.Name, uri) })
		},
	} {
		switch found := match(); {
		case len(found) == 1:
			return found[0], uri, nil
		case len(found) > 1:
			return "", "", &bindery.Error{
				Code: bindery.Invalid, Op: "read " + clip(uri, 200), Err: fmt.Errorf("%s have a resource of this URI", strings.Join(found, " and ")),
				Hint: "read " + ownedURI(found[0], uri),
			}
		}
	}
	return "", "", noResource(uri)
}

func noResource(uri string) error {
	data, _ := json.Marshal(map[string]string{"uri": uri})
	return &front.Error{Code: front.CodeInvalidParams, Message: "resource not found: " + clip(uri, 200), Data: data}
}

func owners(all []offered, match func(offered) bool) []string {
	var found []string
	for _, i := range all {
		if match(i) && !slices.Contains(found, i.server) {
			found = append(found, i.server)
		}
	}
	return found
}

// matchesTemplate reports whether uri can be an expansion of the URI template
// (RFC 6570): its literal parts are there, in order. It says whom to ask, no
// more.
func matchesTemplate(template, uri string) bool {
	first := true
	for {
		literal, rest, more := strings.Cut(template, "{")
		if !more {
			return strings.HasSuffix(uri, literal) && (!first || uri == literal)
		}
		i := strings.Index(uri, literal)
		if i < 0 || first && i > 0 {
			return false
		}
		uri, first = uri[i+len(literal):], false
		if _, template, more = strings.Cut(rest, "}"); !more {
			return false
		}
	}
}

// findPrompt returns whose prompt a name is, and what its server calls it.
func (e *endpoint) findPrompt(ctx context.Context, v *View, name string) (server, own string, err error) {
	var found []offered
	for _, item := range e.g.offers(ctx, v, backends.Prompts) {
		if e.itemName(item, backends.Prompts) == name {
			found = append(found, item)
		}
	}
	switch len(found) {
	case 1:
		return found[0].server, found[0].Name, nil
	case 0:
		return "", "", &front.Error{Code: front.CodeInvalidParams, Message: fmt.Sprintf("unknown prompt: %.80s", name)}
	default:
		return "", "", &front.Error{Code: front.CodeInvalidParams, Message: fmt.Sprintf("%s and %s both have a prompt that is %.80s here, so that none is", found[0].server, found[1].server, name)}
	}
}

// locateTemplate is [Gateway.locate] for the template itself, or for a resource
// that is listed.
func (g *Gateway) locateTemplate(ctx context.Context, v *View, template string) (server, own string, err error) {
	found := owners(g.offers(ctx, v, backends.Templates), func(i offered) bool { return i.Name == template })
	if len(found) == 1 {
		return found[0], template, nil
	}
	return g.locate(ctx, v, template)
}
