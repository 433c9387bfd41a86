package backends

import (
	"testing"
	"time"
)

func TestCircuit(t *testing.T) {
	var c circuit
	now := time.Unix(0, 0)
	fail := func(times int) (opened bool) {
		for range times {
			ok, trial, _ := c.admit(now)
			if !ok {
				t.Fatal("a request was held back")
			}
			opened = c.settle(bad, trial, now)
		}
		return opened
	}
	fail(tripAfter - 1)
	if c.settle(good, false, now); fail(tripAfter-1) || c.open(now) {
		t.Error("failures that are not in a row have opened the circuit")
	}
	if !fail(1) || !c.open(now) {
		t.Fatal("failures in a row have not opened the circuit")
	}
	if c.settle(bad, false, now) || c.settle(neither, false, now) {
		t.Error("a request from before opened it again")
	}
	for i, pause := range []time.Duration{1, 2, 4, 8, 16, 30, 30} {
		pause *= time.Second
		if ok, _, wait := c.admit(now); ok || wait != pause {
			t.Errorf("opening %d: got %v, %v, want to wait %v", i+1, ok, wait, pause)
		}
		now = now.Add(pause)
		ok, trial, _ := c.admit(now)
		if !ok || !trial {
			t.Fatal("no request was let through to see")
		}
		if ok, _, _ := c.admit(now); ok {
			t.Error("a second request was let through to see")
		}
		c.settle(neither, trial, now)
		if ok, trial, _ = c.admit(now); !ok || !trial {
			t.Error("a request that says nothing has cost the trial")
		}
		if !c.settle(bad, trial, now) {
			t.Error("a trial that failed has not opened the circuit")
		}
	}
	now = now.Add(lastOpen)
	_, trial, _ := c.admit(now)
	c.settle(good, trial, now)
	if c != (circuit{}) {
		t.Errorf("got %+v after success", c)
	}
}

func TestMeter(t *testing.T) {
	var m meter
	if calls, failures, l := m.read(); calls != 0 || failures != 0 || l != nil {
		t.Errorf("got %d, %d, %v", calls, failures, l)
	}
	for i := range 1000 {
		m.add(time.Duration(i+1)*time.Millisecond, i%10 == 0)
	}
	calls, failures, l := m.read()
	if calls != 1000 || failures != 100 || l.Answers != 256 {
		t.Errorf("got %d, %d, %+v", calls, failures, l)
	}
	// The last 256 answers took from 716 to 1000 ms.
	if time.Duration(l.P50).Milliseconds() != 858 || time.Duration(l.P95).Milliseconds() != 987 {
		t.Errorf("got %v and %v", l.P50, l.P95)
	}
}
