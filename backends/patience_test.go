package backends

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// The time that a person takes to answer is not the server's.
func TestPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		var took time.Duration
		p := newPatience(10*time.Second, 10*time.Second, func(error) { took = time.Since(begin) })
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

// Progress gives the time anew, up to the maximum, in which questions do not
// count either.
func TestPatienceIsRenewed(t *testing.T) {
	for name, tt := range map[string]struct {
		most   time.Duration
		moves  int // every 8 seconds
		asked  time.Duration
		want   time.Duration
		reason string
	}{
		"no progress":              {time.Minute, 0, 0, 10 * time.Second, "the call timeout of 10s"},
		"some":                     {time.Minute, 3, 0, 34 * time.Second, "the call timeout of 10s"},
		"without an end":           {time.Minute, 100, 0, time.Minute, "the maximum for a call that makes progress of 1m0s"},
		"and a question":           {time.Minute, 100, time.Hour, time.Hour + time.Minute, "the maximum for a call that makes progress of 1m0s"},
		"where none is waited for": {10 * time.Second, 100, 0, 10 * time.Second, "the call timeout of 10s"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, over := context.WithCancelCause(t.Context())
				begin := time.Now()
				p := newPatience(10*time.Second, tt.most, over)
				defer p.end()
				ctx = p.minding(WithPeer(ctx, &Peer{Ask: func(context.Context, string, json.RawMessage) (json.RawMessage, error) {
					time.Sleep(tt.asked)
					return nil, nil
				}}))
				if tt.asked > 0 {
					_, _ = PeerOf(ctx).Ask(ctx, "elicitation/create", nil)
				}
				for i := 0; i < tt.moves && ctx.Err() == nil; i++ {
					select {
					case <-time.After(8 * time.Second):
						p.renew()
					case <-ctx.Done():
					}
				}
				<-ctx.Done()
				if took, why := time.Since(begin), context.Cause(ctx).Error(); took != tt.want || !strings.Contains(why, tt.reason) {
					t.Errorf("over after %s: %s", took, why)
				}
			})
		})
	}
}

func TestPatienceEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPatience(time.Second, time.Minute, func(error) { t.Error("the request had ended") })
		if ctx := p.minding(t.Context()); PeerOf(ctx) != nil {
			t.Error("there is a client where there was none")
		}
		p.end()
		time.Sleep(time.Minute)
		synctest.Wait()
	})
}
