package worker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/bindery-mcp/bindery"
)

// wait joins t and returns its place; the test fails if it needs none.
func wait(t *testing.T, turns *turns, owner string) chan struct{} {
	t.Helper()
	turn, err := turns.join(owner)
	if err != nil || turn == nil {
		t.Fatalf("%s: turn %v, %v; want to wait", owner, turn, err)
	}
	return turn
}

func TestTurnsAreFair(t *testing.T) {
	for _, test := range []struct {
		name    string
		running []string // at first
		waiting []string // in order of arrival
		ends    []string // owners of the scripts that end
		want    []string // who gets the turns
	}{
		{"one owner, in order of arrival", []string{"a"}, []string{"a", "a", "a"}, []string{"a", "a", "a"}, []string{"a0", "a1", "a2"}},
		{
			"a crowd and a single", []string{"a", "a"}, []string{"a", "a", "a", "b"}, []string{"a", "a", "b"},
			[]string{"b3", "a0", "a1"},
		},
		{
			"two crowds take turns", []string{"a"}, []string{"a", "a", "a", "b", "b"}, []string{"a", "b", "a", "b", "a"},
			[]string{"b3", "a0", "b4", "a1", "a2"},
		},
		{
			"fewest running first", []string{"a", "b", "b"}, []string{"b", "a"}, []string{"b", "a"},
			[]string{"a1", "b0"},
		},
		{
			"newcomers in order of arrival", []string{"a"}, []string{"e", "d", "c", "b"}, []string{"a", "e", "d", "c"},
			[]string{"e0", "d1", "c2", "b3"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			turns := newTurns(len(test.running), 10)
			for _, owner := range test.running {
				if turn, err := turns.join(owner); turn != nil || err != nil {
					t.Fatalf("%s has to wait: %v", owner, err)
				}
			}
			type place struct {
				name string
				turn chan struct{}
			}
			var places []place
			for i, owner := range test.waiting {
				places = append(places, place{fmt.Sprint(owner, i), wait(t, turns, owner)})
			}
			var got []string
			for _, owner := range test.ends {
				turns.release(owner)
				places = slices.DeleteFunc(places, func(p place) bool {
					select {
					case <-p.turn:
						got = append(got, p.name)
						return true
					default:
						return false
					}
				})
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("turns went to %v, want %v", got, test.want)
			}
		})
	}
}

func TestTurnsAreBounded(t *testing.T) {
	turns := newTurns(1, 1)
	if err := turns.acquire(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	turn := wait(t, turns, "a")
	if err := turns.acquire(t.Context(), "a"); bindery.CodeOf(err) != bindery.Limit {
		t.Errorf("second to wait: %v, want it refused", err)
	}
	wait(t, turns, "b") // another owner has a line of its own
	if running, waiting := turns.count(); running != 1 || waiting != 2 {
		t.Errorf("%d running, %d waiting, want 1 and 2", running, waiting)
	}
	if turns.abandon("a", turn) {
		t.Error("the turn of one who waits had come")
	}
	turns.release("a")
	turns.release("b")
	if running, waiting := turns.count(); running != 0 || waiting != 0 || len(turns.lines) != 0 {
		t.Errorf("%d running, %d waiting, %d lines, want none", running, waiting, len(turns.lines))
	}
}

// A turn that comes to somebody who has just given up goes on to the next.
func TestTurnAbandoned(t *testing.T) {
	turns := newTurns(1, 2)
	if err := turns.acquire(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	gone := errors.New("gone")
	cancel(gone)
	if err := turns.acquire(ctx, "b"); !errors.Is(err, gone) {
		t.Errorf("err = %v", err)
	}
	turn, next := wait(t, turns, "b"), wait(t, turns, "c")
	turns.release("a")
	if !turns.abandon("b", turn) {
		t.Fatal("the turn had not come")
	}
	turns.release("b")
	select {
	case <-next:
	default:
		t.Error("the turn was lost")
	}
}
