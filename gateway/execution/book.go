package execution

import (
	"cmp"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery"
)

// Limits bound what is kept for one client. A field that is not positive
// stands for its default.
type Limits struct {
	// Bytes is of results that may be replayed, oldest execution out first;
	// default 32 MiB.
	Bytes int64
	// Age is how long an execution can be resumed; default 1 hour.
	Age time.Duration
}

// maxPages is how many executions of a client are kept.
const maxPages = 64

// Book keeps the ledgers of executions that can be resumed, each for the client
// whose it is. It is safe for concurrent use.
type Book struct {
	limits Limits

	mu    sync.Mutex
	pages map[string][]*page // by client, oldest first
}

type page struct {
	id    string
	made  time.Time
	bytes int64
	// ledger is nil once it was taken, and by says by which execution.
	ledger *Ledger
	by     string
}

// NewBook returns an empty Book.
func NewBook(l Limits) *Book {
	if l.Bytes <= 0 {
		l.Bytes = 32 << 20
	}
	l.Age = cmp.Or(max(l.Age, 0), time.Hour)
	return &Book{limits: l, pages: make(map[string][]*page)}
}

// Keep keeps the ledger of an execution that ended, if there is anything in it
// that a later one should not repeat. It reports whether there is.
func (b *Book) Keep(client string, l *Ledger) bool {
	size, worth := l.weigh()
	if !worth {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.expire()
	b.pages[client] = append(b.pages[client], &page{id: l.id, made: time.Now(), bytes: size, ledger: l})
	pages := b.pages[client]
	var total int64
	for _, p := range pages {
		total += p.bytes
	}
	for len(pages) > 1 && (total > b.limits.Bytes || len(pages) > maxPages) {
		total -= pages[0].bytes
		pages[0] = nil
		pages = pages[1:]
	}
	b.pages[client] = pages
	return true
}

// perEntry is about what a record takes besides its result.
const perEntry = 512

// weigh returns about how much memory the ledger takes, and whether it holds a
// call that completed or whose fate is unknown.
func (l *Ledger) weigh() (size int64, worth bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	size = l.bytes
	for _, e := range l.entries {
		size += perEntry + int64(len(e.args))
		worth = worth || e.State == Completed || e.State == Unknown
	}
	if l.replay == nil {
		return size, worth
	}
	for _, p := range l.replay.past {
		if !p.used {
			size += perEntry + p.size
			worth = worth || p.binding()
		}
	}
	return size, worth
}

// Take returns the ledger of the client's execution with that id, for the
// execution by to resume. It is handed out once: a second resumption would not
// know of the calls of the first. Back gives it back.
//
// The error is NotFound if the client has no such execution, whether it is
// another's, too old, or never was; Invalid if it was resumed already.
func (b *Book) Take(client, id, by string) (*Ledger, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.expire()
	op := fmt.Sprintf("resume %.40s", id)
	for _, p := range b.pages[client] {
		switch {
		case p.id != id:
		case p.ledger == nil:
			return nil, &bindery.Error{
				Code: bindery.Invalid, Op: op, Err: fmt.Errorf("it was resumed already, by execution %s", p.by),
				Hint: "resume " + p.by + " if that one failed too",
			}
		default:
			l := p.ledger
			p.ledger, p.by, p.bytes = nil, by, 0
			return l, nil
		}
	}
	return nil, &bindery.Error{
		Code: bindery.NotFound, Op: op, Err: errors.New("there is no such execution to resume"),
		Hint: fmt.Sprintf("only executions that failed can be resumed, for %s (keep.age); leave resume out, and write only what is still to be done", b.limits.Age),
	}
}

// Back undoes a Take by an execution that never began.
func (b *Book) Back(client string, l *Ledger) {
	size, _ := l.weigh()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.pages[client] {
		if p.id == l.id {
			p.ledger, p.by, p.bytes = l, "", size
		}
	}
}

// Expire lets go of what is too old.
func (b *Book) Expire() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.expire()
}

// expire lets go of what is too old. b.mu is held.
func (b *Book) expire() {
	for client, pages := range b.pages {
		old := 0
		for old < len(pages) && time.Since(pages[old].made) >= b.limits.Age {
			pages[old] = nil
			old++
		}
		if old == len(pages) {
			delete(b.pages, client)
			continue
		}
		b.pages[client] = pages[old:]
	}
}
