package backends

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bindery-mcp/bindery/backends/internal/session"
)

// listed is a connection to a server that only lists, in two pages.
type listed struct {
	protocol string
	reports  bool
	ttl      [2]string // of each page
	done     chan struct{}

	mu    sync.Mutex
	name  string
	asked map[string]int // for first pages, by method
}

func (c *listed) Info() session.Info {
	return session.Info{Protocol: c.protocol, HasTools: true, HasPrompts: true, PromptsChange: c.reports}
}

func (c *listed) Request(_ context.Context, method string, params json.RawMessage) (json.RawMessage, error) {
	field := map[string]string{"tools/list": "tools", "prompts/list": "prompts"}[method]
	if len(params) > 0 {
		return json.RawMessage(fmt.Sprintf(`{%q:[]%s}`, field, c.ttl[1])), nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked[method]++
	return json.RawMessage(fmt.Sprintf(`{%q:[{"name":%q,"inputSchema":{}}],"nextCursor":"2"%s}`, field, c.name, c.ttl[0])), nil
}

func (c *listed) Done() <-chan struct{}       { return c.done }
func (c *listed) Err() error                  { return nil }
func (c *listed) Close(context.Context) error { return nil }

// attached returns a set of one server, whose connection is c, until the end of
// the test.
func attached(t *testing.T, c *listed) *Set {
	t.Helper()
	s := &Set{opts: Options{}.withDefaults(), changed: make(chan struct{})}
	s.ctx, s.cancel = context.WithCancelCause(t.Context())
	srv := s.newServer(Spec{Name: "a", URL: "http://a.example"}, nil)
	s.replace(&roster{list: []*server{srv}, byName: map[string]*server{"a": srv}}, func() {})
	o, err := srv.list(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	srv.take(&o, c)
	l := srv.shared
	l.update(func() { l.conn, l.life, l.state = c, t.Context(), Ready })
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = l.serve(c, true, false)
	}()
	t.Cleanup(func() {
		s.cancel(errClosed)
		<-ended
	})
	return s
}

// Lists are asked for again when they are fresh no more, and no sooner.
func TestFreshness(t *testing.T) {
	for name, tt := range map[string]struct {
		protocol        string
		reports         bool
		ttl             [2]string
		prompts, tools  int           // times that they are listed in a day, when they are wanted every ten minutes
		changes, listed time.Duration // when a change is made, and when it is seen
	}{
		"as long as the server says":   {"2026-07-28", true, [2]string{`,"ttlMs":7200000`, `,"ttlMs":7200000`}, 12, 12, 3 * time.Hour, 4 * time.Hour},
		"the shorter one of the pages": {"2026-07-28", true, [2]string{`,"ttlMs":7200000`, `,"ttlMs":3600000.0`}, 24, 24, 3*time.Hour + time.Minute, 4 * time.Hour},
		"one page without":             {"2026-07-28", true, [2]string{`,"ttlMs":7200000`, ``}, 1, 1, 0, 0},
		"never":                        {"2026-07-28", true, [2]string{`,"ttlMs":0`, `,"ttlMs":0`}, 1, 1, 0, 0},
		"nonsense":                     {"2026-07-28", true, [2]string{`,"ttlMs":-5`, `,"ttlMs":"x"`}, 1, 1, 0, 0},
		"very long":                    {"2026-07-28", true, [2]string{`,"ttlMs":1e300`, `,"ttlMs":1e18`}, 1, 1, 0, 0},
		"not long":                     {"2026-07-28", true, [2]string{`,"ttlMs":1`, `,"ttlMs":1`}, 144, 1440, 0, 0},
		"not reported":                 {"2026-07-28", false, [2]string{`,"ttlMs":0`, `,"ttlMs":0`}, 144, 1, 0, 0},
		"not reported, but long":       {"2026-07-28", false, [2]string{`,"ttlMs":7200000`, `,"ttlMs":7200000`}, 12, 12, 0, 0},
		"of the older protocol":        {"2025-11-25", true, [2]string{`,"ttlMs":7200000`, `,"ttlMs":7200000`}, 1, 1, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := &listed{protocol: tt.protocol, reports: tt.reports, ttl: tt.ttl, name: "one", asked: map[string]int{}, done: make(chan struct{})}
				s := attached(t, c)
				begin, version, seen := time.Now(), s.Catalogue().Version, time.Duration(0)
				for time.Since(begin) < 24*time.Hour {
					if tt.changes > 0 && time.Since(begin) >= tt.changes {
						c.mu.Lock()
						c.name = "other"
						c.mu.Unlock()
					}
					if now := s.Catalogue(); now.Version != version {
						version, seen = now.Version, time.Since(begin)
					}
					if _, err := s.List(t.Context(), "a", Prompts); err != nil {
						t.Fatal(err)
					}
					time.Sleep(10*time.Minute - time.Second) // what falls on the same moment has no order
					synctest.Wait()
					time.Sleep(time.Second)
				}
				c.mu.Lock()
				defer c.mu.Unlock()
				if got := c.asked["prompts/list"]; got != tt.prompts {
					t.Errorf("%d lists of prompts, want %d", got, tt.prompts)
				}
				if got := c.asked["tools/list"]; got < tt.tools-1 || got > tt.tools+1 {
					t.Errorf("%d lists of tools, want %d", got, tt.tools)
				}
				if seen < tt.listed || seen > tt.listed+10*time.Minute {
					t.Errorf("the catalogue last changed after %s, want %s", seen, tt.listed)
				}
			})
		})
	}
}
