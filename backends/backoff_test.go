package backends

import (
	"testing"
	"time"
)

func TestBackoff(t *testing.T) {
	var b backoff
	for i, nominal := range []time.Duration{200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000} {
		nominal *= time.Millisecond
		if d := b.next(); d < nominal/2 || d > nominal {
			t.Errorf("failure %d: got %v, want between %v and %v", i+1, d, nominal/2, nominal)
		}
	}
	b.lasted(59 * time.Second)
	if d := b.next(); d < 15*time.Second {
		t.Errorf("after an unstable connection: got %v", d)
	}
	b.lasted(time.Minute)
	if d := b.next(); d > 200*time.Millisecond {
		t.Errorf("after a stable connection: got %v", d)
	}
}
