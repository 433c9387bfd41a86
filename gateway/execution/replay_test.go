package execution

import (
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery"
)

func TestReplay(t *testing.T) {
	for _, tc := range []struct {
		name, before, after, want string
		stopped                   string // part of the reason
	}{
		{"the same script", "w1 w2 w3!", "w1 w2 w3 w4", "replay replay made made", ""},
		{"other arguments", "w1", "w2", "stop", "w({\"n\":2}"},
		{"reads are answered too", "r1 w1 r2 w2!", "r1 w1 r2 w2", "replay replay replay made", ""},
		{"new and left out reads", "r1 w1 w2!", "r3 w1 r4 w2", "made replay made made", ""},
		{"reads after a change are made anew", "r1 w1 w2! r1 r1", "r1 w1 w2 r1", "replay replay made made", ""},
		{"as many reads as there were", "r1 r1 w1", "r1 r1 r1 w1", "replay replay made replay", ""},
		{"reads that failed are made again", "r1! r2? w1", "r1 r2 w1", "made made replay", ""},
		{"another change first", "w1 w2", "w2 w1", "stop stop", "the script calls s.w({\"n\":2}) where execution before had called s.w({\"n\":1}) (line 1), which took effect"},
		{"a change left out", "w1 w2 w3!", "w1 w3", "replay stop", "had called s.w({\"n\":2})"},
		{"a change put between", "w1 w2", "w1 w9 w2", "replay stop stop", "the script calls s.w({\"n\":9})"},
		{"nothing after a stop", "w1", "w2 r1 w1", "stop stop stop", "where execution before"},
		{"together in any order", "(w1 w2 w3) w4!", "(w3 w1) w2 w4", "replay replay replay made", ""},
		{"not across what was awaited", "(w1 w2) w3", "w3 w1 w2", "stop stop stop", "s.w({\"n\":3})"},
		{"one of several failed", "(w1 w2! w3)", "(w1 w2 w3) w4", "replay made replay made", ""},
		{"one of several is repaired", "(w1 w2! w3)", "(w1 w7 w3)", "replay made replay", ""},
		{"a refused call is repaired", "w1 w2- w3", "w1 w7 w3", "replay made replay", ""},
		{"a repair is of the same tool", "w1 w2! w3", "w1 v2 w3", "replay stop stop", "s.v({\"n\":2})"},
		{"one repair for one failure", "w1! w2", "w7 w8", "made stop", "s.w({\"n\":8})"},
		{"a call tried until it succeeded", "w1! w1 w2!", "w1 w2", "replay made", ""},
		{"as many changes as there were", "w1 w1", "w1 w1 w1", "replay replay made", ""},
		{"unknown stops", "w1 w2? w3", "w1 w2 w3", "replay stop stop", "s.w({\"n\":2}) was sent before (line 2) and not answered"},
		{"unknown is not passed over", "w1 w2?", "w1 w3", "replay stop", "which may have taken effect"},
		{"reads go on before unknown", "w1?", "r1 r2 w1", "made made stop", "was sent before"},
		{"nothing to repeat", "w1!", "w2 w3", "made made", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			first := New("before", reads, nil, nil)
			play(first, tc.before)
			second := New("after", reads, first, nil)
			if got := strings.Join(play(second, tc.after), " "); got != tc.want {
				t.Errorf("%s, want %s", got, tc.want)
			}
			err := second.Stopped()
			if (err != nil) != (tc.stopped != "") || err != nil && (!strings.Contains(err.Error(), tc.stopped) || bindery.HintOf(err) == "") {
				t.Errorf("stopped: %v; want %q", err, tc.stopped)
			}
			if n, from := second.Replayed(); n != strings.Count(tc.want, "replay") || from != "before" {
				t.Errorf("%d replayed from %q", n, from)
			}
		})
	}
}

// What a resumed script did not come to is not forgotten by the one that
// resumes that.
func TestReplayOfAReplay(t *testing.T) {
	first := New("1", reads, nil, nil)
	play(first, "w1 w2 w3 w4!")
	second := New("2", reads, first, nil)
	if got := strings.Join(play(second, "w1 r1"), " "); got != "replay made" {
		t.Fatalf("second: %s", got)
	}
	third := New("3", reads, second, nil)
	if got := strings.Join(play(third, "w1 w3"), " "); got != "replay stop" {
		t.Errorf("third, another order: %s", got)
	}
	fourth := New("4", reads, third, nil)
	if got := strings.Join(play(fourth, "w1 w2 w3 w4 w5"), " "); got != "replay replay replay made made" {
		t.Errorf("fourth: %s", got)
	}
}

// A changing call whose result could not be kept is not made again.
func TestReplayWithoutAResult(t *testing.T) {
	first := New("1", reads, nil, nil)
	play(first, "w1 r1")
	for _, e := range first.entries {
		e.result = nil
	}
	second := New("2", reads, first, nil)
	if got := strings.Join(play(second, "r1 w1"), " "); got != "made stop" {
		t.Errorf("%s", got)
	}
	if err := second.Stopped(); err == nil || !strings.Contains(err.Error(), "too large to be kept") {
		t.Errorf("stopped: %v", err)
	}
}
