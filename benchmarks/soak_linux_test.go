package benchmarks_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

var soak = flag.Duration("soak", 0, "how long TestSoak keeps a gateway busy; it is skipped without")

// What TestSoak allows for.
const (
	maxSlope = 1.0 // MiB an hour, after the warm-up
	// noise is what resident memory moves by from one sample to the next; a
	// slope means nothing while it could be that.
	noise = 4.0
	// Sessions that nobody ends are kept for half an hour, so that what they take
	// grows for as long: of an hour, the second half counts.
	warmup = 0.5
)

// TestSoak keeps a gateway busy with scripts and plain calls of clients of both
// eras, while sessions are abandoned, requests given up, servers killed and the
// configuration is changed, and looks at whether anything grows.
func TestSoak(t *testing.T) {
	if *soak == 0 {
		t.Skip("takes as long as -soak says")
	}
	if testing.Short() {
		t.Skip("long")
	}
	s := newSoak(t)
	ctx, cancel := context.WithTimeout(t.Context(), *soak)
	defer cancel()
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() { s.call(ctx, i) })
	}
	wg.Go(func() { s.abandon(ctx) })
	wg.Go(func() { s.harm(ctx) })
	samples := s.sample(ctx)
	wg.Wait()
	s.report(samples)
}

// soaked is a gateway under load.
type soaked struct {
	t    *testing.T
	dir  string
	base string
	pid  int
	echo string

	calls, scripts, failed, sessions, kills, reloads atomic.Int64
	reasons                                          sync.Map // first lines of failures
}

func newSoak(t *testing.T) *soaked {
	t.Helper()
	s := &soaked{t: t, dir: t.TempDir(), echo: buildEcho(t)}
	s.configure(false)
	p := startProcess(t, buildBindery(t), "serve", "-c", filepath.Join(s.dir, "bindery.yaml"), "--listen", "127.0.0.1:0")
	s.base, s.pid = strings.TrimSuffix(p.url, "/mcp"), p.pid
	return s
}

// configure writes the configuration, with or without a third server.
func (s *soaked) configure(more bool) {
	servers := map[string]any{
		"one": map[string]any{"command": s.echo},
		"two": map[string]any{"command": s.echo, "isolate": "session", "idleStop": "5s"},
	}
	if more {
		servers["three"] = map[string]any{"command": s.echo, "lazy": true}
	}
	doc, err := json.Marshal(map[string]any{
		"mcpServers": servers, "cacheDir": filepath.Join(s.dir, "cache"), "sandbox": map[string]any{"python": false},
		"views": map[string]any{"default": map[string]any{"mode": "both"}},
	})
	if err == nil {
		err = os.WriteFile(filepath.Join(s.dir, "bindery.yaml"), doc, 0o600)
	}
	if err != nil {
		s.t.Error(err)
	}
}

