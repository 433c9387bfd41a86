package learned_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/codegen/shape"
	"github.com/bindery-mcp/bindery/gateway/learned"
)

func issue() bindery.ToolID { return bindery.ToolID{Server: "tracker", Name: "get_issue"} }

// tracker is a server with a tool that declares no output, and one that does.
func tracker() []learned.Server {
	return []learned.Server{{Name: "tracker", Identity: "0a1b", Tools: []bindery.Tool{
		{ID: issue(), Description: "Gets an issue.", Input: json.RawMessage(`{"properties":{"number":{}}}`)},
		{ID: bindery.ToolID{Server: "tracker", Name: "declared"}, Output: json.RawMessage(`{}`)},
	}}}
}

// store opens a Store that tracks servers and is closed with the test.
func store(t *testing.T, dir string, servers []learned.Server) *learned.Store {
	t.Helper()
	s := learned.Open(dir, slog.New(slog.DiscardHandler))
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	track(t, s, servers)
	return s
}

func track(t *testing.T, s *learned.Store, servers []learned.Server) {
	t.Helper()
	if err := s.Track(t.Context(), servers); err != nil {
		t.Fatal(err)
	}
}

func flush(t *testing.T, s *learned.Store) {
	t.Helper()
	if err := s.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func observe(s *learned.Store, id bindery.ToolID, answer string) {
	s.Observe(bindery.Call{Tool: id}, bindery.Result{Structured: json.RawMessage(answer)})
}

// known returns the fields that are known of a tool's results, and from how
// many calls.
func known(s *learned.Store, id bindery.ToolID) string {
	sh := s.Shapes().Of(id)
	if sh == nil {
		return "nothing"
	}
	names := []string{fmt.Sprint(sh.Counts().Calls())}
	for _, p := range sh.Type().Props {
		names = append(names, p.Name)
	}
	return strings.Join(names, " ")
}

func want(t *testing.T, s *learned.Store, fields string) {
	t.Helper()
	if got := known(s, issue()); got != fields {
		t.Errorf("known: %s, want %s", got, fields)
	}
}

func file(dir string) string { return filepath.Join(dir, "tracker-0a1b.shapes.json") }

func TestLearnsAndKeeps(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "cache")
	s := store(t, dir, tracker())
	want(t, s, "nothing")
	s.Observe(
		bindery.Call{Tool: issue(), Args: json.RawMessage(`{"number":7,"who":"zuleika"}`)},
		bindery.Result{Content: []bindery.Content{{Type: "text", Text: `{"title":"Secret plans","votes":{"zuleika":1}}`}}},
	)
	observe(s, issue(), `{"title":"Typo"}`)
	flush(t, s)
	want(t, s, "2 title votes")
	if got := s.Shapes().Of(issue()).Counts(); got != (shape.Counts{Structured: 1, JSONText: 1}) {
		t.Errorf("counts: %+v", got)
	}
	info, err := os.Stat(file(dir))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %v", info.Mode())
	}
	data, err := os.ReadFile(file(dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"zuleika", "Secret", "Typo"} {
		if bytes.Contains(data, []byte(secret)) {
			t.Errorf("%s is on disk: %s", secret, data)
		}
	}
	want(t, store(t, dir, tracker()), "2 title votes")
}

func TestNotLearned(t *testing.T) {
	t.Parallel()
	s := store(t, "", tracker())
	s.Observe(bindery.Call{Tool: issue()}, bindery.Result{IsError: true, Structured: json.RawMessage(`{"error":"x"}`)})
	declared := bindery.ToolID{Server: "tracker", Name: "declared"}
	other := bindery.ToolID{Server: "other", Name: "get_issue"}
	observe(s, declared, `{"a":1}`)
	observe(s, other, `{"a":1}`)
	flush(t, s)
	for _, id := range []bindery.ToolID{issue(), declared, other} {
		if got := known(s, id); got != "nothing" {
			t.Errorf("%s: %s", id, got)
		}
	}
}

