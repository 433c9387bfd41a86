package gateway

import "net/http"

// forwarded are those headers of a client's request that servers may want. The
// client's credential for the gateway is never among them, and one that is there
// twice says nothing.
func (g *Gateway) forwarded(sent http.Header) map[string]string {
	names := g.opts().Forward
	if len(names) == 0 || sent == nil {
		return nil
	}
	values := make(map[string]string, len(names))
	for _, name := range names {
		if v := sent.Values(name); len(v) == 1 && name != "Authorization" {
			values[name] = v[0]
		}
	}
	return values
}
