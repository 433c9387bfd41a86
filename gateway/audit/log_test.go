package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
)

// answers is a tool that does.
func answers(context.Context, bindery.Call) (bindery.Result, error) {
	return bindery.Result{Raw: json.RawMessage(`{"content":[]}`)}, nil
}

func call(t *testing.T, trail *Trail, tool string) {
	t.Helper()
	c := bindery.Call{Tool: bindery.ToolID{Server: "s", Name: tool}, Args: json.RawMessage(`{"a":1}`), Seq: 1, Line: 2}
	if _, err := trail.Layer(bindery.CallerFunc(answers)).Call(t.Context(), c); err != nil {
		t.Fatalf("call %s: %v", tool, err)
	}
}

func found(t *testing.T, dir string, f Filter) (list []Entry) {
	t.Helper()
	for e, err := range Query(t.Context(), dir, f) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, e)
	}
	return list
}

func opens(t *testing.T, dir string, o Options) *Log {
	t.Helper()
	l, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// The begin record is on the disk when the tool is called, and says nothing of
// values.
func TestBeginComesBeforeTheCall(t *testing.T) {
	dir := t.TempDir()
	l := opens(t, dir, Options{})
	trail := l.Direct(Execution{ID: "x", Client: "ci", Session: "s1", View: "default", Trace: "t1"})
	tool := bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
		var found []Record
		for line, err := range Read(dir, 0) {
			if err != nil {
				t.Error(err)
			}
			if line.Kind == CallBegin {
				found = append(found, line.Record)
			}
		}
		if len(found) != 1 || found[0].Tool != "send" || found[0].Client != "ci" || found[0].Line != 4 || found[0].Decision != "allow" || found[0].Rule != "rule 1" {
			t.Errorf("while the tool runs: %+v", found)
		}
		return answers(ctx, c)
	})
	decides := bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
		Decide(ctx, "allow", "rule 1")
		return trail.Layer(tool).Call(ctx, c)
	})
	args := json.RawMessage(`{"text": "very private", "to": ["a@example.com"], "a@example.com": {"n": 12345}}`)
	_, err := trail.Attempts(nil, decides).Call(t.Context(), bindery.Call{Tool: bindery.ToolID{Server: "mail", Name: "send"}, Args: args, Seq: 3, Line: 4})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(l.Close(), l.Close()); err != nil {
		t.Fatal(err)
	}
	_, lines := one(t, dir)
	for _, secret := range []string{"private", "example.com", "12345"} {
		for _, line := range lines {
			if strings.Contains(string(line), secret) {
				t.Errorf("%s is in %s", secret, line)
			}
		}
	}
	if _, err := trail.Layer(tool).Call(t.Context(), bindery.Call{}); bindery.CodeOf(err) != bindery.Unavailable || !bindery.IsUnsent(err) {
		t.Errorf("after Close: %v", err)
	}
}

// Calls that something above refused are recorded, once.
func TestAttempts(t *testing.T) {
	dir := t.TempDir()
	l := opens(t, dir, Options{})
	trail := l.Direct(Execution{Client: "ci"})
	denies := bindery.CallerFunc(func(ctx context.Context, _ bindery.Call) (bindery.Result, error) {
		Decide(ctx, "deny", "no mail")
		return bindery.Result{}, &bindery.Error{Code: bindery.Denied, Err: errors.New("no")}
	})
	fails := trail.Layer(bindery.CallerFunc(func(context.Context, bindery.Call) (bindery.Result, error) {
		return bindery.Result{Raw: json.RawMessage(`{"isError":true}`)}, nil
	}))
	gone := trail.Layer(bindery.CallerFunc(func(context.Context, bindery.Call) (bindery.Result, error) {
		return bindery.Result{}, &bindery.Error{Code: bindery.Timeout, Err: errors.New("no answer")}
	}))
	for i, next := range []bindery.Caller{denies, fails, gone} {
		_, _ = trail.Attempts(nil, next).Call(t.Context(), bindery.Call{Tool: bindery.ToolID{Server: "s", Name: fmt.Sprint(i)}})
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	var got []string
	for e, err := range Query(t.Context(), dir, Filter{Server: "s"}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, strings.Join([]string{e.Tool, e.Decision, e.Rule, e.Outcome}, "/"))
	}
	if want := "0/deny/no mail/denied 1///tool_error 2///timeout"; strings.Join(got, " ") != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for f, want := range map[Filter]int{
		{Tool: "s.1"}: 1, {Tool: "?"}: 3, {Outcome: "t*"}: 2, {Decision: "deny"}: 1, {Kind: KindExecution}: 0, {Client: "other"}: 0,
		{Since: time.Now().Add(time.Hour)}: 0, {Until: time.Now().Add(time.Hour)}: 3,
	} {
		if n := len(found(t, dir, f)); n != want {
			t.Errorf("%+v finds %d, want %d", f, n, want)
		}
	}
}

