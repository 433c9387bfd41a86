package backends

import (
	"context"
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"
)

// The time that a person takes to answer is not the server's.
func TestPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		var took time.Duration
		p := newPatience(10*time.Second, func() { took = time.Since(begin) })
		ctx := p.minding(WithPeer(t.Context(), &Peer{Ask: func(context.Context, string, json.RawMessage) (json.RawMessage, error) {
			time.Sleep(time.Minute)
			return json.RawMessage("{}"), nil
		}}))
		ask := PeerOf(ctx).Ask
		time.Sleep(4 * time.Second)
		go func() { _, _ = ask(ctx, "elicitation/create", nil) }()
		time.Sleep(time.Second)
		_, _ = ask(ctx, "elicitation/create", nil) // both at once: they end after a minute and a second
		synctest.Wait()
		time.Sleep(time.Minute)
		synctest.Wait()
		if want := 71 * time.Second; took != want {
			t.Errorf("the time was over after %s, want %s", took, want)
		}
		p.end()
	})
}

func TestPatienceEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPatience(time.Second, func() { t.Error("the request had ended") })
		if ctx := p.minding(t.Context()); PeerOf(ctx) != nil {
			t.Error("there is a client where there was none")
		}
		p.end()
		time.Sleep(time.Minute)
		synctest.Wait()
	})
}