// rests waits between two things to do; false at the end.
func rests(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// connect opens a session of one era.
func (s *soaked) connect(ctx context.Context, version string) (*mcp.ClientSession, *http.Transport, error) {
	tr := &http.Transport{}
	c := mcp.NewClient(&mcp.Implementation{Name: "soak", Version: "1"}, nil)
	cs, err := c.Connect(ctx, &mcp.StreamableClientTransport{Endpoint: s.base + "/mcp", HTTPClient: &http.Client{Transport: tr}, MaxRetries: -1}, &mcp.ClientSessionOptions{ProtocolVersion: version})
	return cs, tr, err
}

// call makes calls and runs scripts in sessions that end after a while. Some
// requests are given up.
func (s *soaked) call(ctx context.Context, worker int) {
	version := []string{"2025-11-25", "2026-07-28"}[worker%2]
	for ctx.Err() == nil {
		cs, tr, err := s.connect(ctx, version)
		if err != nil {
			s.failed.Add(1)
			rests(ctx, 100*time.Millisecond)
			continue
		}
		for range 200 {
			patience := 10 * time.Second
			if rand.IntN(50) == 0 {
				patience = time.Millisecond
			}
			one, cancel := context.WithTimeout(ctx, patience)
			params := &mcp.CallToolParams{Name: []string{"one__say", "two__say"}[rand.IntN(2)], Arguments: map[string]any{"bytes": rand.IntN(20_000)}}
			if rand.IntN(4) == 0 {
				params = &mcp.CallToolParams{Name: "execute_code", Arguments: map[string]any{"code": `const r = await one.say({bytes: 100}); r.length`}}
				s.scripts.Add(1)
			}
			res, err := cs.CallTool(one, params)
			cancel()
			s.calls.Add(1)
			if why := failure(res, err); why != "" {
				s.failed.Add(1)
				s.reasons.LoadOrStore(why, true)
			}
			// The SDK ends a session in which the reading of an answer was given up.
			if errors.Is(err, mcp.ErrConnectionClosed) || !rests(ctx, 20*time.Millisecond) {
				break
			}
		}
		_ = cs.Close()
		tr.CloseIdleConnections()
	}
}

// failure is the kind of a call's failure, "" for none.
func failure(res *mcp.CallToolResult, err error) string {
	text := ""
	switch {
	case err != nil:
		text = err.Error()
	case res.IsError && len(res.Content) > 0:
		if c, ok := res.Content[0].(*mcp.TextContent); ok {
			text = c.Text
		}
	}
	line, _, _ := strings.Cut(text, "\n")
	kind, _, _ := strings.Cut(line, "; next try in")
	return kind
}

// abandon opens sessions that nobody ends.
func (s *soaked) abandon(ctx context.Context) {
	const initialize = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"gone","version":"1"}}}`
	for rests(ctx, 2*time.Second) {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+"/mcp", strings.NewReader(initialize))
		if err != nil {
			continue
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Accept", "application/json, text/event-stream")
		if resp, err := http.DefaultClient.Do(req); err == nil {
			_ = resp.Body.Close()
			s.sessions.Add(1)
		}
	}
	http.DefaultClient.CloseIdleConnections()
}

// harm kills servers and changes the configuration.
func (s *soaked) harm(ctx context.Context) {
	for more := true; rests(ctx, 20*time.Second); more = !more {
		if victims := s.servers(); len(victims) > 0 {
			_ = syscall.Kill(victims[rand.IntN(len(victims))], syscall.SIGKILL)
			s.kills.Add(1)
		}
		s.configure(more)
		s.reloads.Add(1)
	}
}

// servers are the gateway's children that are servers, not workers.
func (s *soaked) servers() []int {
	var found []int
	all, _ := os.ReadDir("/proc")
	for _, d := range all {
		stat, err := os.ReadFile("/proc/" + d.Name() + "/stat")
		if err != nil {
			continue
		}
		_, after, _ := strings.Cut(string(stat), ") ")
		fields := strings.Fields(after)
		if len(fields) < 2 || fields[1] != fmt.Sprint(s.pid) {
			continue
		}
		exe, err := os.Readlink("/proc/" + d.Name() + "/exe")
		var pid int
		if _, scanErr := fmt.Sscan(d.Name(), &pid); err == nil && scanErr == nil && exe == s.echo {
			found = append(found, pid)
		}
	}
	return found
}

// soakSample is what the gateway held at one time.
type soakSample struct {
	at       time.Duration
	resident float64 // MiB
	files    int
	children int
}

func (s *soaked) sample(ctx context.Context) []soakSample {
	var list []soakSample
	begin := time.Now()
	for rests(ctx, max(*soak/200, time.Second)) {
		files, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", s.pid))
		if err != nil {
			s.t.Fatal("the gateway is gone: ", err)
		}
		list = append(list, soakSample{time.Since(begin), residentMiB(s.t, s.pid), len(files), len(s.servers())})
	}
	return list
}

func residentMiB(t *testing.T, pid int) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal("the gateway is gone: ", err)
	}
	for line := range strings.Lines(string(status)) {
		var kib float64
		if n, _ := fmt.Sscanf(line, "VmRSS: %f kB", &kib); n == 1 {
			return kib / 1024
		}
	}
	return 0
}

// report holds the samples after the warm-up against the limits.
func (s *soaked) report(all []soakSample) {
	s.t.Helper()
	begin := int(warmup * float64(len(all)))
	if len(all)-begin < 10 {
		s.t.Fatal("too short to tell anything")
	}
	rest := all[begin:]
	for i := 0; i < len(all); i += max(1, len(all)/12) {
		s.t.Logf("after %s: resident %.1f MiB, %d files, %d servers", all[i].at.Round(time.Second), all[i].resident, all[i].files, all[i].children)
	}
	slope := slopeOf(rest)
	last := rest[len(rest)-1]
	s.t.Logf("%d calls, %d scripts among them, %d failed; %d sessions abandoned, %d servers killed, %d reloads", s.calls.Load(), s.scripts.Load(), s.failed.Load(), s.sessions.Load(), s.kills.Load(), s.reloads.Load())
	s.t.Logf("resident %.1f MiB after the warm-up, %.1f at the end: %+.2f MiB an hour; files %d and %d, servers %d and %d",
		rest[0].resident, last.resident, slope, rest[0].files, last.files, rest[0].children, last.children)
	if hours := (last.at - rest[0].at).Hours(); slope > maxSlope && slope*hours > noise {
		s.t.Errorf("memory grows by %.2f MiB an hour", slope)
	}
	if last.files > rest[0].files+50 {
		s.t.Errorf("open files grow from %d to %d", rest[0].files, last.files)
	}
	s.reasons.Range(func(why, _ any) bool { s.t.Logf("a call failed: %.200s", why); return true })
	// A kill fails the calls that are under way, and those given up fail too.
	if f, c := s.failed.Load(), s.calls.Load(); f*10 > c {
		s.t.Errorf("%d of %d calls failed", f, c)
	}
}

// slopeOf is the straight line through the samples, by least squares, in MiB an
// hour.
func slopeOf(samples []soakSample) float64 {
	var n, sx, sy, sxx, sxy float64
	for _, s := range samples {
		x, y := s.at.Hours(), s.resident
		n, sx, sy, sxx, sxy = n+1, sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}
