package backends

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestGateIsFair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g gate
		g.resize(2)
		var mu sync.Mutex
		var order []int
		var inside, most int
		for i := range 20 {
			go func() {
				if err := g.enter(t.Context()); err != nil {
					t.Error(err)
					return
				}
				defer g.leave()
				mu.Lock()
				order = append(order, i)
				inside++
				most = max(most, inside)
				mu.Unlock()
				time.Sleep(time.Duration(10+i%2*3) * time.Second) // never two at one time
				mu.Lock()
				inside--
				mu.Unlock()
			}()
			synctest.Wait()
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if !slices.IsSorted(order) || len(order) != 20 || most != 2 {
			t.Errorf("got %d at once, in the order %v", most, order)
		}
	})
}

func TestGateEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g gate
		g.resize(1)
		if err := g.enter(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := g.enter(ctx)
		var crowd *crowdedError
		if !errors.As(err, &crowd) || crowd.limit != 1 || crowd.before != 0 {
			t.Errorf("got %v", err)
		}
		if want := "the server is sent 1 request at once (inFlight), and none of them ended in time; 0 others waited before this one"; err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
		ctx, cancel2 := context.WithCancel(t.Context())
		cancel2()
		if err := g.enter(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		done := make(chan error)
		go func() { done <- g.enter(t.Context()) }()
		synctest.Wait()
		g.resize(2) // lets in who waits
		if err := <-done; err != nil {
			t.Error(err)
		}
		g.resize(0)
		for range 10 {
			if err := g.enter(t.Context()); err != nil {
				t.Error(err)
			}
		}
		if g.inside != 12 || len(g.queue) != 0 {
			t.Errorf("got %d inside, %d waiting", g.inside, len(g.queue))
		}
	})
}
