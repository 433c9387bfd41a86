package pin

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/form"
	"github.com/bindery-mcp/bindery/codegen/lock"
	"github.com/bindery-mcp/bindery/internal/atomicfile"
)

// version is of the file's format.
const version = 1

// maxFile is above what a lock may have, for the descriptions beside it.
const maxFile = 2 * lock.MaxBytes

// entry is what is remembered of a tool: its lock decides, and its description
// is there to be shown.
type entry struct {
	// server and name are the tool's as a lock spells them: long ones are cut.
	server, name string

	Tool        lock.Tool
	Description string
}

// book is everything that is remembered.
type book struct {
	lock  *lock.Lock
	texts map[string]map[string]string
}

// file is a book on disk. The lock has a form of its own, with bounds.
type file struct {
	Version      int                          `json:"version"`
	Lock         json.RawMessage              `json:"lock"`
	Descriptions map[string]map[string]string `json:"descriptions"`
}

func newBook() book {
	return book{lock: &lock.Lock{Servers: map[string]lock.Tools{}}, texts: map[string]map[string]string{}}
}

func readBook(path string) (book, error) {
	data, err := atomicfile.Read(path, maxFile)
	if err != nil {
		return book{}, err
	}
	return parseBook(data)
}

func parseBook(data []byte) (book, error) {
	var f file
	if err := json.Unmarshal(data, &f); err != nil {
		return book{}, err
	}
	if f.Version != version {
		return book{}, fmt.Errorf("it is of version %d, and this bindery knows version %d", f.Version, version)
	}
	if f.Lock == nil {
		return book{}, errors.New("it holds no tools")
	}
	l, err := lock.Parse(f.Lock)
	if err != nil {
		return book{}, err
	}
	b := newBook()
	b.lock = l
	for server, texts := range f.Descriptions {
		b.texts[server] = map[string]string{}
		for name, text := range texts {
			b.texts[server][name] = form.Clean(text, form.MaxDescription)
		}
	}
	return b, nil
}

func (b *book) write(path string) error {
	locked, err := b.lock.Encode()
	if err != nil {
		return err
	}
	data, err := json.Marshal(file{Version: version, Lock: locked, Descriptions: b.texts})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return atomicfile.Write(path, data, 0o600)
}

// get returns what is remembered of the tool that e is now.
func (b *book) get(e entry) (entry, bool) {
	t, ok := b.lock.Servers[e.server][e.name]
	return entry{e.server, e.name, t, b.texts[e.server][e.name]}, ok
}

// digest returns that of a tool whose names need not be cut, or "".
func (b *book) digest(id bindery.ToolID) string { return b.lock.Servers[id.Server][id.Name].Digest }

// add remembers a tool that is not there yet; it reports whether there was room.
func (b *book) add(e entry) bool {
	if len(b.lock.Servers[e.server]) >= maxTools {
		return false
	}
	if b.lock.Servers[e.server] == nil {
		b.lock.Servers[e.server] = lock.Tools{}
	}
	if b.texts[e.server] == nil {
		b.texts[e.server] = map[string]string{}
	}
	b.lock.Servers[e.server][e.name] = e.Tool
	delete(b.texts[e.server], e.name)
	if e.Description != "" {
		b.texts[e.server][e.name] = e.Description
	}
	return true
}

// set is add of a tool that may be there.
func (b *book) set(e entry) bool {
	delete(b.lock.Servers[e.server], e.name)
	return b.add(e)
}
