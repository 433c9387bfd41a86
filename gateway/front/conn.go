package front

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"
)

// conn is a connection that carries messages both ways, and clients of both
// eras: a legacy one is known from its initialize on, a modern request says
// everything itself.
type conn struct {
	*session

	out    *stream
	header http.Header
	wg     sync.WaitGroup // requests under way

	state     sync.Mutex
	sealed    bool // no request is begun any more
	listening bool
	used      time.Time // when the client said something last
}

// connect returns a connection, or nil if there are too many.
func (e *Endpoint) connect(identity string, header http.Header) *conn {
	c := &conn{session: e.newSession(identity), out: &stream{}, header: header, used: time.Now()}
	if !e.conns.join(c) {
		c.cancel()
		return nil
	}
	return c
}

// idleSince returns when the client said something last, and whether no request
// of it is under way, but for those that go on until it leaves.
func (c *conn) idleSince() (time.Time, bool) {
	c.session.mu.Lock()
	running := c.running
	for _, one := range c.calls {
		if one.Method == "subscriptions/listen" {
			running--
		}
	}
	c.session.mu.Unlock()
	c.state.Lock()
	defer c.state.Unlock()
	return c.used, running == 0
}

func (c *conn) disconnect() {
	c.close()
	c.endpoint.conns.leave(c)
}

// send adds a message to what the connection says. A client that leaves too
// much unread is cut off.
func (c *conn) send(data []byte, i importance) error {
	err := c.out.push(data, i)
	if errors.Is(err, errStuck) {
		c.cancel()
	}
	return err
}

func (c *conn) reply(a answer) { _ = c.send(a.line(), must) }

// receive takes one text from the client. Whatever is wrong with it, the
// connection goes on.
func (c *conn) receive(data []byte) {
	c.state.Lock()
	c.used = time.Now()
	c.state.Unlock()
	if err := c.endpoint.o.check(data); err != nil {
		c.reply(fail(nil, err))
		return
	}
	many, is, err := batch(data)
	if is && err == nil {
		if caller := c.initialised(); caller == nil || caller.Protocol != batching {
			err = refuse(CodeInvalidRequest, "only protocol version %s has batches", batching)
		}
	}
	switch {
	case err != nil:
		c.reply(fail(nil, err))
	case is:
		c.receiveBatch(many)
	default:
		c.receiveOne(data)
	}
}

func (c *conn) receiveOne(data []byte) {
	a, perform := c.take(data)
	if perform != nil {
		c.start(func() {
			if a := perform(); a != nil {
				c.reply(a)
			}
		})
	}
	if a != nil {
		c.reply(a)
	}
}

// start runs f as one of the requests under way, or here if there are to be no
// more: then there is nothing it has to wait for.
func (c *conn) start(f func()) {
	c.state.Lock()
	sealed := c.sealed
	if !sealed {
		c.wg.Go(f)
	}
	c.state.Unlock()
	if sealed {
		f()
	}
}

// receiveBatch answers the requests of a batch together.
func (c *conn) receiveBatch(many [][]byte) {
	var requests []func() answer
	for _, data := range many {
		a, perform := c.take(data)
		if perform == nil {
			perform = func() answer { return a }
		}
		requests = append(requests, perform)
	}
	c.start(func() {
		answers := make([]answer, len(requests))
		var wg sync.WaitGroup
		for i, perform := range requests {
			wg.Go(func() { answers[i] = perform() })
		}
		wg.Wait()
		answers = slices.DeleteFunc(answers, func(a answer) bool { return a == nil })
		if len(answers) > 0 {
			c.reply(batchAnswer(answers))
		}
	})
}

