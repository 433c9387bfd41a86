package e2e

import (
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// readyLine is what the gateway says once a server is ready.
func readyLine(server string) *regexp.Regexp {
	return regexp.MustCompile(`^bindery: (` + server + `) ready, `)
}

// A gateway that is told to stop takes no new scripts, lets the one that runs
// end and answers it, and leaves nothing behind.
func TestStopFinishesScripts(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"2026-07-28", "2025-11-25"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.AddFaulty(t, "near")
			far := w.AddUpstream(t, "far")
			release := far.Hold("tools/call echo")
			gateway, url := w.Gateway(t)
			early, late := newWire(t, url, version), newWire(t, url, version)
			_, accepted := early.begin(t, call(version, 1, `(await near.echo({alpha: 20})).alpha + (await far.echo({alpha: 22})).alpha`))
			far.Await(t, "tools/call echo")
			before := descendants(t, gateway.cmd.Process.Pid)

			gateway.signal(t, syscall.SIGTERM)
			eventually(t, func() string {
				_, replied := late.begin(t, call(version, 2, `return 1`))
				if r := got(t, replied); !strings.Contains(r.Body, "shutting down") {
					return "a new script is not refused: " + r.Body
				}
				return ""
			})
			release()
			if r := got(t, accepted); r.Err != nil || !strings.Contains(r.Body, `"text":"42"`) {
				t.Errorf("the script that ran got %s, %v", r.Body, r.Err)
			}
			if err := gateway.wait(t); err != nil {
				t.Errorf("the gateway ended with %v:\n%s", err, gateway.output())
			}
			allGone(t, before)
		})
	}
}

// A script that does not end is not waited for: a while after the signal it is
// cancelled, its client is told, and the gateway ends all the same.
func TestStopEndsLongScripts(t *testing.T) {
	t.Parallel()
	w, near, far := longWorld(t)
	gateway, url := w.Gateway(t)
	_, replied := newWire(t, url, "2026-07-28").begin(t, call("2026-07-28", 1, long))
	near.Await(t, "tools/call hang")
	far.Await(t, "tools/call hang")
	before := descendants(t, gateway.cmd.Process.Pid)

	gateway.signal(t, syscall.SIGTERM)
	if err := gateway.wait(t); err != nil {
		t.Errorf("the gateway ended with %v:\n%s", err, gateway.output())
	}
	if r := got(t, replied); r.Err != nil || !strings.Contains(r.Body, `"isError":true`) {
		t.Errorf("the client got %q, %v", r.Body, r.Err)
	}
	allGone(t, before)
}

// A gateway that is killed cannot end what it has started; the kernel does.
func TestKilledGatewayLeavesNothing(t *testing.T) {
	t.Parallel()
	w, near, far := longWorld(t)
	w.Add("everything", w.stdio(t, npmServers()["everything"]))
	gateway, url := w.Gateway(t)
	_, replied := newWire(t, url, "2026-07-28").begin(t, call("2026-07-28", 1, long))
	near.Await(t, "tools/call hang")
	far.Await(t, "tools/call hang")
	before := descendants(t, gateway.cmd.Process.Pid)
	if len(workers(before)) == 0 || len(before) < len(workers(before))+2 {
		t.Fatalf("a sandbox and two servers run: %v", before)
	}

	gateway.signal(t, syscall.SIGKILL)
	if err := gateway.wait(t); err == nil {
		t.Error("a killed gateway ended well")
	}
	allGone(t, before)
	if r := got(t, replied); r.Err == nil {
		t.Errorf("the client got %q from a dead gateway", r.Body)
	}
}
