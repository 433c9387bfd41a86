package config

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Resolve is [Sources.Resolve] with variables alone.
func (c *Config) Resolve(lookup func(name string) (value string, ok bool)) error {
	return Sources{Env: lookup}.Resolve(context.Background(), c)
}

// Resolve looks up every reference of the servers that are enabled, of the
// clients and of telemetry, each once; files are relative to the configuration. After
// it, Env of each server also holds the variables of PassEnv that are set, and
// Cwd, CacheDir, PythonWasm, Audit.Dir and the files of TLS, if relative, are
// relative to the configuration.
// The error is an [*Error] with all references that stand for nothing.
func (s Sources) Resolve(ctx context.Context, c *Config) error {
	r := &report{file: c.path}
	c.resolve(ctx, r, s)
	return asError(r.problems)
}

// Locate makes relative folders and files of the configuration itself relative
// to the file it was read from. It looks nothing up.
func (c *Config) Locate() {
	for _, path := range []*string{&c.CacheDir, &c.Sandbox.PythonWasm, &c.Audit.Dir, &c.TLS.Cert, &c.TLS.Key, &c.TLS.ClientCA} {
		if *path != "" && !filepath.IsAbs(*path) {
			*path = filepath.Join(filepath.Dir(c.path), *path)
		}
	}
}

func (c *Config) resolve(ctx context.Context, r *report, from Sources) {
	c.Locate()
	v := newResolver(ctx, r, from, filepath.Dir(c.path))
	for _, name := range c.ServerNames() {
		s := c.Servers[name]
		if !s.IsEnabled() {
			continue
		}
		r.server = name
		v.server(&s, c.pathTo(name))
		c.Servers[name] = s
	}
	r.server = ""
	v.telemetry(&c.Telemetry)
	owner := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(c.Clients)) {
		client := c.Clients[name]
		path := "clients." + name + ".token"
		v.value(&client.Token.Value, path)
		c.Clients[name] = client
		if token := client.Token; token.IsZero() {
			continue
		} else if token.resolved && token.text == "" {
			r.add(token.pos, path, "is empty", "")
		} else if other, taken := owner[token.text]; token.resolved && taken {
			r.add(token.pos, path, "is the same as that of client "+clip(other, 80),
				"give each client a token of its own")
		} else {
			owner[token.text] = name
		}
	}
}

func (v resolver) server(s *Server, path string) {
	v.value(&s.Command, join(path, "command"))
	v.value(&s.Cwd, join(path, "cwd"))
	v.value(&s.URL, join(path, "url"))
	for i := range s.Args {
		v.value(&s.Args[i], fmt.Sprintf("%s.args[%d]", path, i))
	}
	s.Env = v.secrets(s.Env, join(path, "env"))
	s.Headers = v.secrets(s.Headers, join(path, "headers"))
	s.OAuth = s.OAuth.resolved(v, join(path, "oauth"))
	for _, name := range s.PassEnv {
		text, ok := v.from.Env(name)
		if _, given := s.Env[name]; given || !ok {
			continue
		}
		if s.Env == nil {
			s.Env = map[string]Secret{}
		}
		s.Env[name] = Secret{Value{parts: []part{{kind: envRef, text: name}}, pos: s.pos, resolved: true, text: text}}
	}
	if s.Cwd.resolved && s.Cwd.text != "" && !filepath.IsAbs(s.Cwd.text) {
		s.Cwd.text = filepath.Join(v.dir, s.Cwd.text)
	}
	if !s.URL.IsLiteral() && s.URL.resolved {
		if err := checkURL(s.URL.text); err != nil {
			v.r.add(s.URL.pos, join(path, "url"), err.Error(), "")
		}
	}
}

// secrets returns a new map: the old one may be shared with a copy of the
// configuration.
func (v resolver) secrets(m map[string]Secret, path string) map[string]Secret {
	if m == nil {
		return nil
	}
	resolved := make(map[string]Secret, len(m))
	for name, s := range m {
		v.value(&s.Value, join(path, name))
		resolved[name] = s
	}
	return resolved
}

func (v resolver) value(p *Value, path string) {
	if p.IsZero() {
		return
	}
	var b strings.Builder
	var secrets []string
	ok := true
	for _, part := range p.parts {
		text, err := v.part(part)
		if err != nil {
			v.r.add(p.pos, path, err.Error(), "")
			ok = false
		}
		b.WriteString(text)
		if part.holdsSecret(text) {
			secrets = append(secrets, text)
		}
	}
	if ok {
		p.text, p.secrets, p.resolved = b.String(), secrets, true
	}
}

// causeOf leaves out the path, which the message has already.
func causeOf(err error) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err
	}
	return err
}

// firstFile returns the first of the paths that is there.
func firstFile(paths []string) (string, error) {
	for _, p := range paths {
		if _, err := os.Stat(p); err == nil {
			return p, nil
		}
	}
	return "", fmt.Errorf("find configuration: there is no %s: %w; name a file with --config, or make one with bindery import",
		strings.Join(paths, " and no "), os.ErrNotExist)
}
