package loopback

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Host reports whether host, with or without a port as RFC 3986 writes both, is
// this machine: an address of 127.0.0.0/8, ::1 (RFC 8252, section 7.3), or
// localhost in any case, with the root's dot or without (RFC 6761, section 6.3).
//
// IPv4 addresses written as IPv6 ones (::ffff:127.0.0.1) are what they map to,
// as they are for whoever dials them. Everything else is another machine: names
// under localhost, which not every resolver keeps here, addresses with a zone,
// of which this one has none, 127.1 and the like.
func Host(host string) bool {
	if strings.HasSuffix(host, "]") || !strings.Contains(host, ":") {
		host += ":"
	}
	if strings.HasSuffix(host, ":") { // a port may be empty
		host += "0"
	}
	if a, err := netip.ParseAddrPort(host); err == nil {
		return a.Addr().Zone() == "" && a.Addr().Unmap().IsLoopback()
	}
	name, port, _ := strings.Cut(host, ":")
	_, err := strconv.ParseUint(port, 10, 16)
	// strings.EqualFold would take ſ for an s.
	return err == nil && strings.ToLower(strings.TrimSuffix(name, ".")) == "localhost"
}

// Secure reports whether nobody between can read or change what goes to a URL
// and comes from there: it is https, or http on this machine. One with a user or
// a password is not: whoever reads it takes them for the host.
func Secure(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && Host(u.Host)
}
