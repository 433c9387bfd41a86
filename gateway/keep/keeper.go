package keep

import (
	"cmp"
	"sync"
	"time"
)

// Limits bound what is kept for one client. A field that is not positive
// stands for its default.
type Limits struct {
	// Results is bytes of results, oldest out first; default 32 MiB.
	Results int64
	// Store is bytes of stored values with their keys; default 8 MiB. A value
	// that does not fit is refused.
	Store int64
	// Age is how long a value is kept after it was last written; default 1
	// hour.
	Age time.Duration
}

const (
	// maxResults is how many results a client has at most.
	maxResults = 256
	// maxKeys is how many keys a client's store has at most.
	maxKeys = 1000
	// MaxKey is the longest key, in bytes.
	MaxKey = 256
)

func (l Limits) withDefaults() Limits {
	if l.Results <= 0 {
		l.Results = 32 << 20
	}
	if l.Store <= 0 {
		l.Store = 8 << 20
	}
	l.Age = cmp.Or(max(l.Age, 0), time.Hour)
	return l
}

// Keeper has a shelf for each client. It is safe for concurrent use.
type Keeper struct {
	limits Limits

	mu      sync.Mutex
	shelves map[string]*Shelf
}

// NewKeeper returns a Keeper that keeps nothing yet.
func NewKeeper(l Limits) *Keeper {
	return &Keeper{limits: l.withDefaults(), shelves: make(map[string]*Shelf)}
}

// Of returns the shelf of the client with that name: the same one each time,
// and never another's.
func (k *Keeper) Of(client string) *Shelf {
	k.mu.Lock()
	defer k.mu.Unlock()
	s, ok := k.shelves[client]
	if !ok {
		s = &Shelf{limits: k.limits, results: make(map[string]*entry), store: make(map[string]*entry)}
		k.shelves[client] = s
	}
	return s
}

// Expire lets go of what is too old. What is too old is never handed out
// anyway; this gives its memory back for clients that do not come again.
func (k *Keeper) Expire() {
	k.mu.Lock()
	shelves := make([]*Shelf, 0, len(k.shelves))
	for _, s := range k.shelves {
		shelves = append(shelves, s)
	}
	k.mu.Unlock()
	for _, s := range shelves {
		s.expire()
	}
}
