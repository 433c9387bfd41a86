package execution

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// reads takes tools named r for those that change nothing.
func reads(id bindery.ToolID) bool { return id.Name == "r" }

// world is a server whose calls end as the test's script says.
type world struct {
	fates map[int]string // by seq
	made  int
}

func (w *world) Call(_ context.Context, c bindery.Call) (bindery.Result, error) {
	w.made++
	switch w.fates[c.Seq] {
	case "!":
		return bindery.Result{IsError: true}, nil
	case "?":
		return bindery.Result{}, &bindery.Error{Code: bindery.Timeout, Err: errors.New("no answer")}
	case "~":
		return bindery.Result{}, &bindery.Error{Code: bindery.Unavailable, Unsent: true, Err: errors.New("the server is down")}
	}
	return bindery.Result{Structured: json.RawMessage(fmt.Sprintf(`"answer %s to %d"`, c.Args, c.Seq))}, nil
}

// play makes the calls of a script and returns what became of each. The script
// is a list of calls such as "w1", a tool and its argument: "w1!" fails, "w1?"
// is not answered, "w1-" is refused before it is sent, "w1~" finds its server
// down, and the calls between
// parentheses are all started before the first is answered.
func play(l *Ledger, script string) []string {
	w := &world{fates: map[int]string{}}
	refusing := bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
		if w.fates[c.Seq] == "-" {
			return bindery.Result{}, &bindery.Error{Code: bindery.Invalid, Err: errors.New("wrong")}
		}
		return l.Sent(w).Call(ctx, c)
	})
	var waiting []func()
	h := &starter{start: func(ctx context.Context, c bindery.Call, done func(bindery.Result, error)) {
		waiting = append(waiting, func() { done(l.Layer(refusing).Call(ctx, c)) })
	}}
	var out []string
	together := false
	settle := func() {
		for _, answer := range waiting {
			answer()
		}
		waiting = nil
	}
	seq := 0
	for word := range strings.FieldsSeq(strings.NewReplacer("(", " ( ", ")", " ) ").Replace(script)) {
		if word == "(" || word == ")" {
			together = word == "("
			if !together {
				settle()
			}
			continue
		}
		seq++
		name := strings.TrimRight(word, "!?-~")
		w.fates[seq] = word[len(name):]
		i := len(out)
		out = append(out, "")
		l.Host(h).Start(context.Background(), bindery.Call{
			Tool: bindery.ToolID{Server: "s", Name: name[:1]}, Args: json.RawMessage(`{"n":` + name[1:] + `}`), Seq: seq, Line: seq,
		}, func(_ bindery.Result, err error) {
			switch {
			case err != nil && bindery.HintOf(err) != "":
				out[i] = "stop"
			case l.Records()[i].Replayed:
				out[i] = "replay"
			default:
				out[i] = "made"
			}
		})
		if !together {
			settle()
		}
	}
	if n := strings.Count(strings.Join(out, " "), "made"); n != w.made+strings.Count(script, "-") {
		return []string{fmt.Sprintf("%d calls reached the server, %d say so", w.made, n)}
	}
	return out
}

type starter struct {
	sandbox.Host
	start func(context.Context, bindery.Call, func(bindery.Result, error))
}

func (s *starter) Start(ctx context.Context, c bindery.Call, done func(bindery.Result, error)) {
	s.start(ctx, c, done)
}
