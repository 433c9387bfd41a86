package js

import (
	_ "embed"
	"fmt"

	"github.com/dop251/goja"
	"github.com/nlnwa/whatwg-url/url"
)

//go:embed web.js
var webCode string

// maxURL bounds the length of one URL, in bytes.
const maxURL = 64 << 10

// webFunctions are what the code of URL calls.
func webFunctions(rt *goja.Runtime) *goja.Object {
	host := rt.NewObject()
	must(goja.Undefined(), host.Set("parseURL", func(c goja.FunctionCall) goja.Value { return parseURL(rt, c) }))
	must(goja.Undefined(), host.Set("changeURL", func(c goja.FunctionCall) goja.Value { return changeURL(rt, c) }))
	return host
}

// parseURL takes a URL apart, by the URL standard; null for one that is none.
func parseURL(rt *goja.Runtime, c goja.FunctionCall) goja.Value {
	text := boundURL(rt, c.Argument(0))
	var u *url.Url
	var err error
	if base := c.Argument(1); goja.IsUndefined(base) {
		u, err = url.Parse(text)
	} else {
		u, err = url.ParseRef(boundURL(rt, base), text)
	}
	if err != nil {
		return goja.Null()
	}
	return urlParts(rt, u)
}

// changeURL sets one part of a URL. A value that does not fit changes nothing.
func changeURL(rt *goja.Runtime, c goja.FunctionCall) goja.Value {
	u, err := url.Parse(c.Argument(0).String())
	if err != nil {
		panic(rt.NewTypeError("Invalid URL"))
	}
	value := boundURL(rt, c.Argument(2))
	switch c.Argument(1).String() {
	case "protocol":
		u.SetProtocol(value)
	case "username":
		u.SetUsername(value)
	case "password":
		u.SetPassword(value)
	case "host":
		u.SetHost(value)
	case "hostname":
		u.SetHostname(value)
	case "port":
		u.SetPort(value)
	case "pathname":
		u.SetPathname(value)
	case "search", "params":
		u.SetSearch(value)
	case "hash":
		u.SetHash(value)
	}
	return urlParts(rt, u)
}

func boundURL(rt *goja.Runtime, v goja.Value) string {
	if stringLength(v) > maxURL {
		panic(newError(rt, "RangeError", fmt.Sprintf("a URL is longer than the limit of %s", size(maxURL))))
	}
	return v.String()
}

func urlParts(rt *goja.Runtime, u *url.Url) goja.Value {
	o := rt.NewObject()
	for _, part := range [][2]string{
		{"href", u.Href(false)}, {"origin", urlOrigin(u)}, {"protocol", u.Protocol()}, {"username", u.Username()}, {"password", u.Password()},
		{"host", u.Host()}, {"hostname", u.Hostname()}, {"port", u.Port()}, {"pathname", u.Pathname()}, {"search", u.Search()}, {"hash", u.Hash()},
	} {
		must(goja.Undefined(), o.Set(part[0], part[1]))
	}
	return o
}

// urlOrigin is the origin in the URL standard's serialization.
func urlOrigin(u *url.Url) string {
	switch u.Scheme() {
	case "http", "https", "ws", "wss", "ftp":
		return u.Protocol() + "//" + u.Host()
	case "blob":
		if inner, err := url.Parse(u.Pathname()); err == nil && (inner.Scheme() == "http" || inner.Scheme() == "https") {
			return urlOrigin(inner)
		}
	}
	return "null"
}
