//go:build unix

package backends_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/backends/backendtest"
)

// load is how many calls are kept under way on the faulty server, and as many
// on another one.
const load = 100

// faultRow is one way to go wrong. Whatever it is, calls get their answer or an
// error of one of the codes, calls to another server get their answer, and
// nothing is left when the set is closed.
type faultRow struct {
	name  string
	spec  func(testing.TB) backends.Spec
	codes []bindery.Code
	// fault happens under load; nil for servers that are broken from the start.
	fault func(t *testing.T, s *backends.Set)
	// broken is a server that never works; others must once it is over.
	broken bool
}

func stdioMode(modes ...backendtest.Mode) func(testing.TB) backends.Spec {
	return func(t testing.TB) backends.Spec {
		spec := stdioSpec(t, modes...)
		spec.StartTimeout, spec.CallTimeout = 500*time.Millisecond, 500*time.Millisecond
		return spec
	}
}

func patient(t testing.TB) backends.Spec { return stdioSpec(t) }

// once makes one call that must end in one of the ways; Internal stands for an
// answer.
func once(tool, args string, codes ...bindery.Code) func(*testing.T, *backends.Set) {
	return func(t *testing.T, s *backends.Set) {
		t.Helper()
		if _, err := call(t, s, tool, args); !slices.Contains(codes, bindery.CodeOf(err)) {
			t.Errorf("%s: got %v (%v)", tool, err, bindery.CodeOf(err))
		}
	}
}

const answered = bindery.Internal

func faultRows() []faultRow {
	gone := []bindery.Code{bindery.Unavailable}
	slow := []bindery.Code{bindery.Timeout, bindery.Unavailable}
	return []faultRow{
		{name: "crash before init", spec: stdioMode(backendtest.DieOnStart), codes: gone, broken: true},
		{name: "crash in a loop", spec: stdioMode(backendtest.DieAfterInit), codes: gone, broken: true},
		{name: "crash during a call", spec: patient, codes: gone, fault: once("die", "{}", bindery.Unavailable)},
		{name: "crash after the reply", spec: patient, codes: gone, fault: once("lastword", "{}", answered, bindery.Unavailable)},
		{name: "hang in init", spec: stdioMode(backendtest.HangInit), codes: slow, broken: true},
		{name: "hang in list", spec: stdioMode(backendtest.HangList), codes: slow, broken: true},
		{name: "hang in a call", spec: patient, codes: nil, fault: func(t *testing.T, s *backends.Set) {
			ctx, cancel := context.WithTimeout(within(t), 100*time.Millisecond)
			defer cancel()
			if _, err := s.Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "hang"}}); bindery.CodeOf(err) != bindery.Timeout {
				t.Errorf("got %v", err)
			}
		}},
		{name: "hang in close", spec: func(t testing.TB) backends.Spec { return stdioSpec(t, backendtest.HangClose) }},
		{name: "SIGTERM ignored", spec: func(t testing.TB) backends.Spec { return stdioSpec(t, backendtest.IgnoreTerm) }},
		{name: "grandchild", spec: func(t testing.TB) backends.Spec { return stdioSpec(t, backendtest.Orphan) }},
		{name: "input not read", spec: stdioMode(backendtest.DeafStdin), codes: slow, broken: true},
		{name: "malformed messages", spec: patient, fault: malformed},
		{name: "answer over the limit", spec: patient, fault: once("big", `{"bytes":2000000}`, bindery.Limit)},
		{name: "answer over the limit, id last", spec: patient, fault: once("big", `{"bytes":2000000,"idLast":true}`, bindery.Limit)},
		{name: "line without end", spec: patient, codes: gone, fault: once("endless", "{}", bindery.Limit, bindery.Unavailable)},
		{name: "answer too deep", spec: patient, fault: once("deep", `{"count":100000}`, bindery.Limit)},
		{name: "late answer", spec: patient, fault: func(t *testing.T, s *backends.Set) {
			ctx, cancel := context.WithTimeout(within(t), 50*time.Millisecond)
			defer cancel()
			if _, err := s.Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: "srv", Name: "late"}}); bindery.CodeOf(err) != bindery.Timeout {
				t.Errorf("got %v", err)
			}
		}},
		{name: "storm of changes", spec: patient, fault: once("storm", `{"count":2000}`, answered)},
		{name: "connections cut", spec: func(t testing.TB) backends.Spec { return httpSpec(t, backendtest.NewHTTP()) }, fault: once("die", "{}", bindery.Unavailable)},
		{name: "stream cut", spec: func(t testing.TB) backends.Spec { return httpSpec(t, backendtest.NewHTTP(backendtest.SSE)) }, fault: once("die", "{}", bindery.Unavailable)},
		{name: "error 500", spec: func(t testing.TB) backends.Spec { return httpSpec(t, backendtest.NewHTTP(backendtest.ServerError)) },
			codes: []bindery.Code{bindery.Upstream, bindery.Unavailable}, broken: true},
	}
}