func TestLargeResultsAreCounted(t *testing.T) {
	t.Parallel()
	s := store(t, "", tracker())
	for _, size := range []int{shape.MaxBytes, 3 * shape.MaxBytes} {
		observe(s, issue(), `{"a":"`+strings.Repeat("x", size)+`"}`)
	}
	picture := bindery.Content{Type: "image", Data: make([]byte, 3*shape.MaxBytes)}
	s.Observe(bindery.Call{Tool: issue()}, bindery.Result{Content: []bindery.Content{picture}})
	s.Observe(bindery.Call{Tool: issue()}, bindery.Result{Content: []bindery.Content{{Type: "text", Text: "done"}}})
	flush(t, s)
	if got := s.Shapes().Of(issue()).Counts(); got != (shape.Counts{Unread: 2, Blocks: 1, Text: 1}) {
		t.Errorf("counts: %+v", got)
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	s := store(t, "", tracker())
	version := s.Shapes().Version()
	step := func(what string, grows bool, do func()) {
		t.Helper()
		do()
		flush(t, s)
		now := s.Shapes().Version()
		if grows != (now > version) || now < version {
			t.Errorf("%s: version %d after %d", what, now, version)
		}
		version = now
	}
	step("a first result", true, func() { observe(s, issue(), `{"a":1}`) })
	step("one like it", false, func() { observe(s, issue(), `{"a":2}`) })
	step("another field", true, func() { observe(s, issue(), `{"a":2,"b":1}`) })
	step("the same servers", false, func() { track(t, s, tracker()) })
	step("no servers", true, func() { track(t, s, nil) })
	step("nothing", false, func() {})
}

// A shape belongs to the tool as it was when it was learned.
func TestAnew(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := store(t, dir, tracker())
	observe(s, issue(), `{"a":1}`)

	other := tracker()
	other[0].Identity = "ffff"
	track(t, s, other)
	want(t, s, "nothing")
	observe(s, issue(), `{"b":1}`)
	flush(t, s)
	want(t, s, "1 b")

	track(t, s, tracker())
	want(t, s, "1 a")

	changed := tracker()
	changed[0].Tools[0].Description = "Gets one issue."
	track(t, s, changed)
	want(t, s, "nothing")
	track(t, s, tracker())
	want(t, s, "1 a")

	track(t, s, changed)
	observe(s, issue(), `{"c":1}`)
	flush(t, s)
	track(t, s, tracker())
	want(t, s, "nothing")
}

func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	one, two := store(t, dir, tracker()), store(t, dir, tracker())
	observe(one, issue(), `{"id":1,"a":1}`)
	observe(one, issue(), `{"id":1,"a":1}`)
	observe(two, issue(), `{"id":1,"b":1}`)
	flush(t, one)
	flush(t, two)
	want(t, one, "2 a id")
	want(t, two, "3 a b id")
	observe(one, issue(), `{"id":1}`)
	flush(t, one)
	want(t, one, "4 a b id")
	want(t, store(t, dir, tracker()), "4 a b id")
}

// What another configuration of the same server leaves out stays on disk.
func TestToolsLeftOutStay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := store(t, dir, tracker())
	observe(s, issue(), `{"a":1}`)
	more := tracker()
	list := bindery.ToolID{Server: "tracker", Name: "list_issues"}
	more[0].Tools = []bindery.Tool{{ID: list}}
	track(t, s, more)
	observe(s, list, `{"b":1}`)
	flush(t, s)
	track(t, s, tracker())
	want(t, s, "1 a")
}

func TestFilesThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	good := `{"format":1,"server":"tracker","identity":"0a1b","tools":{"get_issue":{"digest":"%s","shape":%s}}}`
	for name, data := range map[string]string{
		"empty":           "",
		"no JSON":         "{",
		"another server":  `{"format":1,"server":"tr_cker","identity":"0a1b"}`,
		"another version": `{"format":2,"server":"tracker","identity":"0a1b"}`,
		"another tool":    fmt.Sprintf(good, "00", `{"v":1,"n":[1,0,0,0,0],"t":{"k":"s"}}`),
		"a bad shape":     fmt.Sprintf(good, "00", `{"v":9}`),
		"no shape":        fmt.Sprintf(good, "00", "null"),
		"too large":       `"` + strings.Repeat("x", 5<<20) + `"`,
		"deep":            strings.Repeat("[", 1<<20),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.WriteFile(file(dir), []byte(data), 0o600); err != nil {
				t.Fatal(err)
			}
			s := store(t, dir, tracker())
			want(t, s, "nothing")
			observe(s, issue(), `{"a":1}`)
			flush(t, s)
			want(t, s, "1 a")
			want(t, store(t, dir, tracker()), "1 a")
		})
	}
}

