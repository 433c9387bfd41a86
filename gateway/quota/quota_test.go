package quota_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/quota"
)

func rate(t *testing.T, s string) config.Rate {
	t.Helper()
	r, err := config.ParseRate(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// call makes a call of s.NAME for a client, whose tool fails with err.
func call(ctx context.Context, b *quota.Book, client, name string, fails error) error {
	_, err := b.Layer(quota.Scope{Client: client}, bindery.CallerFunc(func(context.Context, bindery.Call) (bindery.Result, error) {
		return bindery.Result{}, fails
	})).Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: "s", Name: name}})
	return err
}

// refused checks that err is the refusal of a quota.
func refused(t *testing.T, err error, name string, after time.Duration) {
	t.Helper()
	e, ok := errors.AsType[*quota.ExceededError](err)
	if !ok || e.Quota != name || e.After != after || bindery.CodeOf(err) != bindery.Limit || !bindery.IsUnsent(err) || time.Until(e.At) > after+time.Second {
		t.Errorf("got %v (%+v), want the quota %s and %v", err, e, name, after)
	}
	if at, err := time.Parse(time.RFC3339, e.At.Format(time.RFC3339)); err != nil || time.Until(at) < after {
		t.Errorf("who comes at %v comes too soon, %v", at, err)
	}
	if hint := bindery.HintOf(err); !strings.Contains(hint, "try again in") || !strings.Contains(hint, e.At.Format(time.RFC3339)) {
		t.Errorf("the hint is %q", hint)
	}
}

func TestRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := quota.Open("", []config.Quota{
			{Name: "quick", Clients: []config.Glob{"ci-*"}, Tools: []config.ToolPattern{"s.look"}, Rate: rate(t, "2/s")},
			{Name: "slow", Tools: []config.ToolPattern{"s.post"}, Rate: rate(t, "60/m"), Burst: 1},
		}, nil)
		for range 2 {
			if err := call(t.Context(), b, "ci-1", "look", nil); err != nil {
				t.Fatal(err)
			}
		}
		refused(t, call(t.Context(), b, "ci-1", "look", nil), "quick", 500*time.Millisecond)
		for _, free := range [][2]string{{"ci-2", "look"}, {"ann", "look"}, {"ci-1", "other"}, {"ci-1", "post"}} {
			if err := call(t.Context(), b, free[0], free[1], nil); err != nil {
				t.Errorf("%v: %v", free, err)
			}
		}
		refused(t, call(t.Context(), b, "ci-1", "post", nil), "slow", time.Second)
		time.Sleep(500 * time.Millisecond)
		if err := call(t.Context(), b, "ci-1", "look", nil); err != nil {
			t.Error(err)
		}
	})
}

// TestAllOrNone takes nothing from the quotas beside one that refuses.
func TestAllOrNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := quota.Open("", []config.Quota{
			{Name: "wide", Rate: rate(t, "2/h")}, {Name: "day", PerDay: 2}, {Name: "narrow", Tools: []config.ToolPattern{"s.post"}, Rate: rate(t, "1/h")},
		}, nil)
		if err := call(t.Context(), b, "a", "post", nil); err != nil {
			t.Fatal(err)
		}
		refused(t, call(t.Context(), b, "a", "post", nil), "narrow", time.Hour)
		if err := call(t.Context(), b, "a", "look", nil); err != nil {
			t.Errorf("what was refused was taken all the same: %v", err)
		}
	})
}

func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := quota.Open("", []config.Quota{{Name: "q", Rate: rate(t, "1/s"), Wait: 2 * time.Second}}, nil)
		begin := time.Now()
		var told []string
		c := b.Layer(quota.Scope{Client: "a", Limited: func(_ context.Context, name string, o quota.Outcome) {
			told = append(told, fmt.Sprint(name, " ", o))
		}}, bindery.CallerFunc(func(context.Context, bindery.Call) (bindery.Result, error) { return bindery.Result{}, nil }))
		for range 3 {
			if _, err := c.Call(t.Context(), bindery.Call{}); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(begin); took != 2*time.Second || fmt.Sprint(told) != "[q waited q waited]" {
			t.Errorf("three calls took %v: %v", took, told)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		refused(t, call(ctx, b, "a", "x", nil), "q", time.Second) // it would be too late
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(100*time.Millisecond, stop)
		if err := call(ctx, b, "a", "x", nil); bindery.CodeOf(err) != bindery.Cancelled {
			t.Errorf("given up while waiting: %v", err)
		}
		time.Sleep(900 * time.Millisecond)
		begin = time.Now()
		if err := call(t.Context(), b, "a", "x", nil); err != nil || time.Since(begin) > 0 {
			t.Errorf("a call that was given up took another's turn: %v after %v", err, time.Since(begin))
		}
	})
}

