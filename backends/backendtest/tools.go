package backendtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"
)

// arguments are those of all tools.
type arguments struct {
	Bytes  int64         `json:"bytes"`  // size of a big answer
	IDLast bool          `json:"idLast"` // the id of a big answer comes at its end
	Wait   time.Duration `json:"wait"`   // nanoseconds
	Count  int           `json:"count"`
	Text   string        `json:"text"`
}

// action is what one tool does.
type action func(ctx context.Context, s *server, r request, a arguments, p peer)

func actions() map[string]action {
	all := map[string]action{
		"echo":      echo,
		"env":       environment,
		"bigint":    bigint,
		"big":       big,
		"endless":   endless,
		"deep":      deep,
		"broken":    broken,
		"slow":      slow,
		"hang":      hang,
		"die":       die,
		"fail":      failing,
		"rpcerror":  rpcError,
		"badparams": badParams,
		"noise":     noise,
		"duplicate": duplicate,
		"wrongid":   wrongID,
		"stringid":  stringID,
		"batch":     batch,
		"images":    images,
		"ask":       ask,
		"change":    change,
		"storm":     storm,
		"spawn":     spawn,
		"chore":     chore,
		"extra":     echo,
	}
	maps.Copy(all, faultActions())
	maps.Copy(all, talkActions())
	maps.Copy(all, modernActions())
	return all
}

