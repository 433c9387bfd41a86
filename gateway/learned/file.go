package learned

import (
	"cmp"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/shape"
	"github.com/bindery-mcp/bindery/internal/atomicfile"
)

const (
	fileFormat = 1
	// maxFile bounds the file of a server, in bytes.
	maxFile = 4 << 20
)

// file is what is known of one server.
type file struct {
	Format   int       `json:"format"`
	Server   string    `json:"server"`
	Identity string    `json:"identity"`
	Saved    time.Time `json:"saved"`
	// Tools are by name: those that the server has now, and those that it had
	// or that another configuration leaves out.
	Tools map[string]json.RawMessage `json:"tools"`
}

// entry is what is known of one tool.
type entry struct {
	Digest string       `json:"digest"`
	Shape  *shape.Shape `json:"shape"`
}

// path names a file like that of the server's catalogue: after the server, for
// people, and after what it runs.
func (b *book) path(srv *server) string {
	return filepath.Join(b.dir, fileName(srv.name)+"-"+fileName(srv.identity)+".shapes.json")
}

func fileName(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '_'
	}, s[:min(len(s), 64)])
}

// read returns what the file of a server has, never nil: a file that cannot be
// used is logged, and written anew in time.
func (b *book) read(srv *server) map[string]entry {
	entries := map[string]entry{}
	if b.dir == "" {
		return entries
	}
	f, err := readFile(b.path(srv))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return entries
	case err == nil && (f.Format != fileFormat || f.Server != srv.name || f.Identity != srv.identity):
		// Two names can be one file name; what is in the file decides.
		err = errors.New("it is of another server or another version")
	}
	if err != nil {
		b.log.Warn("a file of learned result types is ignored", "file", b.path(srv), "error", err)
		return entries
	}
	for name, raw := range f.Tools {
		var e entry
		if err := json.Unmarshal(raw, &e); err != nil || e.Shape == nil {
			b.log.Debug("a learned result type is ignored", "server", srv.name, "tool", name, "error", err)
			continue
		}
		entries[name] = e
	}
	return entries
}

func readFile(path string) (file, error) {
	data, err := atomicfile.Read(path, maxFile)
	if err != nil {
		return file{}, err
	}
	var v file
	if err := json.Unmarshal(data, &v); err != nil {
		return file{}, err
	}
	return v, nil
}

// save merges what is fresh into the file, which another process may have
// written since. Two processes that do this in the same instant lose what one
// of them adds on disk, until it writes again.
func (b *book) save(srv *server) error {
	entries := b.read(srv)
	merged := map[string]*shape.Shape{}
	for name, t := range srv.tools {
		known := t.all
		if e, ok := entries[name]; ok && e.Digest == t.digest {
			known = shape.Merge(e.Shape, t.fresh)
			// Something may be lost on disk. To count it twice is the lesser evil.
			if both := shape.Merge(t.all, known); !both.Same(known) {
				known = both
			}
		}
		if known == nil {
			continue
		}
		merged[name] = known
		entries[name] = entry{Digest: t.digest, Shape: known}
	}
	data, err := b.encode(srv, entries)
	if err != nil {
		return err
	}
	if err := replace(b.path(srv), data); err != nil {
		return err
	}
	for name, known := range merged {
		srv.tools[name].all, srv.tools[name].fresh = known, nil
	}
	return nil
}

// encode returns the file of a server with as many tools as fit: those that
// the server has now come first, and the small ones.
func (b *book) encode(srv *server, entries map[string]entry) ([]byte, error) {
	f := file{
		Format: fileFormat, Server: srv.name, Identity: srv.identity, Saved: time.Now().UTC(),
		Tools: make(map[string]json.RawMessage, len(entries)),
	}
	for name, e := range entries {
		raw, err := json.Marshal(e)
		if err != nil {
			return nil, &bindery.Error{Code: bindery.Internal, Op: "encode what is learned of " + srv.name + "." + name, Err: err}
		}
		f.Tools[name] = raw
	}
	names := slices.SortedFunc(maps.Keys(f.Tools), func(x, y string) int {
		if here := srv.tools[x] != nil; here != (srv.tools[y] != nil) {
			if here {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(len(f.Tools[x]), len(f.Tools[y])), strings.Compare(x, y))
	})
	// What a name takes if each of its bytes is escaped, and what is around.
	size := func(name string) int { return len(f.Tools[name]) + 6*len(name) + 4 }
	total := 6*(len(srv.name)+len(srv.identity)) + 256
	for _, name := range names {
		if total += size(name); total > maxFile {
			total -= size(name)
			delete(f.Tools, name)
		}
	}
	return json.Marshal(f)
}

// replace writes a file that only its owner may read.
func replace(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return atomicfile.Write(path, data, 0o600)
}

// remove removes the file of a server, if there is one.
func (b *book) remove(srv *server) error {
	if b.dir == "" {
		return nil
	}
	if err := os.Remove(b.path(srv)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return &bindery.Error{Code: bindery.Internal, Op: "forget what is learned of " + srv.name, Err: err}
	}
	return nil
}
