package worker

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

// Forged are frames that no honest worker sends, by name, for the external
// tests.
func Forged(t testing.TB) map[string][]byte {
	encode := func(frames ...frame) []byte {
		var b bytes.Buffer
		for _, f := range frames {
			if err := writeFrame(&b, f); err != nil {
				t.Fatal(err)
			}
		}
		return b.Bytes()
	}
	known := bindery.ToolID{Server: "srv", Name: "t0"}
	call := func(id uint64, args string) frame {
		return newFrame(kindCall, callHead{ID: id, Tool: known}, []byte(args))
	}
	giant := binary.BigEndian.AppendUint32(nil, 1<<32-1)
	return map[string][]byte{
		"garbage":          bytes.Repeat([]byte("garbage "), 100),
		"garbage json":     encode(frame{kind: kindDone, head: []byte(`{"notes":[1}`)}),
		"unknown field":    encode(frame{kind: kindDone, head: []byte(`{"x":1}`)}),
		"two heads":        encode(frame{kind: kindDone, head: []byte(`{}{}`)}),
		"unknown kind":     encode(frame{kind: 99, head: []byte(`{}`)}),
		"gateway's kind":   encode(frame{kind: kindAnswer, head: []byte(`{}`)}),
		"ready again":      encode(newFrame(kindReady, readyHead{Version: version})),
		"giant length":     append(giant, byte(kindDone), 0, 0, 0, 2, '{', '}'),
		"giant head":       append(encode(newFrame(kindDone, doneHead{}))[:5], 255, 255, 255, 255),
		"duplicate id":     encode(call(1, "{}"), call(1, "{}")),
		"id gap":           encode(call(1, "{}"), call(3, "{}")),
		"arguments":        encode(call(1, "{")),
		"large arguments":  encode(call(1, string(make([]byte, 3<<20)))),
		"value not json":   encode(newFrame(kindDone, doneHead{}, []byte("{"))),
		"value of failure": encode(newFrame(kindDone, doneHead{Failure: &sandbox.Failure{}}, []byte("1"))),
		"failure code":     encode(newFrame(kindDone, doneHead{Failure: &sandbox.Failure{Code: 200}})),
		"log level":        encode(newFrame(kindLog, logHead{Level: "\x1b[31m"}, []byte("x"))),
	}
}

// DoneTwice ends a script twice, first with the value 1.
func DoneTwice(t testing.TB) []byte {
	var b bytes.Buffer
	for _, v := range []string{"1", "2"} {
		if err := writeFrame(&b, newFrame(kindDone, doneHead{}, []byte(v))); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// OffersAgain ends a script with the value 1, offers to run another and then
// says what no script asked for.
func OffersAgain(t testing.TB) []byte {
	var b bytes.Buffer
	for _, f := range []frame{
		newFrame(kindDone, doneHead{Again: true}, []byte("1")),
		newFrame(kindLog, logHead{Level: "log"}, []byte("still here")),
		newFrame(kindCall, callHead{ID: 1, Tool: bindery.ToolID{Server: "srv", Name: "t0"}}, []byte("{}")),
		newFrame(kindDone, doneHead{Again: true}, []byte("2")),
	} {
		if err := writeFrame(&b, f); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// UnknownTool calls a tool that is not bound.
func UnknownTool(t testing.TB) []byte {
	var b bytes.Buffer
	f := newFrame(kindCall, callHead{ID: 1, Tool: bindery.ToolID{Server: "srv", Name: "secret"}}, []byte("{}"))
	if err := writeFrame(&b, f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
