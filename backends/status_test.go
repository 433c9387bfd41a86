package backends

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends/oauth"
)

func TestStatusJSON(t *testing.T) {
	at := time.Date(2026, 11, 27, 1, 2, 3, 0, time.UTC)
	s := Status{
		Name: "github", State: Failed, Since: at, NextTry: at.Add(time.Second), Restarts: 3, Tools: 2,
		Cause:     &bindery.Error{Code: bindery.Unavailable, Op: "connect to github", Hint: "install it", Err: errors.New("it is not there")},
		Transport: "stdio", Protocol: "2025-11-25", Era: "legacy", Version: "1.2", PID: 17,
		Uptime: Millis(90 * time.Second), InFlight: 1, Waiting: 2, Calls: 10, Failures: 1,
		Latency:  &Latency{P50: Millis(1500 * time.Microsecond), P95: Millis(20 * time.Millisecond), Answers: 9},
		Sessions: []SessionStatus{{ID: "0a1b2c3d", State: Ready, Since: at, PID: 18}},
		Stderr:   []string{"panic"},
	}
	got, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	want := `{
 "name": "github",
 "state": "failed",
 "since": "2026-11-27T01:02:03Z",
 "next_try": "2026-11-27T01:02:04Z",
 "uptime_ms": 90000,
 "restarts": 3,
 "tools": 2,
 "transport": "stdio",
 "protocol": "2025-11-25",
 "era": "legacy",
 "version": "1.2",
 "pid": 17,
 "in_flight": 1,
 "waiting": 2,
 "calls": 10,
 "failures": 1,
 "latency": {
  "p50_ms": 1.5,
  "p95_ms": 20,
  "answers": 9
 },
 "sessions": [
  {
   "id": "0a1b2c3d",
   "state": "ready",
   "since": "2026-11-27T01:02:03Z",
   "in_flight": 0,
   "waiting": 0,
   "pid": 18
  }
 ],
 "stderr": [
  "panic"
 ],
 "cause": {
  "code": "unavailable",
  "message": "connect to github: it is not there",
  "hint": "install it"
 }
}`
	if string(got) != want {
		t.Errorf("got %s", got)
	}
	var back Status
	if err := json.Unmarshal(got, &back); err != nil {
		t.Fatal(err)
	}
	if back.Cause.Error() != s.Cause.Error() || back.Cause.Code != s.Cause.Code || back.Cause.Hint != s.Cause.Hint {
		t.Errorf("got the cause %+v back", back.Cause)
	}
	if again, err := json.MarshalIndent(back, "", " "); err != nil || string(again) != want {
		t.Errorf("got %s back, %v", again, err)
	}
	if b, err := json.Marshal([]Status{{Name: "a", State: Ready}}); err != nil ||
		string(b) != `[{"name":"a","state":"ready","since":"0001-01-01T00:00:00Z","restarts":0,"tools":0,"in_flight":0,"waiting":0,"calls":0,"failures":0}]` {
		t.Errorf("got %s, %v", b, err)
	}
}

// TestReaches changes each field of a spec: a change of policy keeps the
// connection, and every other one does not.
func TestReaches(t *testing.T) {
	policy := map[string]bool{
		"Offers": true, "StartTimeout": true, "CallTimeout": true, "MaxCallTimeout": true, "Lazy": true, "IdleStop": true, "InFlight": true, "Rate": true, "Burst": true,
	}
	base := Spec{Name: "a", Command: "x"}
	for f, v := range reflect.ValueOf(&base).Elem().Fields() {
		changed := base
		c := reflect.ValueOf(&changed).Elem().FieldByIndex(f.Index)
		switch v.Kind() {
		case reflect.String:
			c.SetString("changed")
		case reflect.Bool:
			c.SetBool(true)
		case reflect.Int, reflect.Int64:
			c.SetInt(5)
		case reflect.Float64:
			c.SetFloat(5)
		case reflect.Slice:
			c.Set(reflect.ValueOf([]string{"changed"}))
		case reflect.Map:
			c.Set(reflect.ValueOf(map[string]string{"a": "changed"}))
		case reflect.Pointer:
			changed.OAuth = &oauth.Config{Server: "changed"}
		case reflect.Func:
			changed.Offers = func(string) bool { return true }
		default:
			t.Fatalf("no change is known for %s", f.Name)
		}
		if got := base.reaches(changed); got != policy[f.Name] {
			t.Errorf("a change of %s keeps the connection: %v, want %v", f.Name, got, policy[f.Name])
		}
	}
}
