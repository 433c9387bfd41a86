package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

const (
	// A stream that breaks is opened again after firstPause, then twice as long
	// each time, up to lastPause.
	firstPause = 500 * time.Millisecond
	lastPause  = 30 * time.Second
	// ackTime is how long the acknowledgement of a stream is waited for.
	ackTime = time.Second
	// maxURIs bounds the resources of one session that are subscribed to.
	maxURIs = 1000
)

var errStreamEnded = errors.New("the server has ended the stream")

// filter is what a server of protocol 2026-07-28 is asked to report
// (subscriptions/listen).
type filter struct {
	Tools     bool     `json:"toolsListChanged,omitempty"`
	Prompts   bool     `json:"promptsListChanged,omitempty"`
	Resources bool     `json:"resourcesListChanged,omitempty"`
	URIs      []string `json:"resourceSubscriptions,omitempty"`
}

// topics are the resources that are subscribed to.
type topics struct {
	mu      sync.Mutex
	closed  bool
	uris    map[string]bool
	streams int                // so far
	stop    context.CancelFunc // of the last stream, nil if there is none
}

// listenToLists opens the stream for the lists that the server reports changes
// of, and waits until it stands: a change before that would go unnoticed.
func (s *Session) listenToLists(ctx context.Context) {
	f := filter{Tools: s.info.ToolsChange, Prompts: s.info.PromptsChange, Resources: s.info.ResourcesChange}
	if !Modern(s.info.Protocol) || !f.Tools && !f.Prompts && !f.Resources {
		return
	}
	_ = s.open(ctx, s.ctx, f)
}

// open starts a stream that lasts until life ends, and waits a moment for it.
// The error is that of the first attempt.
func (s *Session) open(ctx, life context.Context, f filter) error {
	first := make(chan error, 1)
	s.topics.mu.Lock()
	if !s.topics.closed {
		s.listening.Go(func() { s.listen(life, f, first) })
	}
	s.topics.mu.Unlock()
	t := time.NewTimer(ackTime)
	defer t.Stop()
	select {
	case err := <-first:
		return err
	case <-t.C: // it may still come
	case <-ctx.Done():
	}
	return nil
}

// listen keeps one stream open until ctx ends, or the server knows no such
// thing. After a break it reports as changed whatever may have.
func (s *Session) listen(ctx context.Context, f filter, first chan<- error) {
	params, err := json.Marshal(map[string]any{"notifications": f})
	if err != nil {
		first <- err
		return
	}
	pause := firstPause
	for n := 0; ctx.Err() == nil; n++ {
		x := &Exchange{Method: "subscriptions/listen", standing: true, granted: make(chan struct{})}
		ended := make(chan error, 1)
		s.listening.Go(func() {
			_, err := s.exchange(ctx, x, params)
			ended <- err
		})
		var err error
		select {
		case <-x.granted:
			pause = firstPause
			if n == 0 {
				first <- nil
			} else {
				s.resync(f)
			}
			err = <-ended
		case err = <-ended:
		}
		if n == 0 {
			select {
			case first <- err:
			default:
			}
		}
		if e, ok := ServerError(err); ok && (e.Code == jsonrpc.CodeMethodNotFound || e.Code == jsonrpc.CodeInvalidParams) {
			return
		}
		t := time.NewTimer(pause)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
		}
		pause = min(2*pause, lastPause)
	}
}

// resync reports everything that f is about as changed.
func (s *Session) resync(f filter) {
	if s.o.Notice == nil {
		return
	}
	for method, on := range map[string]bool{
		"notifications/tools/list_changed": f.Tools, "notifications/prompts/list_changed": f.Prompts,
		"notifications/resources/list_changed": f.Resources,
	} {
		if on {
			s.o.Notice(method, nil)
		}
	}
	for _, uri := range f.URIs {
		s.o.Notice("notifications/resources/updated", json.RawMessage(`{"uri":`+quote(uri)+`}`))
	}
}

// acknowledge notes that a standing request has been accepted: the one on whose
// stream that came, or the one that it names.
func (b *Inbox) acknowledge(params json.RawMessage, on *Exchange) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if on == nil {
		id, _ := number(Member(Member(params, "_meta"), metaPrefix+"subscriptionId"))
		on = b.requests[id]
	}
	if on == nil || !on.standing {
		return
	}
	select {
	case <-on.granted:
	default:
		close(on.granted)
	}
}

// subscribe does what resources/subscribe and resources/unsubscribe did before
// protocol 2026-07-28: one stream carries the updates of all resources, and is
// replaced by another when they are others.
func (s *Session) subscribe(ctx context.Context, uri string, on bool) (json.RawMessage, error) {
	done := json.RawMessage("{}")
	if uri == "" {
		return nil, fmt.Errorf("%w: there is no uri", ErrNotSent)
	}
	t := &s.topics
	t.mu.Lock()
	if t.uris[uri] == on {
		t.mu.Unlock()
		return done, nil
	}
	if on && len(t.uris) >= maxURIs {
		t.mu.Unlock()
		return nil, fmt.Errorf("%w: %w", ErrNotSent, &LimitError{What: "number of subscriptions", Limit: maxURIs, Unit: "resources"})
	}
	if t.uris == nil {
		t.uris = map[string]bool{}
	}
	if on {
		t.uris[uri] = true
	} else {
		delete(t.uris, uri)
	}
	f := filter{URIs: slices.Sorted(maps.Keys(t.uris))}
	old := t.stop
	t.streams++
	mine := t.streams
	var life context.Context
	var stop context.CancelFunc
	if len(f.URIs) > 0 {
		life, stop = context.WithCancel(s.ctx)
	}
	t.stop = stop
	t.mu.Unlock()
	if life != nil {
		if err := s.open(ctx, life, f); err != nil && on {
			stop()
			t.mu.Lock()
			defer t.mu.Unlock()
			delete(t.uris, uri)
			if t.streams == mine {
				t.stop = old
			}
			return nil, err
		}
	}
	if old != nil {
		old()
	}
	return done, nil
}
