package session

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// notification hands a notification to whom it belongs.
func (b *Inbox) notification(m Message, on *Exchange) {
	switch m.Method {
	case "notifications/progress":
		b.progress(m.Params)
	case "notifications/message":
		level := String(Member(m.Params, "level"))
		if peers := b.peers(on); len(peers) > 0 || sure(on) != nil {
			tell(peers, m, func(p *Peer) bool { return wants(p.Log, level) })
		} else {
			b.notice(m)
		}
	case "notifications/elicitation/complete":
		// Who was asked may have no request under way any more, and whoever
		// knows nothing of the id ignores it (2025-11-25 client/elicitation).
		tell(b.peers(on), m, func(*Peer) bool { return true })
		b.notice(m)
	case "notifications/tools/list_changed", "notifications/prompts/list_changed",
		"notifications/resources/list_changed", "notifications/resources/updated":
		b.notice(m)
	case "notifications/subscriptions/acknowledged":
		b.acknowledge(m.Params, on)
	case "notifications/cancelled":
		b.withdraw(Member(m.Params, "requestId"))
	}
}

// tell passes a notification on to those of the clients that want it, once in
// each session.
func tell(peers []*Peer, m Message, wants func(*Peer) bool) {
	told := map[string]bool{}
	for _, p := range peers {
		if p.Notify == nil || told[p.Session] || !wants(p) {
			continue
		}
		told[p.Session] = p.Session != ""
		p.Notify(m.Method, slices.Clone(m.Params)) // not the whole message for as long as it waits
	}
}

func (b *Inbox) notice(m Message) {
	if b.o.Notice != nil {
		b.o.Notice(m.Method, slices.Clone(m.Params))
	}
}

// peers are the clients that a message may be for: that of the request on whose
// stream it came, else those of all requests under way, the latest first.
func (b *Inbox) peers(on *Exchange) []*Peer {
	if on = sure(on); on != nil {
		if on.peer == nil {
			return nil
		}
		return []*Peer{on.peer}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	var found []*Peer
	for _, id := range slices.Backward(slices.Sorted(maps.Keys(b.requests))) {
		if p := b.requests[id].peer; p != nil && !slices.Contains(found, p) {
			found = append(found, p)
		}
	}
	return found
}

// sure returns the request that a message belongs to if it came on the request's
// own stream, else nil.
func sure(on *Exchange) *Exchange {
	if on != nil && on.standing {
		return nil
	}
	return on
}

// progress passes a progress notification on with the token that the caller of
// the request gave it.
func (b *Inbox) progress(params json.RawMessage) {
	token, ok := number(Member(params, "progressToken"))
	if !ok {
		return
	}
	b.mu.Lock()
	x := b.tokens[token]
	b.mu.Unlock()
	if x == nil {
		return
	}
	if x.moved != nil {
		x.moved()
	}
	if x.peer != nil && x.peer.Notify != nil {
		x.peer.Notify("notifications/progress", With(params, "progressToken", x.theirs))
	}
}

// levels are the log levels of RFC 5424 in the protocol's spelling, lowest first.
const levels = " debug info notice warning error critical alert emergency "

// wants reports whether a client that asked for messages from lowest on gets
// one of level. A level that nobody knows is as good as the highest.
func wants(lowest, level string) bool {
	if lowest == "" {
		return false
	}
	at := strings.Index(levels, " "+level+" ")
	return at < 0 || level == "" || at >= strings.Index(levels, " "+lowest+" ")
}
