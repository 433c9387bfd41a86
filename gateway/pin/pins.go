package pin

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/form"
	"github.com/bindery-mcp/bindery/codegen/lock"
)

// maxTools is how many tools of one server are remembered, those it no longer
// has included: without a bound a server could fill the file with new names.
const maxTools = 20_000

// Pins are what tools were when they were first seen, or last approved. They
// are safe for concurrent use.
type Pins struct {
	path       string
	quarantine bool

	mu     sync.Mutex
	book   book
	loaded stamp
	aside  map[bindery.ToolID]Change
	judged map[bindery.ToolID]seen
}

// stamp tells whether a file is the one that was read.
type stamp struct {
	size int64
	time time.Time
}

// seen is a tool that was held against its pin, to spare that the next time:
// most tools of most catalogues are those of the catalogue before.
type seen struct {
	raw    json.RawMessage // as the catalogue has it
	digest string
}

// Verdict is what [Pins.Judge] makes of tools.
type Verdict struct {
	// Kept are the tools to offer, in their order.
	Kept []bindery.Tool
	// Changed are the tools that are not what they were: they are not among
	// Kept if changed tools are quarantined.
	Changed []Change
	// New is how many tools were seen for the first time.
	New int
}

// Open reads the pins in the file at path; one that is not there is none yet.
// With "" nothing is kept. If quarantine is set, changed tools are set aside;
// otherwise they are only named. A file that cannot be read is an error, for
// without it every change would pass for a first sight.
func Open(path string, quarantine bool) (*Pins, error) {
	p := &Pins{path: path, quarantine: quarantine, book: newBook(), aside: map[bindery.ToolID]Change{}, judged: map[bindery.ToolID]seen{}}
	if err := p.reload(); err != nil {
		return nil, err
	}
	return p, nil
}

// reload reads the file if another process has written it.
func (p *Pins) reload() error {
	if p.path == "" {
		return nil
	}
	info, err := os.Stat(p.path)
	if os.IsNotExist(err) {
		return nil
	}
	if err == nil && p.loaded == (stamp{info.Size(), info.ModTime()}) {
		return nil
	}
	b, err := readBook(p.path)
	if err != nil {
		return &bindery.Error{
			Code: bindery.Invalid, Op: "read the pinned tools in " + p.path, Err: err,
			Hint: "take the file back from a copy, or remove it to trust every tool as it is now",
		}
	}
	p.book, p.loaded = b, stamp{info.Size(), info.ModTime()}
	return nil
}

// Judge holds the tools of all servers, or of some, against what they were,
// and remembers those that it sees for the first time. The error is one of
// reading or writing the file; the verdict holds all the same, by what is in
// memory.
func (p *Pins) Judge(tools []bindery.Tool) (Verdict, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	err := p.reload()
	v := Verdict{Kept: make([]bindery.Tool, 0, len(tools))}
	aside := maps.Clone(p.aside)
	for _, t := range tools {
		delete(aside, t.ID)
	}
	judged := make(map[bindery.ToolID]seen, len(tools))
	for _, t := range tools {
		if _, twice := judged[t.ID]; twice {
			continue // the first counts, as in a lock
		}
		if s := p.judged[t.ID]; s.raw != nil && bytes.Equal(s.raw, t.Raw) && p.book.digest(t.ID) == s.digest {
			judged[t.ID] = s
			v.Kept = append(v.Kept, t)
			continue
		}
		now := entryOf(t)
		judged[t.ID] = seen{t.Raw, now.Tool.Digest}
		was, known := p.book.get(now)
		switch {
		case known && was.Tool.Digest == now.Tool.Digest:
		case !known && p.book.add(now):
			v.New++
		default:
			c := changeOf(t, was, now)
			v.Changed = append(v.Changed, c)
			if p.quarantine {
				aside[t.ID] = c
				continue
			}
		}
		v.Kept = append(v.Kept, t)
	}
	if len(p.judged) > maxTools {
		p.judged = judged // those that are gone need not be kept
	}
	maps.Copy(p.judged, judged)
	p.aside = aside
	if v.New > 0 {
		if e := p.save(); err == nil {
			err = e
		}
	}
	return v, err
}

// Approve makes the tools as they are now what they are to be.
func (p *Pins) Approve(tools []bindery.Tool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.reload(); err != nil {
		return err
	}
	for _, t := range tools {
		if !p.book.set(entryOf(t)) {
			return full(t.ID.Server)
		}
		delete(p.aside, t.ID)
	}
	return p.save()
}

// Quarantined returns the tools that were set aside, by name.
func (p *Pins) Quarantined() []Change {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.SortedFunc(maps.Values(p.aside), compareChanges)
}

// Denied returns the error for a call of a tool that was set aside, or nil for
// any other tool.
func (p *Pins) Denied(id bindery.ToolID) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, ok := p.aside[id]
	if !ok {
		return nil
	}
	return c.denial()
}

// save writes the file. What another process wrote since the last look is lost
// if it happens between reload and here: an approval has to be given again, and
// a first sight is one again.
func (p *Pins) save() error {
	if p.path == "" {
		return nil
	}
	if err := p.book.write(p.path); err != nil {
		return &bindery.Error{
			Code: bindery.Unavailable, Op: "write the pinned tools to " + p.path, Err: err,
			Hint: "until that works, the tools are remembered only as long as this process runs",
		}
	}
	info, err := os.Stat(p.path)
	if err == nil {
		p.loaded = stamp{info.Size(), info.ModTime()}
	}
	return nil
}

func full(server string) error {
	return &bindery.Error{
		Code: bindery.Limit, Op: "remember the tools of " + server, Err: fmt.Errorf("it has had more than %d tools", maxTools),
		Hint: "a server whose tools have new names all the time cannot be pinned",
	}
}

// entryOf returns what is remembered of a tool.
func entryOf(t bindery.Tool) entry {
	e := entry{Description: form.Clean(t.Description, form.MaxDescription)}
	for server, tools := range lock.Of([]bindery.Tool{t}).Servers {
		for name, locked := range tools {
			e.server, e.name, e.Tool = server, name, locked
		}
	}
	return e
}
