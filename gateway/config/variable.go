package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Variable is an environment variable that takes the place of a credential
// which a configuration holds as it is.
type Variable struct {
	Name string
	// Path is where the credential is, as in "mcpServers.github.env.TOKEN".
	Path string
}

// Variables returns the variables that [Config.Encode] writes where c holds
// credentials as they are, in the order of the servers.
func (c *Config) Variables() []Variable {
	_, vars := c.withReferences()
	return vars
}

// Warnings returns what does not keep c from being used but should be mended:
// credentials that are written out, and keys that could not be carried over.
func (c *Config) Warnings() []Problem {
	warnings := slices.Clone(c.notes)
	e := externalizer{taken: map[string]string{}}
	for _, name := range c.ServerNames() {
		s := c.Servers[name]
		e.server(name, c.pathTo(name), &s, func(path, variable string, at Pos) {
			warnings = append(warnings, Problem{
				File: c.path, Pos: at, Path: path, Server: name,
				Message: "looks like a credential that is written out",
				Hint:    fmt.Sprintf("write ${env:%s} and set that variable", variable),
			})
		})
	}
	return warnings
}

// withReferences returns a copy of c in which references have taken the place
// of credentials, and the variables they need.
func (c *Config) withReferences() (*Config, []Variable) {
	safe := *c
	safe.Servers = make(map[string]Server, len(c.Servers))
	var vars []Variable
	e := externalizer{taken: map[string]string{}}
	for _, name := range c.ServerNames() {
		s := c.Servers[name]
		e.server(name, c.pathTo(name), &s, func(path, variable string, _ Pos) {
			vars = append(vars, Variable{Name: variable, Path: path})
		})
		safe.Servers[name] = s
	}
	// No file can hold a client's token, but a Config made otherwise can.
	safe.Clients = maps.Clone(c.Clients)
	for _, name := range slices.Sorted(maps.Keys(c.Clients)) {
		client := c.Clients[name]
		if client.Token.IsZero() || !client.Token.givesText() {
			continue
		}
		variable := e.name(variableName(name)+"_TOKEN", "CLIENT", client.Token.source())
		client.Token = Secret{Value{parts: []part{{kind: envRef, text: variable}}}}
		safe.Clients[name] = client
		vars = append(vars, Variable{Name: variable, Path: "clients." + name + ".token"})
	}
	return &safe, vars
}

// externalizer replaces credentials by references to variables, one for each
// distinct text.
type externalizer struct {
	taken map[string]string // text by the name of its variable
}

// server replaces in s, whose maps and lists are copied first.
func (e *externalizer) server(name, path string, s *Server, found func(path, variable string, at Pos)) {
	replace := func(v *Value, key, variable string, secret bool) {
		if v.IsZero() || !secret {
			return
		}
		scheme, text := splitScheme(v)
		if text == "" {
			return
		}
		variable = e.name(variable, variableName(name), text)
		at := v.pos
		*v = Value{pos: at}
		v.addLiteral(scheme)
		v.parts = append(v.parts, part{kind: envRef, text: variable})
		found(path+"."+key, variable, at)
	}

	s.Args = slices.Clone(s.Args)
	for i := range s.Args {
		afterFlag := i > 0 && s.Args[i-1].IsLiteral() && strings.HasPrefix(s.Args[i-1].Reveal(), "-") &&
			!strings.Contains(s.Args[i-1].Reveal(), "=") && namesSecret(s.Args[i-1].Reveal()) &&
			!strings.HasPrefix(s.Args[i].Reveal(), "-")
		replace(&s.Args[i], fmt.Sprintf("args[%d]", i), variableName(name)+"_ARG", afterFlag || s.Args[i].holdsSecret())
	}
	s.Env = maps.Clone(s.Env)
	for _, key := range slices.Sorted(maps.Keys(s.Env)) {
		v := s.Env[key]
		replace(&v.Value, "env."+key, variableName(key), namesSecret(key) && v.givesText() || v.holdsSecret())
		s.Env[key] = v
	}
	replace(&s.URL, "url", variableName(name)+"_URL", s.URL.holdsSecret())
	s.Headers = maps.Clone(s.Headers)
	for _, key := range slices.Sorted(maps.Keys(s.Headers)) {
		v := s.Headers[key]
		replace(&v.Value, "headers."+key, variableName(name+"_"+key), namesSecret(key) && v.givesText() || v.holdsSecret())
		s.Headers[key] = v
	}
	if s.OAuth == nil {
		return
	}
	own := *s.OAuth
	replace(&own.ClientSecret.Value, "oauth.clientSecret", variableName(name)+"_CLIENT_SECRET", own.ClientSecret.givesText())
	replace(&own.PrivateKey.Value, "oauth.privateKey", variableName(name)+"_PRIVATE_KEY", own.PrivateKey.givesText())
	s.OAuth = &own
}

// name returns wanted, or, if that is another text's already, a name that
// says which server it is for.
func (e *externalizer) name(wanted, server, text string) string {
	name := wanted
	for i := 1; ; i++ {
		if other, ok := e.taken[name]; !ok || other == text {
			e.taken[name] = text
			return name
		}
		if name = server + "_" + wanted; i > 1 {
			name = fmt.Sprintf("%s_%s_%d", server, wanted, i)
		}
	}
}

// holdsSecret reports whether any literal text of v, fallbacks included, looks
// like a credential.
func (v Value) holdsSecret() bool {
	for _, p := range v.parts {
		if p.kind == literal && looksSecret(p.text) || looksSecret(p.fallback) {
			return true
		}
	}
	return false
}

// givesText reports whether v can be used without any of its references.
func (v Value) givesText() bool {
	return v.IsLiteral() || slices.ContainsFunc(v.parts, func(p part) bool { return p.fallback != "" })
}

// splitScheme takes the word for the scheme off the front of a header.
func splitScheme(v *Value) (scheme, rest string) {
	text := v.source()
	if scheme, rest, ok := strings.Cut(text, " "); ok && isScheme(scheme) {
		return scheme + " ", rest
	}
	return "", text
}
