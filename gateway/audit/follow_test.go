package audit

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// Who follows a log sees each record once, over files, as it is written.
func TestFollow(t *testing.T) {
	dir := t.TempDir()
	l := opens(t, dir, Options{RotateBytes: 1})
	trail := l.Direct(Execution{})
	for i := range 5 {
		call(t, trail, fmt.Sprint("early", i))
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	seq, calls := uint64(2), 0
	for r, err := range Follow(ctx, dir, 3) {
		if err != nil {
			t.Fatal(err)
		}
		if seq++; r.Seq != seq {
			t.Fatalf("record %d, want %d", r.Seq, seq)
		}
		if r.Kind == CallEnd {
			calls++
		}
		if calls >= 5 && calls < 12 && r.Kind == CallEnd {
			call(t, trail, fmt.Sprint("late", calls))
		}
		if calls == 12 {
			break
		}
	}
	if calls != 12 {
		t.Errorf("%d calls seen", calls)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if last, err := Last(dir); err != nil || last != verified(t, dir).Last {
		t.Errorf("the last is said to be %d, %v", last, err)
	}
}
