package keep

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// Shelf is what is kept for one client. It is safe for concurrent use.
type Shelf struct {
	limits Limits

	mu          sync.Mutex
	results     map[string]*entry
	resultBytes int64
	store       map[string]*entry
	storeBytes  int64
}

type entry struct {
	value json.RawMessage
	info  Info
}

// Info describes a kept result.
type Info struct {
	ID string `json:"id"`
	// Bytes is the size of the result as JSON.
	Bytes int `json:"bytes"`
	// Type is the type of the result, on one line; empty if it is not known.
	Type string `json:"type,omitempty"`
	// Made is when it was added.
	Made time.Time `json:"made"`
}

// AddResult keeps a result under id; the oldest results make room. It reports
// whether it is kept: one that is larger than all the room is not. The value
// must not be changed afterwards.
func (s *Shelf) AddResult(id string, value json.RawMessage, typ string) bool {
	size := int64(len(value))
	if size > s.limits.Results {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop(id)
	for len(s.results) > 0 && (s.resultBytes+size > s.limits.Results || len(s.results) >= maxResults) {
		s.drop(s.byAge()[0].ID)
	}
	s.results[id] = &entry{value: value, info: Info{ID: id, Bytes: len(value), Type: typ, Made: time.Now()}}
	s.resultBytes += size
	return true
}

// drop forgets a result. s.mu is held.
func (s *Shelf) drop(id string) {
	if e, ok := s.results[id]; ok {
		s.resultBytes -= int64(len(e.value))
		delete(s.results, id)
	}
}

// byAge lists the results, oldest first. s.mu is held.
func (s *Shelf) byAge() []Info {
	list := make([]Info, 0, len(s.results))
	for _, e := range s.results {
		list = append(list, e.info)
	}
	slices.SortFunc(list, func(a, b Info) int {
		if c := a.Made.Compare(b.Made); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list
}

// Result returns the result with that id. The error is NotFound if there is
// none, whether it was dropped or never was.
func (s *Shelf) Result(id string) (json.RawMessage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := s.results[id]; ok && s.fresh(e) {
		return e.value, nil
	}
	return nil, &bindery.Error{
		Code: bindery.NotFound, Err: fmt.Errorf("%.40q is not kept", id),
		Hint: fmt.Sprintf("results are kept for %s and up to %s (keep.age, keep.results); await results.list() has those there are",
			shortly(s.limits.Age), sandbox.FormatBytes(s.limits.Results)),
	}
}

// Results lists the results there are, the oldest first.
func (s *Shelf) Results() []Info {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(s.byAge(), func(i Info) bool { return !s.fresh(s.results[i.ID]) })
}

// Set stores a value under a key, in place of what was there. The error is
// Invalid for a key that is empty or too long, and Limit if there is no room.
// The value must not be changed afterwards.
func (s *Shelf) Set(key string, value json.RawMessage) error {
	fail := func(code bindery.Code, hint, format string, args ...any) error {
		return &bindery.Error{Code: code, Hint: hint, Err: fmt.Errorf(format, args...)}
	}
	switch {
	case key == "" || len(key) > MaxKey:
		return fail(bindery.Invalid, "", "a key has 1 to %d bytes, not %d", MaxKey, len(key))
	case len(value) == 0:
		return fail(bindery.Invalid, "store.delete(key) forgets a value", "there is no value for %q", key)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expireStore()
	var before int64
	if e, ok := s.store[key]; ok {
		before = sizeOf(key, e)
	} else if len(s.store) >= maxKeys {
		return fail(bindery.Limit, "store.delete(key) makes room", "the store has %d keys, the most it can have", maxKeys)
	}
	e := &entry{value: value, info: Info{ID: key, Made: time.Now()}}
	if size := s.storeBytes - before + sizeOf(key, e); size > s.limits.Store {
		return fail(bindery.Limit, "store less, or make room with store.delete(key)",
			"with this value the store would have %s, over its limit of %s (keep.store)",
			sandbox.FormatBytes(size), sandbox.FormatBytes(s.limits.Store))
	}
	s.storeBytes += sizeOf(key, e) - before
	s.store[key] = e
	return nil
}

// Get returns the value under key, nil if there is none.
func (s *Shelf) Get(key string) json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := s.store[key]; ok && s.fresh(e) {
		return e.value
	}
	return nil
}

// Delete forgets the value under key and reports whether there was one.
func (s *Shelf) Delete(key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expireStore()
	e, ok := s.store[key]
	if ok {
		s.storeBytes -= sizeOf(key, e)
		delete(s.store, key)
	}
	return ok
}

// Keys lists the keys of the store in alphabetical order.
func (s *Shelf) Keys() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expireStore()
	keys := make([]string, 0, len(s.store))
	for key := range s.store {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func (s *Shelf) fresh(e *entry) bool { return time.Since(e.info.Made) < s.limits.Age }

func (s *Shelf) expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, e := range s.results {
		if !s.fresh(e) {
			s.drop(id)
		}
	}
	s.expireStore()
}

// expireStore lets go of stored values that are too old. s.mu is held.
func (s *Shelf) expireStore() {
	for key, e := range s.store {
		if !s.fresh(e) {
			s.storeBytes -= sizeOf(key, e)
			delete(s.store, key)
		}
	}
}

// perEntry is about what an entry takes besides its key and value.
const perEntry = 128

func sizeOf(key string, e *entry) int64 { return int64(len(key)+len(e.value)) + perEntry }

// shortly returns "1h" for what time prints as "1h0m0s".
func shortly(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