// Tools returns the names of the tools that a server without modes offers, in
// its order.
//
//	echo       answers its arguments as structuredContent, byte for byte, and as text
//	env        answers the names of its environment variables
//	bigint     answers a number that no double holds
//	big        answers {bytes} of text, the id after it with {idLast}
//	endless    answers without end
//	deep       answers {count} nested arrays
//	broken     answers JSON that is cut off
//	slow       answers after {wait}
//	hang       answers when it is cancelled, and writes so to stderr
//	die        writes {text} and a panic to stderr and exits with status 3
//	fail       answers isError with {text}
//	rpcerror   answers error -32603 with {text}
//	badparams  answers error -32602
//	noise      writes lines that are no messages before its answer
//	duplicate  answers twice
//	wrongid    answers another request first, which nobody made
//	stringid   answers with its id as a string
//	batch      answers in a JSON-RPC batch
//	images     answers an image, a resource link and a block of an unknown type
//	ask        answers that it needs input
//	change     offers "extra" from now on and says so
//	storm      says {count} times that the tools have changed
//	raw, lastword, late, block, pid: see fault.go
//	question, progress, log, update, complete, relist, meta, seen: see talk.go
//	input, task, drop: see modern.go
//	chore: see chore.go
//	spawn      starts a child of its own, which stays, and answers its process id
func Tools() []string {
	names := []string{}
	for name := range actions() {
		if name != "extra" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func (s *server) call(ctx context.Context, r request, p peer) {
	do := actions()[r.Params.Name]
	if do == nil || r.Params.Name == "extra" && !s.extra.Load() {
		fail(p, r.ID, -32602, "Unknown tool: "+r.Params.Name)
		return
	}
	var a arguments
	_ = json.Unmarshal(r.Params.Arguments, &a) // echo takes anything
	do(ctx, s, r, a, p)
}

func echo(_ context.Context, _ *server, r request, _ arguments, p peer) {
	text, _ := json.Marshal(string(r.Params.Arguments))
	reply(p, r.ID, fmt.Sprintf(`{"content":[{"type":"text","text":%s}],"structuredContent":%s}`, text, r.Params.Arguments))
}

func textResult(p peer, id json.RawMessage, text string) {
	quoted, _ := json.Marshal(text)
	reply(p, id, fmt.Sprintf(`{"content":[{"type":"text","text":%s}]}`, quoted))
}

func environment(_ context.Context, _ *server, r request, _ arguments, p peer) {
	var names []string
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		names = append(names, name)
	}
	slices.Sort(names)
	textResult(p, r.ID, strings.Join(names, " "))
}

func bigint(_ context.Context, _ *server, r request, _ arguments, p peer) {
	reply(p, r.ID, `{"content":[],"structuredContent":{"zulu":12345678901234567890,"alpha":1.10}}`)
}

func big(_ context.Context, _ *server, r request, a arguments, p peer) {
	w := p.begin()
	defer p.end()
	if a.IDLast {
		fmt.Fprint(w, `{"result":{"content":[{"type":"text","text":"`)
	} else {
		fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":{"content":[{"type":"text","text":"`, r.ID)
	}
	chunk := bytes.Repeat([]byte("x"), 64<<10)
	for left := a.Bytes; left > 0; left -= int64(len(chunk)) {
		if _, err := w.Write(chunk[:min(left, int64(len(chunk)))]); err != nil {
			return
		}
	}
	fmt.Fprint(w, `"}]}`)
	if a.IDLast {
		fmt.Fprintf(w, `,"jsonrpc":"2.0","id":%s`, r.ID)
	}
	fmt.Fprint(w, `}`)
}

func endless(ctx context.Context, _ *server, r request, _ arguments, p peer) {
	w := p.begin()
	defer p.end()
	fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":{"content":[{"type":"text","text":"`, r.ID)
	chunk := bytes.Repeat([]byte("x"), 64<<10)
	for ctx.Err() == nil {
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
}

func deep(_ context.Context, _ *server, r request, a arguments, p peer) {
	reply(p, r.ID, `{"content":[],"structuredContent":`+strings.Repeat("[", a.Count)+strings.Repeat("]", a.Count)+`}`)
}

func broken(_ context.Context, _ *server, r request, _ arguments, p peer) {
	fmt.Fprintf(p.begin(), `{"jsonrpc":"2.0","id":%s,"result":{"content":[`, r.ID)
	p.end()
}

func slow(ctx context.Context, _ *server, r request, a arguments, p peer) {
	t := time.NewTimer(a.Wait)
	defer t.Stop()
	select {
	case <-t.C:
		textResult(p, r.ID, "at last")
	case <-ctx.Done():
	}
}

func hang(ctx context.Context, s *server, _ request, _ arguments, _ peer) {
	s.note("hanging")
	<-ctx.Done()
	s.note("hang cancelled")
	fmt.Fprintln(os.Stderr, "hang was cancelled")
}

func die(_ context.Context, _ *server, _ request, a arguments, _ peer) {
	fmt.Fprintln(os.Stderr, a.Text)
	fmt.Fprintln(os.Stderr, "\x1b[31mpanic: out of cheese\x1b[0m")
	os.Exit(3)
}

func failing(_ context.Context, _ *server, r request, a arguments, p peer) {
	text, _ := json.Marshal(a.Text)
	reply(p, r.ID, fmt.Sprintf(`{"isError":true,"content":[{"type":"text","text":%s}]}`, text))
}

func rpcError(_ context.Context, _ *server, r request, a arguments, p peer) {
	fail(p, r.ID, -32603, a.Text)
}

func badParams(_ context.Context, _ *server, r request, _ arguments, p peer) {
	fail(p, r.ID, -32602, "alpha must be a number")
}

func noise(_ context.Context, _ *server, r request, _ arguments, p peer) {
	for _, line := range []string{"npm WARN deprecated everything", "", "[not json", `{"half":`, "\xff\xfe\x00"} {
		p.notify(line)
	}
	textResult(p, r.ID, "quiet again")
}

func duplicate(_ context.Context, _ *server, r request, _ arguments, p peer) {
	textResult(p, r.ID, "first")
	textResult(p, r.ID, "second")
}

func wrongID(_ context.Context, _ *server, r request, _ arguments, p peer) {
	textResult(p, json.RawMessage("987654"), "for nobody")
	textResult(p, r.ID, "for you")
}

func stringID(_ context.Context, _ *server, r request, _ arguments, p peer) {
	textResult(p, json.RawMessage(`"`+string(r.ID)+`"`), "never seen")
}

func batch(_ context.Context, _ *server, r request, _ arguments, p peer) {
	fmt.Fprintf(p.begin(), `[{"jsonrpc":"2.0","method":"notifications/message","params":{}},`+
		`{"jsonrpc":"2.0","id":%s,"result":{"content":[{"type":"text","text":"batched"}]}}]`, r.ID)
	p.end()
}

func images(_ context.Context, _ *server, r request, _ arguments, p peer) {
	reply(p, r.ID, `{"content":[{"type":"image","data":"aGVsbG8=","mimeType":"image/png"},`+
		`{"type":"resource_link","uri":"file:///x","name":"x"},{"type":"hologram","volume":3},{"type":"image","data":"***"}]}`)
}

func ask(_ context.Context, _ *server, r request, _ arguments, p peer) {
	reply(p, r.ID, `{"resultType":"input_required","requestState":"s"}`)
}

const listChanged = `{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}`

func change(_ context.Context, s *server, r request, _ arguments, p peer) {
	s.extra.Store(true)
	s.announce(p, "notifications/tools/list_changed", "")
	textResult(p, r.ID, "changed")
}

func storm(_ context.Context, s *server, r request, a arguments, p peer) {
	for range a.Count {
		p.notify(listChanged)
	}
	textResult(p, r.ID, fmt.Sprint(s.lists.Load()))
}

func spawn(_ context.Context, _ *server, r request, _ arguments, p peer) {
	pid, err := startSleeper()
	if err != nil {
		fail(p, r.ID, -32603, err.Error())
		return
	}
	textResult(p, r.ID, fmt.Sprint(pid))
}
