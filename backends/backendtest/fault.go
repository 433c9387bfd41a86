package backendtest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// Modes of what a server lists.
const (
	ManyTools   Mode = "many-tools"   // 100,000 tools
	HugeTool    Mode = "huge-tool"    // one tool has a description of 10 MB
	SelfSchema  Mode = "self-schema"  // one tool's schema refers to itself
	EndlessList Mode = "endless-list" // the list is a line without end
	Growing     Mode = "growing"      // the list has one tool more each time, and says so at once
)

// Modes of a stdio server's life.
const (
	DieAfterInit Mode = "die-after-init" // exits with status 4 at the first tools/list
)

// faultActions are the tools that exist to go wrong in ways of the caller's
// choice.
//
//	raw      writes {lines}, in which $ID stands for the request's id, and its own answer unless {mute}
//	lastword answers and exits with status 3
//	late     answers when it is cancelled
//	block    keeps the server from reading for {wait}, then answers
//	pid      answers its process id
func faultActions() map[string]action {
	return map[string]action{"raw": raw, "lastword": lastWord, "late": late, "block": block, "pid": pid}
}

func raw(_ context.Context, _ *server, r request, _ arguments, p peer) {
	var a struct {
		Lines []string `json:"lines"`
		Bytes [][]byte `json:"bytes"` // for what no JSON string holds
		Mute  bool     `json:"mute"`
	}
	_ = json.Unmarshal(r.Params.Arguments, &a) // what cannot be read is not written
	for _, b := range a.Bytes {
		a.Lines = append(a.Lines, string(b))
	}
	for _, line := range a.Lines {
		_, _ = io.WriteString(p.begin(), strings.ReplaceAll(line, "$ID", string(r.ID)))
		p.end()
	}
	if !a.Mute {
		textResult(p, r.ID, "raw")
	}
}

func lastWord(_ context.Context, _ *server, r request, _ arguments, p peer) {
	textResult(p, r.ID, "goodbye")
	os.Exit(3)
}

func late(ctx context.Context, _ *server, r request, _ arguments, p peer) {
	<-ctx.Done()
	textResult(p, r.ID, "too late")
}

func block(_ context.Context, s *server, r request, a arguments, p peer) {
	s.reading.Lock()
	time.Sleep(a.Wait)
	s.reading.Unlock()
	textResult(p, r.ID, "awake again")
}

func pid(_ context.Context, _ *server, r request, _ arguments, p peer) {
	textResult(p, r.ID, fmt.Sprint(os.Getpid()))
}

// listFault answers tools/list in the way of a mode, if there is one.
func (s *server) listFault(r request, p peer) bool {
	const tool = `{"name":"t%d","description":"Does it.","inputSchema":{"type":"object"}}`
	switch {
	case s.is(DieAfterInit):
		os.Exit(4)
	case s.is(ManyTools):
		w := p.begin()
		fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":{"tools":[`+tool, r.ID, 0)
		for i := 1; i < 100_000; i++ {
			fmt.Fprintf(w, ","+tool, i)
		}
		_, _ = io.WriteString(w, `]}}`)
		p.end()
	case s.is(HugeTool):
		reply(p, r.ID, `{"tools":[{"name":"huge","description":"`+strings.Repeat("x", 10_000_000)+`","inputSchema":{}},`+definition("echo")+`]}`)
	case s.is(SelfSchema):
		reply(p, r.ID, `{"tools":[{"name":"self","inputSchema":{"$ref":"#"}},{"name":"mutual","inputSchema":{"$defs":{"a":{"$ref":"#/$defs/b"},`+
			`"b":{"$ref":"#/$defs/a"}},"$ref":"#/$defs/a"}},`+definition("echo")+`]}`)
	case s.is(EndlessList):
		w := p.begin()
		fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":{"tools":[`+tool, r.ID, 0)
		chunk := strings.Repeat(" ", 64<<10)
		for {
			if _, err := io.WriteString(w, chunk); err != nil {
				return true
			}
		}
	case s.is(Growing):
		var defs []string
		for i := range s.lists.Load() {
			defs = append(defs, fmt.Sprintf(tool, i))
		}
		reply(p, r.ID, `{"tools":[`+strings.Join(append(defs, definition("echo")), ",")+`]}`)
		p.notify(listChanged)
	default:
		return false
	}
	return true
}