func TestOptInValues(t *testing.T) {
	dir := t.TempDir()
	l := opens(t, dir, Options{Values: Redact, Scripts: true})
	trail, err := l.Execution(t.Context(), Execution{Script: "return 1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range []string{
		`{"title":"Leak","apiKey":"k1","nested":{"user_password":"p1"},"list":["ghp_abcdefgh","x"]}`,
		`{"text":"` + strings.Repeat("é", maxArgs) + `"}`,
		strings.Repeat(`[`, 200) + strings.Repeat(`]`, 200),
	} {
		if _, err := trail.Layer(bindery.CallerFunc(answers)).Call(t.Context(), bindery.Call{Args: json.RawMessage(args)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	var kept []string
	for _, e := range found(t, dir, Filter{}) {
		kept = append(kept, string(e.Args)+e.Source)
	}
	if kept[0] != `{"apiKey":"[redacted]","list":["[redacted]","x"],"nested":{"user_password":"[redacted]"},"title":"Leak"}` {
		t.Error(kept[0])
	}
	if len(kept[1]) > maxArgs || !strings.HasSuffix(kept[1], `…"`) {
		t.Errorf("%d bytes are kept", len(kept[1]))
	}
	if kept[2] != `"[redacted]"` || kept[3] != "return 1" {
		t.Error(kept[2:])
	}
	verified(t, dir)
}

// A script that takes more room in a record than it has bytes is no reason not to run it.
func TestSourceHasRoom(t *testing.T) {
	dir := t.TempDir()
	l := opens(t, dir, Options{Scripts: true})
	script := "return '" + strings.Repeat("\x01", maxSource) + "'"
	trail, err := l.Execution(t.Context(), Execution{Script: script})
	if err != nil {
		t.Fatal(err)
	}
	trail.End(Outcome{Code: OK})
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	kept := found(t, dir, Filter{})[0].Source
	if begin, cut := strings.CutSuffix(kept, "…"); !cut || len(begin) < maxSource/8 || !strings.HasPrefix(script, begin) {
		t.Errorf("%d bytes are kept: %.20q", len(kept), kept)
	}
	verified(t, dir)
}

func TestOneProcessPerFolder(t *testing.T) {
	dir := t.TempDir()
	opens(t, dir, Options{})
	_, err := Open(dir, Options{})
	if bindery.CodeOf(err) != bindery.Unavailable || !errors.Is(err, errLocked) || !strings.Contains(bindery.HintOf(err), "audit.dir") {
		t.Errorf("%v (%s)", err, bindery.HintOf(err))
	}
}

// Only a folder that another process writes is the other's fault, and who does
// their best already is not told to.
func TestOpenSaysWhatToDo(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, lockName), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := Open(dir, Options{})
	if bindery.CodeOf(err) != bindery.Invalid || !strings.Contains(bindery.HintOf(err), "may write") {
		t.Errorf("%v (%s)", err, bindery.HintOf(err))
	}
	d := newFaultyDisk()
	d.fill(0)
	for mode, want := range map[Mode]bool{Strict: true, BestEffort: false} {
		_, err = open(t.TempDir(), Options{Mode: mode}, d, osClock{time.Now()})
		if !errors.Is(err, syscall.ENOSPC) || strings.Contains(bindery.HintOf(err), "best-effort") != want {
			t.Errorf("%s: %v (%s)", mode, err, bindery.HintOf(err))
		}
	}
}

// Many callers, many files, one chain.
func TestConcurrent(t *testing.T) {
	dir := t.TempDir()
	l := opens(t, dir, Options{RotateBytes: 8 << 10, Patience: time.Minute})
	var wg sync.WaitGroup
	for w := range 16 {
		wg.Go(func() {
			trail, err := l.Execution(t.Context(), Execution{ID: fmt.Sprint(w), Script: "s"})
			if err != nil {
				t.Error(err)
				return
			}
			defer trail.End(Outcome{Code: OK})
			for i := range 25 {
				call(t, trail, fmt.Sprint(w, i))
			}
		})
	}
	wg.Wait()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if r := verified(t, dir); r.Calls != 400 || r.Open != 0 || r.Files < 5 || r.Unknown != 0 {
		t.Errorf("%+v", r)
	}
	if err := errors.Join(opens(t, dir, Options{}).Close(), opens(t, dir, Options{}).Close()); err != nil {
		t.Error(err)
	}
	if r := verified(t, dir); r.Recoveries != 0 {
		t.Errorf("an orderly stop was taken for a crash: %+v", r)
	}
}

// What a killed process leaves is cut, ended and recorded.
func TestRecovery(t *testing.T) {
	dir := t.TempDir()
	l := opens(t, dir, Options{RotateBytes: 600})
	trail, err := l.Execution(t.Context(), Execution{ID: "long", Script: "s"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 6 { // the begin of the script is files away
		call(t, trail, fmt.Sprint(i))
	}
	// It ends here, as if killed: neither the script's end nor a stop is there.
	images := t.TempDir()
	l.mu.Lock()
	seq := l.tail.seq
	l.mu.Unlock()
	if err := l.durable(t.Context(), seq); err != nil {
		t.Fatal(err)
	}
	l.mu.Lock() // a new file may be begun
	copyLog(t, dir, images)
	l.mu.Unlock()
	files, err := listFiles(images)
	if err != nil || len(files) < 3 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	last := files[len(files)-1].path
	data, err := os.ReadFile(last)
	if err != nil {
		t.Fatal(err)
	}
	line := `{"seq":99,"prev":"` + strings.Repeat("0", 30)
	if err := os.WriteFile(last, append(data, line...), 0o600); err != nil {
		t.Fatal(err)
	}
	again := opens(t, images, Options{})
	if h := again.Health(); h.Cut != int64(len(line)) || h.Unknown != 1 {
		t.Errorf("%+v", h)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	if r := verified(t, images); r.Recoveries != 1 || r.Unknown != 1 || r.Open != 0 {
		t.Errorf("%+v", r)
	}
	for _, e := range found(t, images, Filter{Outcome: Unknown}) {
		if e.Kind != KindExecution || e.Execution != "long" {
			t.Errorf("%+v", e)
		}
	}
}

// Whole records after a bad one are not the work of a crash: nothing is cut.
func TestOpenLeavesDamage(t *testing.T) {
	dir := sample(t, Options{}, 3)
	path, lines := one(t, dir)
	lines[3][20] ^= 1
	data := strings.Join(texts(lines), "")
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(dir, Options{})
	if bad, ok := errors.AsType[*RecordError](err); !ok || bad.Seq != 4 || !strings.Contains(bindery.HintOf(err), "verify") {
		t.Errorf("%v (%s)", err, bindery.HintOf(err))
	}
	if after, err := os.ReadFile(path); err != nil || string(after) != data {
		t.Errorf("the file was changed: %v", err)
	}
	// Zeros are: of pages that were not on the disk when the power went.
	lines[3] = make([]byte, 100)
	if err := os.WriteFile(path, []byte(strings.Join(texts(lines), "")), 0o600); err != nil {
		t.Fatal(err)
	}
	l := opens(t, dir, Options{})
	if l.Health().Cut == 0 {
		t.Error("nothing was cut")
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	verified(t, dir)
}

func texts(lines [][]byte) []string {
	var s []string
	for _, l := range lines {
		s = append(s, string(l))
	}
	return s
}

func copyLog(t *testing.T, from, to string) {
	t.Helper()
	files, err := listFiles(from)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f.path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, filepath.Base(f.path)), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDescribe(t *testing.T) {
	for _, test := range []struct{ a, b, shape string }{
		{`{"b":1,"a":[{"x":"y"}]}`, `{ "a": [ {"x": "y"} ], "b": 1 }`, "{a: {x: string}[], b: number}"},
		{``, `{}`, "{}"},
		{`{"a":null,"b":true,"4111111111111111":1}`, `{"4111111111111111":1,"b":true,"a":null}`, "{?: number, a: null, b: boolean}"},
		{`nonsense`, `nonsense`, ""},
	} {
		da, sa := describe(json.RawMessage(test.a))
		db, sb := describe(json.RawMessage(test.b))
		if da != db || sa != sb || sa != test.shape {
			t.Errorf("%s: %s %s, %s: %s %s, want %s", test.a, da, sa, test.b, db, sb, test.shape)
		}
	}
	d1, _ := describe(json.RawMessage(`{"a":1}`))
	d2, _ := describe(json.RawMessage(`{"a":1.0}`))
	if d1 == d2 {
		t.Error("other arguments have the same digest")
	}
}
