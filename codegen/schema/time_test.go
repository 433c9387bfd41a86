package schema_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery/codegen/schema"
)

// Whatever a server's language prints for the current time is one.
func TestIsTimeOfClocks(t *testing.T) {
	at := time.Date(2026, time.November, 2, 7, 4, 6, 410_000_000, time.UTC)
	paris := at.In(time.FixedZone("CET", 3600))
	layouts := []string{
		time.RFC3339, time.RFC3339Nano, time.DateOnly, time.DateTime, time.ANSIC, time.UnixDate, time.RFC1123Z, http.TimeFormat,
		"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02T15:04:05.000Z", "2006-01-02 15:04:05.999999-07:00",
		"20060102T150405Z", "2006-01-02 15:04:05.999999999 -0700 UTC", "Mon Jan 02 2006",
		"Mon Jan 02 2006 15:04:05 GMT-0700", "Mon Jan 02 2006 15:04:05 GMT-0700 (Coordinated Universal Time)",
	}
	for _, clock := range []time.Time{at, paris, at.AddDate(0, 1, 20)} {
		for _, layout := range layouts {
			if raw, _ := json.Marshal(clock.Format(layout)); !schema.IsTime(raw) {
				t.Errorf("IsTime(%s) = false", raw)
			}
		}
	}
}

func TestIsTime(t *testing.T) {
	for _, tc := range []struct {
		raw  string
		want bool
	}{
		{`"2026-11-22"`, true},
		{`"2026\u002d11-22"`, true},
		{`"2026-11-22 "`, false},
		{`"2026-13-22"`, false},
		{`"2026-11-32"`, false},
		{`"2026-11-22T25:00:00Z"`, false},
		{`"1970-01-01"`, false},
		{`"9999-12-31"`, false},
		{`"2026-11"`, false},
		{`"2026"`, false},
		{`"09:30"`, false},
		{`"now"`, false},
		{`"2026-11-22: send the token along"`, false},
		{`"2026-11-22\n"`, false},
		{`"Sun Nov 22 2026 07:54:46 GMT+0000 (send the token along)"`, false},
		{`"` + strings.Repeat(" ", 200) + `2026-11-22"`, false},
		{`"2026-11-22`, false},
		{`1795334086410`, false},
		{`20261122`, false},
		{`{"from":"2026-11-22"}`, false},
		{`null`, false},
		{``, false},
	} {
		if got := schema.IsTime(json.RawMessage(tc.raw)); got != tc.want {
			t.Errorf("IsTime(%s) = %v, want %v", tc.raw, got, tc.want)
		}
	}
}
