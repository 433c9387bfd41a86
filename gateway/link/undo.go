package link

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/bindery-mcp/bindery/internal/atomicfile"
)

// Undone is how [Undo] took the gateway out of a file.
type Undone string

const (
	// Restored means that the file has its original bytes again: nothing else
	// had changed since.
	Restored Undone = "restored"
	// Removed means that the gateway's entries were taken out, and all else was
	// left as it is.
	Removed Undone = "removed"
	// Deleted means that the file held nothing else and is gone.
	Deleted Undone = "deleted"
	// Nothing means that the gateway was not in the file.
	Nothing Undone = "nothing to undo"
)

// Undo takes the gateway of this name, [DefaultName] if empty, out of Codex's
// config.toml at path. If the file is what [Apply] made of the copy it kept,
// the copy takes its place; otherwise the gateway's entries are removed, one
// that was there before included, and the copy stays under a name with the
// time.
func Undo(path, name string) (Undone, error) {
	if name == "" {
		name = DefaultName
	}
	path, err := target(path)
	if err != nil {
		return "", fmt.Errorf("unlink: %w", err)
	}
	data, err := Read(path)
	if err != nil {
		return "", err
	}
	if data == nil {
		return Nothing, nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("unlink: %w", err)
	}
	original, err := Read(path + backupSuffix)
	if err != nil {
		return "", err
	}
	if original != nil && madeFrom(original, data, name) {
		if err := atomicfile.Write(path, original, info.Mode().Perm()); err != nil {
			return "", fmt.Errorf("unlink: write %s: %w", path, err)
		}
		if err := os.Remove(path + backupSuffix); err != nil {
			return "", fmt.Errorf("unlink: remove the copy: %w", err)
		}
		return Restored, nil
	}

	after, err := remove(data, name, wasIn(original))
	switch {
	case err != nil:
		return "", fmt.Errorf("unlink: %s: %w", path, err)
	case bytes.Equal(after, data):
		return Nothing, nil
	case original == nil && len(bytes.TrimSpace(after)) == 0:
		if err := os.Remove(path); err != nil {
			return "", fmt.Errorf("unlink: %w", err)
		}
		return Deleted, nil
	}
	if err := atomicfile.Write(path, after, info.Mode().Perm()); err != nil {
		return "", fmt.Errorf("unlink: write %s: %w", path, err)
	}
	if err := os.Rename(path+backupSuffix, laterCopy(path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("unlink: put the copy aside: %w", err)
	}
	return Removed, nil
}

// madeFrom reports whether data is what linking makes of original.
func madeFrom(original, data []byte, name string) bool {
	m, err := decode(data)
	if err != nil {
		return false
	}
	entry, _ := lookup(m, []string{"mcp_servers", name})
	server, ok := entry.(map[string]any)
	if !ok {
		return false
	}
	o := Options{Name: name}
	o.URL, _ = server["url"].(string)
	o.TokenEnvVar, _ = server["bearer_token_env_var"].(string)
	o.Required, _ = server["required"].(bool)
	o.Approval, _ = server["default_tools_approval_mode"].(string)
	if seconds, ok := server["tool_timeout_sec"].(int64); ok {
		o.ToolTimeout = int(seconds)
	}
	list, _ := lookup(m, namespacesPath())
	o.DirectNamespaces = step{value: "mcp__" + name, list: true}.holds(list)
	e, err := Codex(original, o)
	return err == nil && e.Changed && bytes.Equal(e.After, data)
}

// wasIn returns whether a path was in the original file; nothing was in one
// that is not known.
func wasIn(original []byte) func(path []string) bool {
	m, err := decode(original)
	return func(path []string) bool {
		if err != nil {
			return false
		}
		_, ok := lookup(m, path)
		return ok
	}
}
