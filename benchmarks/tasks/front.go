package tasks

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway"
	"github.com/bindery-mcp/bindery/gateway/learned"
)

// front is a gateway before the servers of a world, and a client of it, with
// Streamable HTTP between the two: what a model behind a real client has.
type front struct {
	world   *world
	meter   *meter
	gateway *gateway.Gateway
	said    conversation
	took    time.Duration // all requests, and last the last of them
	last    time.Duration
	// answered are the bytes of what the model read.
	answered int64

	http    *http.Server
	served  chan error
	session *mcp.ClientSession
}

// open starts the gateway. The store, which may be nil, is what it knows of
// the types of results.
func (o *Options) open(ctx context.Context, w *world, store *learned.Store) (_ *front, err error) {
	f := &front{world: w, meter: &meter{Set: w.set}}
	f.gateway = gateway.New(gateway.Options{
		Tools: f.meter, Engine: o.Engine, Learned: store, Version: "bench", Logger: o.Logger,
		Patience: slowest, // a busy machine must not change what the model reads
	})
	defer func() {
		if err != nil {
			err = errors.Join(err, f.close())
		}
	}()
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("serve the gateway: %w", err)
	}
	f.http = &http.Server{Handler: f.gateway.Handler(), ReadHeaderTimeout: closing}
	f.served = make(chan error, 1)
	go func() { f.served <- f.http.Serve(ln) }()
	client := mcp.NewClient(&mcp.Implementation{Name: "bindery-bench", Version: "1"}, nil)
	f.session, err = client.Connect(ctx, &mcp.StreamableClientTransport{Endpoint: "http://" + ln.Addr().String() + "/mcp"}, nil)
	if err != nil {
		return nil, fmt.Errorf("connect to the gateway: %w", err)
	}
	return f, nil
}

// slowest is how long one script may take.
const slowest = 4 * time.Minute

func (f *front) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closing)
	defer cancel()
	var errs []error
	if f.session != nil {
		errs = append(errs, f.session.Close())
	}
	f.gateway.Close(ctx)
	if f.http != nil {
		errs = append(errs, f.http.Close())
		if err := <-f.served; !errors.Is(err, http.ErrServerClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// execution is the id that a failed script can be resumed by. It differs from
// run to run, and is counted as if it were always the same one.
var execution = regexp.MustCompile(`resume: "([0-9a-z]+)"`)

const statedExecution = "k3vq7mzt2abc"

// turn sends one script, as the model writes it, and returns what it reads.
func (f *front) turn(ctx context.Context, script, resume string) (text string, failed bool, err error) {
	arguments := args{"code": f.world.real(script)}
	if resume != "" {
		arguments["resume"] = resume
	}
	raw, err := written(arguments)
	if err != nil {
		return "", false, fmt.Errorf("encode the script: %w", err)
	}
	started := time.Now()
	result, err := f.session.CallTool(ctx, &mcp.CallToolParams{Name: "execute_code", Arguments: raw})
	f.last = time.Since(started)
	f.took += f.last
	if err != nil {
		return "", false, fmt.Errorf("send a script to the gateway: %w", err)
	}
	var b strings.Builder
	for _, block := range result.Content {
		if t, ok := block.(*mcp.TextContent); ok {
			b.WriteString(t.Text)
		}
	}
	text = b.String()
	f.answered += int64(len(text))
	id := resume
	if m := execution.FindStringSubmatch(text); m != nil {
		id = m[1]
	}
	stated := func(s string) string {
		if s = f.world.stated(s); id != "" {
			s = strings.ReplaceAll(s, id, statedExecution)
		}
		return s
	}
	f.said.turns = append(f.said.turns, turn{[]exchange{{
		tool: functionName(bindery.ToolID{Server: "bindery", Name: "execute_code"}), args: stated(string(raw)), result: stated(text),
	}}})
	return text, result.IsError, nil
}

func (f *front) wire() Traffic {
	w := f.meter.wire()
	w.Took, w.Work = f.took, f.last
	return w
}
