package backends_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
)

// moving is a server of 2026-07-28 with one tool, whose argument travels as a
// header that can be given another name.
type moving struct {
	mu     sync.Mutex
	header string
	stuck  bool // the list stays what it was
	listed string
	lists  int
	calls  []string
	tool   string
}

func (m *moving) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var req struct {
		ID     json.RawMessage
		Method string
		Params struct {
			Name      string
			Arguments struct{ Region string }
		}
	}
	body, _ := io.ReadAll(r.Body)
	if r.Method != http.MethodPost || json.Unmarshal(body, &req) != nil || len(req.ID) == 0 {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	answer := func(status int, rest string) {
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,%s}`, req.ID, rest)
	}
	switch req.Method {
	case "server/discover":
		answer(200, `"result":{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},"ttlMs":0,"cacheScope":"private"}`)
	case "tools/list":
		m.lists++
		if !m.stuck || m.listed == "" {
			m.listed = m.header
		}
		answer(200, fmt.Sprintf(`"result":{"resultType":"complete","tools":[{"name":%q,"inputSchema":{"type":"object","properties":{"region":{"type":"string","x-mcp-header":%q}}}}]}`, m.tool, m.listed))
	case "tools/call":
		got := r.Header.Get("Mcp-Param-" + m.header)
		m.calls = append(m.calls, got)
		if got != req.Params.Arguments.Region {
			answer(400, `"error":{"code":-32020,"message":"Header mismatch"}`)
			return
		}
		answer(200, `"result":{"resultType":"complete","content":[{"type":"text","text":"done"}]}`)
	default:
		answer(404, `"error":{"code":-32601,"message":"Method not found"}`)
	}
}

func (m *moving) set(change func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	change()
}

func (m *moving) seen() (lists int, calls []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.lists, slices.Clone(m.calls)
}

// A call that was refused for its headers is made again with those that the
// server declares now, once, on whichever connection it belongs to.
func TestHeaderMismatch(t *testing.T) {
	t.Parallel()
	for name, isolate := range map[string]bool{"shared": false, "a session's own": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := &moving{header: "Region", tool: "where"}
			spec := urlSpec(t, m)
			spec.Isolate = isolate
			set := open(t, backends.Options{}, spec)
			ctx := backends.WithPeer(within(t), &backends.Peer{Session: "s"})
			where := func() error {
				_, err := set.Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "where"}, Args: json.RawMessage(`{"region":"eu"}`)})
				return err
			}
			if err := where(); err != nil {
				t.Fatal(err)
			}
			m.set(func() { m.header = "Zone" })
			if err := where(); err != nil {
				t.Error(err)
			}
			if err := where(); err != nil {
				t.Error(err)
			}
			if lists, calls := m.seen(); lists != 2 || !slices.Equal(calls, []string{"eu", "", "eu", "eu"}) {
				t.Errorf("%d lists, calls %q", lists, calls)
			}

			m.set(func() { m.header, m.stuck, m.calls = "Area", true, nil })
			if err := where(); err == nil || !strings.Contains(err.Error(), "Header mismatch") {
				t.Errorf("a list that does not fit: %v", err)
			}
			if _, calls := m.seen(); len(calls) != 2 {
				t.Errorf("it was called %d times", len(calls))
			}

			m.set(func() { m.header, m.stuck, m.tool = "Nowhere", false, "whither" })
			if err := where(); bindery.CodeOf(err) != bindery.NotFound {
				t.Errorf("a tool that is gone: %v", err)
			}
		})
	}
}

// Many calls that are refused at once lead to one list.
func TestManyHeaderMismatches(t *testing.T) {
	t.Parallel()
	m := &moving{header: "Region", tool: "where"}
	set := open(t, backends.Options{}, urlSpec(t, m))
	if _, err := call(t, set, "where", `{"region":"eu"}`); err != nil {
		t.Fatal(err)
	}
	m.set(func() { m.header = "Zone" })
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if _, err := call(t, set, "where", `{"region":"eu"}`); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if lists, _ := m.seen(); lists > 3 {
		t.Errorf("%d lists", lists)
	}
}

// A server that ends and comes back with the same tools is no news for whoever
// compares lists.
func TestSameToolsAgain(t *testing.T) {
	t.Parallel()
	s := open(t, backends.Options{}, stdioSpec(t))
	before := s.Catalogue()
	if _, err := call(t, s, "die", "{}"); err == nil {
		t.Fatal("the server is there still")
	}
	works(t, s)
	waitFor(t, s, "another start", func(c *backends.Catalogue) bool {
		return s.Status()[0].Restarts == 1 && c.Servers[0].State == backends.Ready
	})
	if now := s.Catalogue(); !now.SameTools(before) || now.Version == before.Version {
		t.Errorf("%d tools are others than the %d before", len(now.Servers[0].Tools), len(before.Servers[0].Tools))
	}
}