// malformed has the server write each kind of message that is none, or that
// belongs to nobody.
func malformed(t *testing.T, s *backends.Set) {
	t.Helper()
	const nobody = `{"jsonrpc":"2.0","id":%s,"result":{"content":[]}}`
	lines := map[string]string{
		"garbage":               "garbage",
		"truncated":             `{"jsonrpc":"2.0","id":$ID,"result":{"content":[`,
		"truncated for nobody":  `{"jsonrpc":"2.0","method":"notifications/mess`,
		"byte order mark":       "\xef\xbb\xbf" + fmt.Sprintf(nobody, "99999"),
		"UTF-16":                "\xff\xfe{\x00}\x00",
		"invalid UTF-8":         "{\"jsonrpc\":\"2.0\",\"method\":\"\xff\xfe\"}",
		"NaN":                   `{"jsonrpc":"2.0","id":99999,"result":NaN}`,
		"deep":                  strings.Repeat("[", 100_000),
		"batch":                 "[" + fmt.Sprintf(nobody, "99999") + "]",
		"empty batch":           "[]",
		"no id":                 `{"jsonrpc":"2.0","result":{"content":[]}}`,
		"null id":               fmt.Sprintf(nobody, "null"),
		"result and error":      `{"jsonrpc":"2.0","id":99999,"result":{},"error":{"code":1,"message":"x"}}`,
		"neither":               `{"jsonrpc":"2.0","id":99999}`,
		"wrong id":              fmt.Sprintf(nobody, "99999"),
		"string id":             fmt.Sprintf(nobody, `"$ID"`),
		"fractional id":         fmt.Sprintf(nobody, "1.5"),
		"huge id":               fmt.Sprintf(nobody, "1e400"),
		"object id":             fmt.Sprintf(nobody, "{}"),
		"other version":         `{"jsonrpc":"1.0","id":99999,"result":{}}`,
		"duplicate":             fmt.Sprintf(nobody, "$ID"),
		"unknown request":       `{"jsonrpc":"2.0","id":1,"method":"no/such"}`,
		"unknown notification":  `{"jsonrpc":"2.0","method":"notifications/no-such"}`,
		"odd notification":      `{"jsonrpc":"2.0","method":"notifications/progress","params":[1]}`,
		"cancel what is not":    `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99999}}`,
		"error without message": `{"jsonrpc":"2.0","id":99999,"error":7}`,
		"nothing":               "",
		"zero bytes":            "\x00\x00",
		"carriage return":       "\r",
	}
	for name, line := range lines {
		args, _ := json.Marshal(map[string]any{"bytes": [][]byte{[]byte(line)}})
		_, err := call(t, s, "raw", string(args))
		if code := bindery.CodeOf(err); err != nil && (name != "truncated" || code != bindery.Upstream) {
			t.Errorf("%s: got %v (%v)", name, err, code)
		}
	}
	if st := s.Status()[0]; st.Restarts != 0 {
		t.Errorf("the session did not survive: %+v", st)
	}
}

func TestFaultTable(t *testing.T) {
	others := httptest.NewServer(backendtest.NewHTTP())
	t.Cleanup(others.Close)
	for _, row := range faultRows() {
		t.Run(row.name, func(t *testing.T) {
			spec := row.spec(t)
			before, ignore := leftovers(t), goleak.IgnoreCurrent()
			s := open(t, backends.Options{MaxMessage: 1 << 20}, spec, backends.Spec{Name: "other", URL: others.URL})
			stop := underLoad(t, s, row)
			if row.fault != nil {
				row.fault(t, s)
			}
			if !row.broken {
				eventually(t, "service", func() bool {
					_, err := call(t, s, "echo", "{}")
					return err == nil
				})
			}
			stop()
			if err := s.Close(within(t)); err != nil {
				t.Error(err)
			}
			others.CloseClientConnections()
			if after := settled(t, before); after != before {
				t.Errorf("%+v are left, there were %+v", after, before)
			}
			if strings.HasPrefix(spec.URL, "http") {
				return // its goroutines end with the row
			}
			if err := goleak.Find(ignore); err != nil {
				t.Error(err)
			}
		})
	}
}

// underLoad keeps calls under way on both servers, and returns what ends them.
func underLoad(t *testing.T, s *backends.Set, row faultRow) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(within(t))
	var calls, started sync.WaitGroup
	for i := range 2 * load {
		server := []string{"srv", "other"}[i%2]
		started.Add(1)
		calls.Go(func() {
			for first := true; ctx.Err() == nil; first = false {
				if first {
					started.Done()
				}
				_, err := s.Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: server, Name: "slow"}, Args: []byte(`{"wait":50000000}`)})
				code := bindery.CodeOf(err)
				if err == nil || ctx.Err() != nil || server == "srv" && code == bindery.NotFound && row.broken {
					continue
				}
				if server == "other" || !slices.Contains(row.codes, code) {
					t.Errorf("%s: got %v (%v)", server, err, code)
				}
				// Whoever is refused does not ask again at once.
				select {
				case <-time.After(20 * time.Millisecond):
				case <-ctx.Done():
				}
			}
		})
	}
	started.Wait()
	if row.broken {
		// What a broken server answers is all there is to see.
		select {
		case <-time.After(300 * time.Millisecond):
		case <-ctx.Done():
		}
	}
	return func() {
		cancel()
		calls.Wait()
	}
}

// left is what a process holds.
type left struct{ files, children int }

func leftovers(t *testing.T) left {
	t.Helper()
	if _, err := os.Stat("/proc/self/fd"); err != nil {
		return left{} // goroutines tell most of it
	}
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	l := left{files: len(files)}
	tasks, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range tasks {
		children, _ := os.ReadFile("/proc/self/task/" + task.Name() + "/children") // a thread may have ended
		l.children += len(strings.Fields(string(children)))
	}
	return l
}

// settled waits for what ends by itself.
func settled(t *testing.T, want left) left {
	t.Helper()
	deadline := time.Now().Add(patience)
	for {
		l := leftovers(t)
		if l == want || time.Now().After(deadline) {
			return l
		}
		time.Sleep(5 * time.Millisecond)
	}
}