func TestDay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "quotas.json")
		quotas := []config.Quota{{Name: "day", PerDay: 3, ExecutionsPerDay: 1}, {Name: "all", Clients: []config.Glob{"team-*"}, PerDay: 2, Shared: true}}
		b := quota.Open(path, quotas, nil)
		unsent := &bindery.Error{Code: bindery.Unavailable, Unsent: true}
		if err := call(t.Context(), b, "a", "x", unsent); !errors.Is(err, unsent) {
			t.Fatal(err)
		}
		for range 3 {
			if err := call(t.Context(), b, "a", "x", nil); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.Begin("a"); err != nil {
			t.Fatal(err)
		}
		left := time.Until(time.Now().UTC().Truncate(24 * time.Hour).Add(24 * time.Hour))
		refused(t, call(t.Context(), b, "a", "x", nil), "day", left)
		refused(t, b.Begin("a"), "day", left)
		if err := errors.Join(call(t.Context(), b, "team-1", "x", nil), call(t.Context(), b, "team-2", "x", nil)); err != nil {
			t.Fatal(err)
		}
		refused(t, call(t.Context(), b, "team-3", "x", nil), "all", left)

		// The configuration is read again, and the gateway is started again.
		quotas[0].PerDay = 4
		b.Apply(quotas)
		if err := call(t.Context(), b, "a", "x", nil); err != nil {
			t.Error(err)
		}
		if err := errors.Join(b.Close(), b.Close()); err != nil {
			t.Fatal(err)
		}
		b = quota.Open(path, quotas, nil)
		refused(t, call(t.Context(), b, "a", "x", nil), "day", left)
		refused(t, b.Begin("a"), "day", left)
		time.Sleep(left)
		if err := errors.Join(call(t.Context(), b, "a", "x", nil), b.Begin("a"), call(t.Context(), b, "team-3", "x", nil)); err != nil {
			t.Errorf("on the next day: %v", err)
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

// TestKept has the file written a second after something was used, without
// anybody closing the book.
func TestKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "quotas.json")
		b := quota.Open(path, []config.Quota{{Name: "day", PerDay: 3}}, nil)
		if err := call(t.Context(), b, "a", "x", nil); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(path); err == nil {
			t.Error("the file is written with each call")
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if data, err := os.ReadFile(path); err != nil || !strings.Contains(string(data), `"calls":{"day":{"a":1}}`) {
			t.Errorf("kept %s, %v", data, err)
		}
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestManyClients bounds what is kept of clients.
func TestManyClients(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := quota.Open("", []config.Quota{{Name: "day", PerDay: 2}, {Name: "rate", Rate: rate(t, "2/s")}}, nil)
		for i := range 10_000 {
			if err := call(t.Context(), b, fmt.Sprint("c", i), "x", nil); err != nil {
				t.Fatal(err)
			}
		}
		var err error
		for i := range 3 {
			err = errors.Join(err, call(t.Context(), b, fmt.Sprint("d", i), "x", nil))
		}
		if bindery.CodeOf(errors.Unwrap(err)) == bindery.Limit || err == nil {
			t.Errorf("clients beyond the bound have accounts of their own: %v", err)
		}
		if err := call(t.Context(), b, "c1", "x", nil); err != nil {
			t.Errorf("a client with an account: %v", err)
		}
	})
}

func FuzzFile(f *testing.F) {
	f.Add([]byte(`{"day":"2026-01-02","calls":{"day":{"a":1}},"executions":null}`))
	f.Add([]byte(`{"day":"9999-01-02","calls":{"day":{"a":-5}}}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "quotas.json")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		b := quota.Open(path, []config.Quota{{Name: "day", PerDay: 1}}, nil)
		_ = call(t.Context(), b, "a", "x", nil)
		if err := call(t.Context(), b, "a", "x", nil); bindery.CodeOf(err) != bindery.Limit {
			t.Errorf("a file made calls free: %v", err)
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
	})
}
