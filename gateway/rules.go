package gateway

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/policy"
	"github.com/bindery-mcp/bindery/gateway/telemetry"
	"github.com/bindery-mcp/bindery/internal/jsonobject"
	"github.com/bindery-mcp/bindery/sandbox"
)

// scriptOf is a script as the policy sees it.
func scriptOf(r Request, l sandbox.Language) policy.Script {
	sum := sha256.Sum256([]byte(r.Code))
	return policy.Script{Digest: hex.EncodeToString(sum[:]), Language: string(l)}
}

// ruled holds calls against the policy.
func (g *Gateway) ruled(c Client, v *View, x *policy.Execution, p *backends.Peer, next bindery.Caller) bindery.Caller {
	scope := policy.Scope{
		Client: policy.Client{Name: c.Name, Roles: c.rules.Roles}, Execution: x, Decided: g.decided,
		Tool: func(id bindery.ToolID) (bindery.ToolID, bindery.Hints) {
			var hints bindery.Hints
			if f, ok := v.Module.Lookup(id); ok {
				hints = f.Tool.Hints
			}
			return v.toOrigin(id), hints
		},
	}
	if p != nil {
		scope.Ask = policy.Elicit(p.Ask)
	}
	return g.opts().Policy.Layer(scope, next)
}

// ruledRequest holds a request that is no call of a tool against the policy.
func (g *Gateway) ruledRequest(ctx context.Context, c Client, t trail, x *policy.Execution, p *backends.Peer, server, method string, params jsonobject.Object, do sender) (json.RawMessage, error) {
	scope := policy.Scope{Client: policy.Client{Name: c.Name, Roles: c.rules.Roles}, Execution: x, Decided: g.decided}
	if p != nil {
		scope.Ask = policy.Elicit(p.Ask)
	}
	args := params.Clone()
	args.Delete("_meta")
	var next bindery.Caller = bindery.CallerFunc(func(ctx context.Context, _ bindery.Call) (bindery.Result, error) {
		raw, err := do(ctx, params)
		return bindery.Result{Raw: raw}, err
	})
	next = g.limited(c, nil, t.recorded(next))
	next = g.opts().Telemetry.Layer(telemetry.Scope{Method: method}, g.opts().Policy.Layer(scope, next))
	next = t.attempted(nil, next)
	res, err := next.Call(ctx, bindery.Call{Tool: bindery.ToolID{Server: server, Name: method}, Args: args.Bytes()})
	return res.Raw, err
}

// pasts is what clients without scripts have touched: each session, or each
// client where there are none, is one execution.
type pasts struct {
	mu   sync.Mutex
	byID map[string]*pastOf
}

type pastOf struct {
	x    *policy.Execution
	last time.Time
}

// pastAge is how long a client that has no session must have been quiet for what
// it has read to be forgotten; its model may still know it.
const pastAge = time.Hour

func newPasts() *pasts { return &pasts{byID: make(map[string]*pastOf)} }

func (ps *pasts) of(id string) *policy.Execution {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	p, ok := ps.byID[id]
	if !ok {
		p = &pastOf{x: policy.NewExecution(policy.Script{})}
		ps.byID[id] = p
	}
	p.last = time.Now()
	return p.x
}

func (ps *pasts) end(id string) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	delete(ps.byID, id)
}

func (ps *pasts) expire() {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	for id, p := range ps.byID {
		if time.Since(p.last) > pastAge {
			delete(ps.byID, id)
		}
	}
}

// marks are the labels of what each client's scripts have kept for later ones:
// whoever reads any of it may have read what they stand for. They are kept as
// long as the values can be.
type marks struct {
	age time.Duration

	mu       sync.Mutex
	byClient map[string]*mark
}

type mark struct {
	labels []string
	last   time.Time
}

func newMarks(age time.Duration) *marks { return &marks{age: age, byClient: make(map[string]*mark)} }

// add notes that a script with these labels has kept something.
func (m *marks) add(client string, labels []string) {
	if len(labels) == 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	k := m.byClient[client]
	if k == nil {
		k = new(mark)
		m.byClient[client] = k
	}
	for _, l := range labels {
		if !slices.Contains(k.labels, l) {
			k.labels = append(k.labels, l)
		}
	}
	k.last = time.Now()
}

func (m *marks) of(client string) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if k := m.byClient[client]; k != nil {
		return slices.Clone(k.labels)
	}
	return nil
}

func (m *marks) expire() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for client, k := range m.byClient {
		if time.Since(k.last) > m.age {
			delete(m.byClient, client)
		}
	}
}

// marked carries labels over what is kept between scripts. Keys, and the types
// of results, can hold what was read as well as the values.
func (g *Gateway) marked(client string, x *policy.Execution, next bindery.Caller) bindery.Caller {
	if g.opts().Policy == nil {
		return next
	}
	return bindery.CallerFunc(func(ctx context.Context, c bindery.Call) (bindery.Result, error) {
		if c.Tool.Server == sandbox.Builtin {
			switch c.Tool.Name {
			case "store.set":
				g.marks.add(client, x.Labels())
			case "store.get", "store.keys", "store.delete", "results.get", "results.list":
				x.Inherit(g.marks.of(client)...)
			}
		}
		return next.Call(ctx, c)
	})
}
