package backends

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p pace
		if err := p.wait(t.Context()); err != nil {
			t.Error(err)
		}
		p.set(2, 0)
		start := time.Now()
		for range 6 {
			if err := p.wait(t.Context()); err != nil {
				t.Error(err)
			}
		}
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("6 requests at 2 a second, 2 at once, took %v", took)
		}

		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		err := p.wait(ctx)
		var over *rateError
		if !errors.As(err, &over) || time.Since(start) != 2*time.Second {
			t.Errorf("got %v after %v, want to be told at once", err, time.Since(start))
		}
		if want := "the server is sent 2 requests a second at most (rate); try again in 500ms"; err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
		if err := p.wait(t.Context()); err != nil || time.Since(start) != 2500*time.Millisecond {
			t.Errorf("got %v after %v: who was refused must not cost the next one", err, time.Since(start))
		}

		p.set(0.1, 1)
		if err := p.wait(t.Context()); !errors.As(err, &over) || over.after > 10*time.Second {
			t.Errorf("got %v, want no wait of 10 s", err)
		}
		p.set(0, 0)
		for range 100 {
			if err := p.wait(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	})
}
