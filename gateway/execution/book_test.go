package execution

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/bindery-mcp/bindery"
)

func ledger(id, script string) *Ledger {
	l := New(id, reads, nil, nil)
	play(l, script)
	return l
}

func TestBookKeepsWhatMustNotBeRepeated(t *testing.T) {
	b := NewBook(Limits{})
	for script, want := range map[string]bool{"": false, "w1!": false, "w1-": false, "w1": true, "r1": true, "w1?": true} {
		if got := b.Keep("a", ledger("id", script)); got != want {
			t.Errorf("%q is kept: %v", script, got)
		}
	}
}

func TestTake(t *testing.T) {
	b := NewBook(Limits{})
	b.Keep("a", ledger("one", "w1"))
	for _, tc := range []struct {
		client, id string
		code       bindery.Code
		want       string
	}{
		{"b", "one", bindery.NotFound, "resume one: there is no such execution"},
		{"a", "two", bindery.NotFound, "resume two: there is no such execution"},
		{"a", strings.Repeat("x", 100), bindery.NotFound, "resume " + strings.Repeat("x", 40) + ": "},
		{"a", "", bindery.NotFound, "there is no such execution"},
	} {
		_, err := b.Take(tc.client, tc.id, "me")
		if bindery.CodeOf(err) != tc.code || !strings.Contains(err.Error(), tc.want) || bindery.HintOf(err) == "" {
			t.Errorf("%s of %s: %v", tc.id, tc.client, err)
		}
	}
	l, err := b.Take("a", "one", "two")
	if err != nil || l.ID() != "one" {
		t.Fatal(err)
	}
	if _, err := b.Take("a", "one", "three"); bindery.CodeOf(err) != bindery.Invalid || !strings.Contains(err.Error(), "resumed already, by execution two") {
		t.Errorf("a second time: %v", err)
	}
	b.Back("a", l)
	if _, err := b.Take("a", "one", "three"); err != nil {
		t.Errorf("after it was given back: %v", err)
	}
}

func TestExecutionsExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBook(Limits{Age: time.Minute})
		b.Keep("a", ledger("old", "w1"))
		time.Sleep(59 * time.Second)
		b.Keep("a", ledger("new", "w1"))
		time.Sleep(time.Second)
		if _, err := b.Take("a", "old", "x"); bindery.CodeOf(err) != bindery.NotFound {
			t.Errorf("old: %v", err)
		}
		if _, err := b.Take("a", "new", "x"); err != nil {
			t.Errorf("new: %v", err)
		}
		time.Sleep(time.Hour)
		b.Expire()
		if len(b.pages) != 0 {
			t.Errorf("%d clients are left", len(b.pages))
		}
	})
}

func TestBookIsBounded(t *testing.T) {
	b := NewBook(Limits{Bytes: 4000})
	for i := range 20 {
		b.Keep("a", ledger(fmt.Sprint("a", i), "w1 w2"))
	}
	b.Keep("b", ledger("b", "w1"))
	var total int64
	for _, p := range b.pages["a"] {
		total += p.bytes
	}
	if total > 4000 || len(b.pages["a"]) == 0 {
		t.Errorf("%d bytes in %d executions", total, len(b.pages["a"]))
	}
	if _, err := b.Take("a", "a19", "x"); err != nil {
		t.Errorf("the last one: %v", err)
	}
	b = NewBook(Limits{})
	for i := range 100 {
		b.Keep("a", ledger(fmt.Sprint("a", i), "w1"))
	}
	if len(b.pages["a"]) != maxPages {
		t.Errorf("%d executions", len(b.pages["a"]))
	}
}

// Of many that resume one execution at once, one does.
func TestOneResumes(t *testing.T) {
	b := NewBook(Limits{})
	b.Keep("a", ledger("one", "w1"))
	won := make(chan struct{}, 16)
	var eg errgroup.Group
	for i := range 16 {
		eg.Go(func() error {
			if _, err := b.Take("a", "one", fmt.Sprint(i)); err == nil {
				won <- struct{}{}
			}
			return nil
		})
	}
	if err := eg.Wait(); err != nil || len(won) != 1 {
		t.Errorf("%d resumed it", len(won))
	}
}

func TestNewID(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		id := NewID()
		if len(id) != 12 || strings.Trim(id, "abcdefghijklmnopqrstuvwxyz234567") != "" || seen[id] {
			t.Fatalf("id %q", id)
		}
		seen[id] = true
	}
}
