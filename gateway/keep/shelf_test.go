package keep_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/sync/errgroup"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/keep"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func value(n int) json.RawMessage {
	return json.RawMessage(`"` + strings.Repeat("x", n-2) + `"`)
}

func ids(list []keep.Info) string {
	var all []string
	for _, i := range list {
		all = append(all, i.ID)
	}
	return strings.Join(all, " ")
}

func TestResultsMakeRoomByAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := keep.NewKeeper(keep.Limits{Results: 100}).Of("a")
		for i := range 5 {
			if !s.AddResult(fmt.Sprint(i), value(30), "string") {
				t.Errorf("result %d is not kept", i)
			}
			time.Sleep(time.Second)
		}
		if s.AddResult("large", value(101), "") {
			t.Error("a result beyond the limit is kept")
		}
		if got := ids(s.Results()); got != "2 3 4" {
			t.Errorf("kept %s", got)
		}
		if v, err := s.Result("3"); err != nil || len(v) != 30 {
			t.Errorf("result 3: %s, %v", v, err)
		}
		if _, err := s.Result("1"); bindery.CodeOf(err) != bindery.NotFound || !strings.Contains(bindery.HintOf(err), "kept for 1h and up to 100 bytes") {
			t.Errorf("result 1: %v, %s", err, bindery.HintOf(err))
		}
		// The same id again takes the place of the first.
		if s.AddResult("3", value(40), ""); ids(s.Results()) != "2 4 3" {
			t.Errorf("kept %s", ids(s.Results()))
		}
	})
}

func TestValuesExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := keep.NewKeeper(keep.Limits{Age: time.Minute, Store: 400})
		s := k.Of("a")
		s.AddResult("r", value(10), "")
		for _, key := range []string{"x", "y"} {
			if err := s.Set(key, value(50)); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(59 * time.Second)
		if err := s.Set("y", value(60)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Result("r"); err != nil || s.Get("x") == nil {
			t.Errorf("gone too early: %v", err)
		}
		time.Sleep(time.Second)
		if _, err := s.Result("r"); err == nil || s.Get("x") != nil || len(s.Results()) != 0 {
			t.Error("handed out too late")
		}
		if got := fmt.Sprint(s.Keys()); got != "[y]" {
			t.Errorf("keys %s", got)
		}
		// What expired takes no room.
		if err := s.Set("z", value(60)); err != nil {
			t.Error(err)
		}
		k.Expire()
		time.Sleep(time.Hour)
		k.Expire()
		if len(s.Keys()) != 0 {
			t.Errorf("keys %v", s.Keys())
		}
	})
}

func TestStoreRefuses(t *testing.T) {
	s := keep.NewKeeper(keep.Limits{Store: 1000}).Of("a")
	if err := s.Set("there", value(500)); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, key string
		value     json.RawMessage
		code      bindery.Code
		want      string
	}{
		{"no key", "", value(2), bindery.Invalid, "a key has 1 to 256 bytes, not 0"},
		{"long key", strings.Repeat("k", 257), value(2), bindery.Invalid, "not 257"},
		{"no value", "k", nil, bindery.Invalid, "there is no value"},
		{"no room", "k", value(500), bindery.Limit, "over its limit of 1000 bytes (keep.store)"},
	} {
		err := s.Set(tc.key, tc.value)
		if bindery.CodeOf(err) != tc.code || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	if err := s.Set("there", value(800)); err != nil {
		t.Errorf("a value in place of another: %v", err)
	}
	if !s.Delete("there") || s.Delete("there") || s.Get("there") != nil {
		t.Error("a deleted value is there")
	}
	if err := s.Set("k", value(800)); err != nil {
		t.Errorf("room after a delete: %v", err)
	}
}

func TestStoreHasAMostOfKeys(t *testing.T) {
	s := keep.NewKeeper(keep.Limits{}).Of("a")
	for i := range 1000 {
		if err := s.Set(fmt.Sprint(i), value(2)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Set("one more", value(2)); bindery.CodeOf(err) != bindery.Limit {
		t.Errorf("one more: %v", err)
	}
	if err := s.Set("7", value(3)); err != nil {
		t.Errorf("an old key: %v", err)
	}
}

func TestClientsAreApart(t *testing.T) {
	k := keep.NewKeeper(keep.Limits{})
	a, b := k.Of("a"), k.Of("b")
	a.AddResult("r", value(10), "")
	if err := a.Set("key", value(10)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Result("r"); err == nil || b.Get("key") != nil || len(b.Keys()) != 0 || len(b.Results()) != 0 || b.Delete("key") {
		t.Error("a client has what another kept")
	}
	if k.Of("a").Get("key") == nil {
		t.Error("the shelf is another one the second time")
	}
}

func TestConcurrentUse(t *testing.T) {
	k := keep.NewKeeper(keep.Limits{Results: 200, Store: 2000})
	var eg errgroup.Group
	for i := range 8 {
		eg.Go(func() error {
			for j := range 100 {
				s := k.Of(fmt.Sprint(i % 2))
				s.AddResult(fmt.Sprint(j), value(20), "")
				_, _ = s.Result(fmt.Sprint(j - 1))
				_ = s.Set(fmt.Sprint(j%20), value(20+j%7))
				_ = s.Get(fmt.Sprint(j % 20))
				s.Delete(fmt.Sprint(j % 5))
				_, _ = s.Keys(), s.Results()
				k.Expire()
			}
			return nil
		})
	}
	if err := eg.Wait(); err != nil {
		t.Fatal(err)
	}
	for _, client := range []string{"0", "1"} {
		s := k.Of(client)
		for _, key := range s.Keys() {
			s.Delete(key)
		}
		// Nothing was counted twice: the whole store is free again.
		if err := s.Set("k", value(2000-128-1)); err != nil {
			t.Error(err)
		}
	}
}
