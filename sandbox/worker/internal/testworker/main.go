// Command testworker is a worker whose engine does what the script says,
// however hostile: the tests of package worker build and run it. With the
// argument "gateway" it is a gateway that holds a worker.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/sandbox"
	"github.com/bindery-mcp/bindery/sandbox/worker"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "gateway" {
		gateway()
		return
	}
	os.Exit(worker.Main(&engine{}))
}

// gateway runs an endless script and prints the id of its worker's process.
func gateway() {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	p, err := worker.NewPool(worker.Options{Command: []string{self, worker.Arg}, Size: -1})
	if err != nil {
		panic(err)
	}
	l := sandbox.DefaultLimits()
	l.Wall, l.CPU = time.Hour, time.Hour
	p.Run(context.Background(), sandbox.Script{Source: "pid loop", Limits: l}, printer{})
}

type printer struct{}

func (printer) Start(context.Context, bindery.Call, func(bindery.Result, error)) {}
func (printer) Log(l sandbox.Line)                                               { fmt.Println(l.Text) }

// engine runs the words of a script one after another.
type engine struct{ grown [][]byte }

func (e *engine) Run(ctx context.Context, s sandbox.Script, h sandbox.Host) (sandbox.Outcome, error) {
	var out sandbox.Outcome
	for word := range strings.FieldsSeq(s.Source) {
		name, arg, _ := strings.Cut(word, "=")
		n, _ := strconv.Atoi(arg)
		switch name {
		case "echo":
			out.Value = s.Data
		case "bound":
			out.Value = boundTools(s.Bindings)
		case "calls":
			out.Value = calls(ctx, h, n, s.Data)
		case "value":
			out.Value = json.RawMessage(`"` + strings.Repeat("x", n) + `"`)
		case "log":
			for i := range n {
				h.Log(sandbox.Line{Level: "log", Text: "line " + strconv.Itoa(i)})
			}
		case "pid":
			h.Log(sandbox.Line{Level: "log", Text: strconv.Itoa(os.Getpid())})
		case "throw":
			out.Failure = &sandbox.Failure{Code: bindery.Script, Name: "Error", Message: "thrown", Line: 3}
		case "fail":
			return out, &bindery.Error{Code: bindery.Internal, Op: "run", Err: errors.New("engine failed")}
		case "wait":
			<-ctx.Done()
			out.Failure = &sandbox.Failure{Code: bindery.Timeout, Message: "stopped by the engine", Line: 7}
		case "spin":
			for ctx.Err() == nil {
			}
			out.Failure = &sandbox.Failure{Code: bindery.Timeout, Message: "stopped by the engine", Line: 7}
		case "loop":
			for {
			}
		case "burn":
			for end := time.Now().Add(300 * time.Millisecond); time.Now().Before(end); {
			}
		case "grow":
			e.grown = append(e.grown, touched(n<<20))
		case "forget":
			h.Start(ctx, bindery.Call{Tool: tool(0)}, func(bindery.Result, error) {})
		case "leftover":
			out.Leftover = true
		case "alloc":
			hoard()
		case "huge":
			runtime.KeepAlive(make([]byte, 1<<n))
		case "recurse":
			recurse(0)
		case "panic":
			panic("boom")
		case "exit":
			os.Exit(n)
		case "shed":
			for {
				h.Start(ctx, bindery.Call{Tool: tool(0)}, func(bindery.Result, error) {})
			}
		default:
			if err := system(name, s.Data, &out); err != nil {
				return out, err
			}
		}
	}
	return out, nil
}

func tool(i int) bindery.ToolID {
	return bindery.ToolID{Server: "srv", Name: "t" + strconv.Itoa(i%10)}
}

// calls makes n calls at once and returns how many were answered how.
func calls(ctx context.Context, h sandbox.Host, n int, args json.RawMessage) json.RawMessage {
	type answer struct {
		r   bindery.Result
		err error
	}
	answers := make(chan answer, n)
	for i := range n {
		c := bindery.Call{Tool: tool(i), Args: args, Seq: i + 1, Line: 1}
		h.Start(ctx, c, func(r bindery.Result, err error) { answers <- answer{r, err} })
	}
	count := map[string]int{}
	for range n {
		select {
		case a := <-answers:
			switch {
			case a.err != nil:
				count[bindery.CodeOf(a.err).String()+": "+a.err.Error()]++
			case a.r.IsError:
				count["isError"]++
			default:
				text := string(a.r.Structured)
				for _, c := range a.r.Content {
					text += "|" + c.Type + ":" + c.Text + string(c.Data)
				}
				if len(text) > 100 {
					text = fmt.Sprintf("%d bytes", len(text))
				}
				count[text]++
			}
		case <-ctx.Done():
			count["unanswered"]++
		}
	}
	b, err := json.Marshal(count)
	if err != nil {
		panic(err)
	}
	return b
}

func boundTools(b *sandbox.Bindings) json.RawMessage {
	n := 0
	if b == nil {
		return json.RawMessage("null")
	}
	for _, s := range b.Servers {
		n += len(s.Tools)
	}
	return json.RawMessage(strconv.Itoa(n))
}

func hoard() {
	var kept [][]byte
	for {
		kept = append(kept, touched(1<<20))
	}
}

// touched returns n bytes that the system had to provide.
func touched(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i)
	}
	return b
}

func recurse(n int) int {
	var pad [64]int
	pad[n%64] = n
	return recurse(n+1) + pad[(n+1)%64]
}
