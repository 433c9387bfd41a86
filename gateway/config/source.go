package config

import (
	"context"
	"fmt"
	"os"

	"github.com/bindery-mcp/bindery/internal/atomicfile"
)

// Sources are where references are looked up. A nil one of those that take a
// context stands for nothing being there. Their errors are shown, and hold no
// secret.
type Sources struct {
	// Env looks up a variable; nil for those of the process.
	Env func(name string) (value string, ok bool)
	// Keychain returns what the system's keychain keeps for an account.
	Keychain func(ctx context.Context, service, account string) (string, error)
	// Command returns what a program prints that runs in a folder.
	Command func(ctx context.Context, dir string, argv []string) (string, error)
	// Secret returns a value of the encrypted store.
	Secret func(ctx context.Context, name string) (string, error)
}

// Load reads the configuration file at path and resolves the references in
// it. The format is told from the file's name and content. The error of a file
// that has mistakes is an [*Error] with all of them.
func (s Sources) Load(ctx context.Context, path string) (*Config, error) {
	data, err := atomicfile.Read(path, MaxFile)
	if err != nil {
		return nil, fmt.Errorf("read configuration %s: %w", path, err)
	}
	return s.read(ctx, path, data)
}

// Read is [Sources.Load] of a file's content that is in no file; its name
// tells the format and stands in errors. Relative paths are those of the
// current folder.
func (s Sources) Read(ctx context.Context, name string, data []byte) (*Config, error) {
	c, err := s.read(ctx, name, data)
	if err != nil {
		return nil, err
	}
	c.path = ""
	return c, nil
}

func (s Sources) read(ctx context.Context, path string, data []byte) (*Config, error) {
	r := &report{file: path}
	c := parse(r, path, data)
	c.resolve(ctx, r, s)
	if err := asError(r.problems); err != nil {
		return nil, err
	}
	return c, nil
}

func (s Sources) orDefaults() Sources {
	if s.Env == nil {
		s.Env = os.LookupEnv
	}
	return s
}

// Load is [Sources.Load] with the environment and files alone.
func Load(path string) (*Config, error) { return Sources{}.Load(context.Background(), path) }

// Read is [Sources.Read] with the environment and files alone.
func Read(name string, data []byte) (*Config, error) {
	return Sources{}.Read(context.Background(), name, data)
}
