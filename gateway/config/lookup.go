package config

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/bindery-mcp/bindery/internal/atomicfile"
)

// resolver replaces references by what they stand for. It looks each up once:
// what asks a person should not ask twice.
type resolver struct {
	ctx   context.Context
	r     *report
	from  Sources
	dir   string
	known map[part]found
}

type found struct {
	text string
	err  error
}

func newResolver(ctx context.Context, r *report, from Sources, dir string) resolver {
	return resolver{ctx: ctx, r: r, from: from.orDefaults(), dir: dir, known: make(map[part]found)}
}

func (v resolver) part(p part) (string, error) {
	if p.kind == literal {
		return p.text, nil
	}
	f, ok := v.known[p]
	if !ok {
		f.text, f.err = v.lookUp(p)
		v.known[p] = f
	}
	return f.text, f.err
}

func (v resolver) lookUp(p part) (text string, err error) {
	if p.kind == envRef {
		text, ok := v.from.Env(p.text)
		if p.optional && (!ok || text == "") {
			return p.fallback, nil
		}
		if !ok {
			return "", fmt.Errorf("the variable %s is not set; set it before bindery starts", clip(p.text, 80))
		}
		return text, nil
	}
	if err := v.ctx.Err(); err != nil {
		return "", fmt.Errorf("%s was not looked up: %w", p.named(), err)
	}
	switch p.kind {
	case fileRef:
		if text, err = v.file(p.text); err != nil {
			return "", fmt.Errorf("%s cannot be read: %w", p.named(), err)
		}
		return text, nil
	case keychainRef:
		text, err = v.keychain(p.text)
	case cmdRef:
		text, err = v.command(p.text)
	case secretRef:
		text, err = v.secret(p.text)
	case literal, envRef:
	}
	switch {
	case err != nil:
		return "", fmt.Errorf("%s: %s", p.named(), showError(err))
	case text == "":
		return "", fmt.Errorf("%s is empty", p.named())
	case len(text) > MaxReference:
		return "", fmt.Errorf("%s is larger than %s", p.named(), Size(MaxReference))
	}
	return text, nil
}

// named is the reference as an error names it: of a command, the program.
func (p part) named() string {
	text := p.text
	if p.kind == cmdRef {
		if argv, err := splitCommand(text); err == nil && len(argv) > 1 {
			text = argv[0] + " …"
		}
	}
	return "${" + p.kind.word() + ":" + clip(text, 200) + "}"
}

var errNoSource = errors.New("there is no such source here; bindery serve and its other commands have it")

func (v resolver) keychain(entry string) (string, error) {
	if v.from.Keychain == nil {
		return "", errNoSource
	}
	service, account, err := splitAccount(entry)
	if err != nil {
		return "", err
	}
	return v.from.Keychain(v.ctx, service, account)
}

func (v resolver) command(line string) (string, error) {
	if v.from.Command == nil {
		return "", errNoSource
	}
	argv, err := splitCommand(line)
	if err != nil {
		return "", err
	}
	return v.from.Command(v.ctx, v.dir, argv)
}

func (v resolver) secret(name string) (string, error) {
	if v.from.Secret == nil {
		return "", errNoSource
	}
	return v.from.Secret(v.ctx, name)
}

// showError is an error on one line, without words that look like a credential:
// it may quote what a program said.
func showError(err error) string {
	return clip(showWords(strings.Join(strings.Fields(err.Error()), " "), func(string) string { return Redacted }), 500)
}

func (v resolver) file(name string) (string, error) {
	path := name
	if rest, ok := strings.CutPrefix(name, "~/"); ok {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		path = filepath.Join(home, rest)
	} else if !filepath.IsAbs(name) {
		path = filepath.Join(v.dir, name)
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", causeOf(err)
	}
	// A pipe would keep the gateway waiting for whoever writes to it.
	if !info.Mode().IsRegular() {
		return "", errors.New("it is not a regular file")
	}
	data, err := atomicfile.Read(path, MaxReference)
	if err != nil {
		return "", err
	}
	text := strings.TrimSuffix(string(data), "\n")
	return strings.TrimSuffix(text, "\r"), nil
}