func TestForget(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := store(t, dir, tracker())
	observe(s, issue(), `{"a":1}`)
	flush(t, s)
	for range 2 {
		if err := s.Forget(t.Context(), "tracker"); err != nil {
			t.Fatal(err)
		}
		want(t, s, "nothing")
	}
	if _, err := os.Stat(file(dir)); !os.IsNotExist(err) {
		t.Errorf("the file is still there: %v", err)
	}
	if err := s.Forget(t.Context(), "nobody"); err != nil {
		t.Error(err)
	}
}

func TestWritesByItself(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := store(t, dir, tracker())
		observe(s, issue(), `{"a":1}`)
		wait := func(d time.Duration, calls string) {
			t.Helper()
			time.Sleep(d)
			synctest.Wait()
			data, err := os.ReadFile(file(dir))
			if calls == "" && err != nil {
				return
			}
			if !strings.Contains(string(data), `"n":[`+calls+`,`) {
				t.Errorf("after %v: %v, %s; want %s calls", d, err, data, calls)
			}
		}
		wait(time.Second, "")
		wait(10*time.Second, "1")
		observe(s, issue(), `{"a":2}`) // one more of the same is in no hurry
		wait(10*time.Second, "1")
		wait(2*time.Minute, "2")
		observe(s, issue(), `{"a":3}`)
		observe(s, issue(), `{"a":"x"}`)
		wait(10*time.Second, "4")
	})
}

// Of a tool that has long given the same, few results are looked at, until one
// is different.
func TestSampling(t *testing.T) {
	t.Parallel()
	s := store(t, "", tracker())
	many := func(n int, answer string) {
		for range n {
			observe(s, issue(), answer)
		}
		flush(t, s)
	}
	many(1+64+160, `{"a":1}`)
	if got := s.Shapes().Of(issue()).Counts().Calls(); got != 1+64+10 {
		t.Errorf("%d results were looked at, want 75", got)
	}
	many(16, `{"a":"x"}`)
	many(5, `{"a":true}`)
	if got := s.Shapes().Of(issue()).Counts().Calls(); got != 75+1+5 {
		t.Errorf("%d results were looked at, want 81", got)
	}
}

func TestCannotWrite(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := learned.Open(dir, slog.New(slog.DiscardHandler))
	track(t, s, tracker())
	observe(s, issue(), `{"a":1}`)
	if err := s.Flush(t.Context()); bindery.CodeOf(err) != bindery.Internal || bindery.HintOf(err) == "" {
		t.Errorf("Flush: %v", err)
	}
	want(t, s, "1 a")
	if err := s.Close(t.Context()); err == nil {
		t.Error("Close wrote what cannot be written")
	}
}

func TestClosed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := learned.Open(dir, slog.New(slog.DiscardHandler))
	track(t, s, tracker())
	observe(s, issue(), `{"a":1}`)
	for range 2 {
		if err := s.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	observe(s, issue(), `{"a":1}`)
	want(t, s, "1 a")
	for _, err := range []error{s.Track(t.Context(), nil), s.Flush(t.Context()), s.Forget(t.Context(), "tracker")} {
		if bindery.CodeOf(err) != bindery.Internal || !strings.Contains(err.Error(), "closed") {
			t.Errorf("after Close: %v", err)
		}
	}
	want(t, store(t, dir, tracker()), "1 a")
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	s := store(t, t.TempDir(), tracker())
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 50 {
				observe(s, issue(), fmt.Sprintf(`{"id":1,"part%d":[%d]}`, i, j))
				_ = s.Shapes().Of(issue()).Type()
				if j%25 == 0 {
					track(t, s, tracker())
				}
			}
		})
	}
	wg.Wait()
	flush(t, s)
	if s.Shapes().Of(issue()).Counts().Calls() == 0 {
		t.Error("nothing was learned")
	}
}

// Two servers may share the name of a file, never what is in it.
func TestOneFileNameForTwoServers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := tracker()
	first[0].Name = "track/er"
	id := bindery.ToolID{Server: "track/er", Name: "get_issue"}
	s := store(t, dir, first)
	observe(s, id, `{"a":1}`)
	flush(t, s)
	second := tracker()
	second[0].Name = "track_er"
	track(t, s, second)
	if got := known(s, bindery.ToolID{Server: "track_er", Name: "get_issue"}); got != "nothing" {
		t.Errorf("of another server: %s", got)
	}
	track(t, s, first)
	if got := known(s, id); got != "1 a" {
		t.Errorf("known: %s", got)
	}
}
