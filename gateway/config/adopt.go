package config

import (
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bindery-mcp/bindery/internal/loopback"
)

// adopt takes over the servers of another client's file, but not the gateway
// itself, which may be among them: it would call itself.
func (c *Config) adopt(key string, names []string, server func(name string) Server) {
	c.key = key
	c.Servers = make(map[string]Server, len(names))
	for _, name := range names {
		s := server(name)
		if c.isGateway(name, s) {
			continue
		}
		c.Servers[name] = s
		c.order = append(c.order, name)
	}
}

func (c *Config) isGateway(name string, s Server) bool {
	if strings.EqualFold(name, "bindery") {
		return true
	}
	if program := filepath.Base(s.Command.Reveal()); strings.TrimSuffix(program, ".exe") == "bindery" {
		return slices.ContainsFunc(s.Args, func(a Value) bool { return a.Reveal() == "serve" })
	}
	u, err := url.Parse(s.URL.Reveal())
	if err != nil || !loopback.Host(u.Host) {
		return false
	}
	_, port, err := net.SplitHostPort(c.ListenAddress())
	return err == nil && u.Port() == port && strings.TrimSuffix(u.Path, "/") == "/mcp"
}
