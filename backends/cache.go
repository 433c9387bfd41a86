package backends

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/bindery-mcp/bindery/backends/internal/session"
	"github.com/bindery-mcp/bindery/internal/atomicfile"
)

const (
	cacheFormat = 1
	// maxCache is above maxListBytes, for the escapes that JSON may need.
	maxCache = maxListBytes + 4<<20
)

// cacheFile is what one server offered when it was last connected: one file a
// server, holding nothing that the server has not sent.
type cacheFile struct {
	Format       int       `json:"format"`
	Server       string    `json:"server"`
	Digest       string    `json:"digest"` // of the spec it came from
	Saved        time.Time `json:"saved"`
	Title        string    `json:"title,omitempty"`
	Instructions string    `json:"instructions,omitempty"`
	Version      string    `json:"version,omitempty"`
	Protocol     string    `json:"protocol,omitempty"`
	// Offers is missing from caches of before there was such a thing.
	Offers Capabilities `json:"offers,omitzero"`
	// Tools are JSON in strings: as JSON they would be compacted, and cached
	// tools would differ from the same ones over the wire.
	Tools []string `json:"tools"`
}

// cachePath names the cache of a server after the server, for people, and
// after what it runs, so that another command under the same name starts
// without.
func cachePath(dir string, spec Spec) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '_'
	}, cut(spec.Name, 64))
	return filepath.Join(dir, name+"-"+spec.digest()+".json")
}

// readCache returns what the cache holds of the server of spec.
func readCache(dir string, spec Spec) (offer, error) {
	path := cachePath(dir, spec)
	data, err := atomicfile.Read(path, maxCache)
	if errors.Is(err, fs.ErrNotExist) {
		return offer{}, err
	}
	var o offer
	if err == nil {
		o, err = decodeCache(data, spec)
	}
	if err != nil {
		return offer{}, fmt.Errorf("%s: %w", path, err)
	}
	return o, nil
}

func decodeCache(data []byte, spec Spec) (offer, error) {
	if err := session.CheckDepth(data); err != nil {
		return offer{}, err
	}
	var c cacheFile
	if err := json.Unmarshal(data, &c); err != nil {
		return offer{}, err
	}
	// Two names can be one file name; what is in the file decides.
	if c.Format != cacheFormat || c.Server != spec.Name || c.Digest != spec.digest() {
		return offer{}, errors.New("it is of another server or another version")
	}
	if len(c.Tools) > maxItems {
		return offer{}, errors.New("it has too many tools")
	}
	o := offer{title: c.Title, instructions: c.Instructions, version: c.Version, protocol: c.Protocol, offers: c.Offers}
	for _, t := range c.Tools {
		if err := session.CheckDepth([]byte(t)); err != nil {
			return offer{}, err
		}
		o.raw = append(o.raw, json.RawMessage(t))
	}
	o.take(spec, nil)
	return o, nil
}

// writeCache replaces the cache of the server of spec.
func writeCache(dir string, spec Spec, o offer) error {
	c := cacheFile{
		Format: cacheFormat, Server: spec.Name, Digest: spec.digest(), Saved: time.Now().UTC(),
		Title: o.title, Instructions: o.instructions, Version: o.version, Protocol: o.protocol, Offers: o.offers,
	}
	for _, t := range o.raw {
		c.Tools = append(c.Tools, string(t))
	}
	data, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return atomicfile.Write(cachePath(dir, spec), data, 0o600)
}

// ReadCache returns what the cache in dir holds of the servers of specs, and
// starts nothing. Servers are Unknown, and those without a cache have no tools.
func ReadCache(dir string, specs []Spec) *Catalogue {
	c := &Catalogue{}
	for _, spec := range specs {
		srv := Server{Name: spec.Name, Identity: spec.digest(), State: Unknown}
		if o, err := readCache(dir, spec); err == nil {
			srv.describe(&o)
			srv.FromCache = true
		}
		c.Servers = append(c.Servers, srv)
	}
	return c
}
