package session

import "github.com/modelcontextprotocol/go-sdk/jsonrpc"

// Arrivals are what has been read of a connection for the SDK and not yet been
// handed over. They are for the transport's Read alone.
type Arrivals struct {
	list []jsonrpc.Message
	// open says that a message is being skipped of which it is not known what it
	// answers.
	open bool
}

// Next returns the first message, nil if there is none.
func (a *Arrivals) Next() jsonrpc.Message {
	if len(a.list) == 0 {
		return nil
	}
	m := a.list[0]
	a.list = a.list[1:]
	return m
}

// Take has in take a message, or all of a batch, and keeps what is for the SDK.
// What is no message fails the request that it answers, if that can be told; the
// error is about the last of them.
func (a *Arrivals) Take(in *Inbox, text []byte) error {
	texts, err := split(text)
	if err != nil {
		a.fail(text, err)
	}
	for _, text := range texts {
		m, e := in.Take(text, nil)
		if e != nil {
			err = e
			a.fail(text, e)
		} else if m != nil {
			a.list = append(a.list, m)
		}
	}
	return err
}

func (a *Arrivals) fail(text []byte, err error) {
	if id, ok := answerIDIn(text); ok {
		a.refuse(id, err)
	}
}

// Skip fails the request that a message over the limit answers, as soon as it
// is known which one that is. It is told the message's start and then its end,
// as much of them as [answerID] needs, in two calls or in one; nil is for what
// is not known.
func (a *Arrivals) Skip(start, end []byte, limit *LimitError) {
	if start != nil {
		id, ok := answerID(start, nil)
		if a.open = !ok; ok {
			a.refuse(id, limit)
		}
	}
	if end != nil && a.open {
		a.open = false
		if id, ok := answerID(nil, end); ok {
			a.refuse(id, limit)
		}
	}
}

// refuse is the answer, for the SDK, to a request of ours whose real answer
// cannot be taken.
func (a *Arrivals) refuse(id int64, err error) {
	if rid, e := jsonrpc.MakeID(float64(id)); e == nil {
		a.list = append(a.list, &jsonrpc.Response{ID: rid, Error: err})
	}
}