// take does at once what has an order, and returns the answer if there is one
// by then, or what performs the request.
func (c *conn) take(data []byte) (answer, func() answer) {
	m, err := decode(data)
	switch {
	case err != nil:
		return fail(m.id, err), nil
	case m.kind != request:
		c.heard(m)
		return nil, nil
	case m.method == "initialize" && !m.modern():
		return c.initialize(m), nil
	}
	ctx, cancel := context.WithCancel(c.ctx)
	one, err := c.request(m, cancel)
	if err == nil {
		err = c.begin(one)
	}
	if err != nil {
		cancel()
		return fail(m.id, err), nil
	}
	return nil, func() answer { return c.perform(ctx, one) }
}

// heard takes a notification or a response.
func (c *conn) heard(m message) {
	c.hear(m)
	if m.kind != notification || m.method != "notifications/initialized" || c.initialised() == nil {
		return
	}
	c.state.Lock()
	defer c.state.Unlock()
	if !c.listening && !c.sealed {
		c.listening = true
		c.listen(c.out) // until the session ends
	}
}

func (c *conn) initialize(m message) answer {
	result, err := c.session.initialize(c.ctx, m, Caller{Header: c.header})
	if err != nil {
		return fail(m.id, err)
	}
	return succeed(m.id, result)
}

// request makes a request of a message, of whichever era.
func (c *conn) request(m message, cancel context.CancelFunc) (*call, *Error) {
	if c.endpoint.refuses(m) {
		return nil, refuse(codeBusy, "the server is shutting down")
	}
	legacy := c.initialised()
	if m.modern() || legacy == nil && m.method != "ping" {
		caller, level, err := m.caller(nil)
		if err != nil {
			return nil, err
		}
		caller.Identity, caller.Session, caller.Header = c.identity, c.id, c.header
		return c.endpoint.newCall(m, caller, level, c.session, c, cancel), nil
	}
	one := c.session.request(m, c, cancel)
	if legacy == nil {
		one.Caller = &Caller{Identity: c.identity, Session: c.id}
	}
	return one, nil
}

func (c *conn) perform(ctx context.Context, one *call) answer {
	defer one.cancel()
	result, err := c.endpoint.perform(ctx, one)
	c.finish(one)
	switch {
	case one.withdrawn.Load():
		return nil // basic/utilities/cancellation: no response
	case err != nil:
		return fail(one.id, err)
	case one.Modern():
		return modernise(one.id, one.Method, result, c.endpoint.info())
	}
	return succeed(one.id, result)
}

// run carries a connection: read hands its messages to receive until there
// are no more, and hangUp makes read return. It returns when everything was
// answered and written, or as soon as writing fails.
func (c *conn) run(ctx context.Context, every time.Duration, to frames, read func() error, hangUp func()) error {
	defer context.AfterFunc(ctx, c.cancel)()
	var failed error
	written := make(chan struct{})
	c.endpoint.spawn(func() {
		defer c.cancel() // nobody is left to answer to
		defer close(written)
		failed = c.out.serve(c.ctx, 0, every, to)
	})
	defer context.AfterFunc(c.ctx, hangUp)()
	defer context.AfterFunc(c.endpoint.drain, func() {
		c.endpoint.held.none(c.ctx, c.id)
		c.settle()
		<-written
		hangUp()
	})()
	err := read()
	c.deafen()
	c.endListening()
	c.settle()
	<-written
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return err
	}
	return failed
}

// readError is why reading has ended, nil if the client meant it to or we did.
func (c *conn) readError(err error, meant bool) error {
	select {
	case <-c.ctx.Done():
		return nil
	case <-c.endpoint.drain.Done():
		return nil
	default:
	}
	if meant {
		return nil
	}
	return err
}

// settle waits for the requests under way and says that nothing follows them.
func (c *conn) settle() {
	c.state.Lock()
	c.sealed = true
	c.state.Unlock()
	c.wg.Wait()
	c.out.end()
}

// endListening ends what would go on for ever though the client has gone.
func (c *conn) endListening() {
	c.session.mu.Lock()
	defer c.session.mu.Unlock()
	for _, one := range c.calls {
		if one.Method == "subscriptions/listen" {
			one.cancel()
		}
	}
}
