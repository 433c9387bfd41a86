package quota

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
)

// maxHolders bounds for how many clients a book keeps account. Those that come
// then share one account.
const maxHolders = 10_000

// account is what one client has of one quota; the client is "" where all of
// them share it.
type account struct{ quota, client string }

// Book keeps account of what clients use. It is safe for concurrent use; nil
// lets everything through.
type Book struct {
	log *slog.Logger
	// quotas is nil if there are none, so that nobody has to wait for the lock.
	quotas atomic.Pointer[[]config.Quota]

	mu      sync.Mutex
	buckets map[account]*rate.Limiter
	used    usage
	file    file
}

// Open returns a book that goes on where the one in the file ended; "" keeps none.
// A file that cannot be read is as good as none, and is replaced.
func Open(path string, quotas []config.Quota, log *slog.Logger) *Book {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	b := &Book{log: log, buckets: make(map[account]*rate.Limiter), used: newUsage(today(time.Now())), file: file{path: path}}
	if path != "" {
		used, err := read(path)
		if err != nil {
			log.Error("what was used of the quotas is not known; the day begins anew", "file", path, "error", err)
		} else {
			b.used.merge(used)
		}
	}
	b.Apply(quotas)
	return b
}

// Apply replaces the quotas. What was used of one stays with its name, and what
// may come at once begins anew where a rate has changed.
func (b *Book) Apply(quotas []config.Quota) {
	b.mu.Lock()
	defer b.mu.Unlock()
	before := make(map[string]config.Quota)
	if old := b.quotas.Load(); old != nil {
		for _, q := range *old {
			before[q.Name] = q
		}
	}
	same := make(map[string]bool)
	for _, q := range quotas {
		old, ok := before[q.Name]
		same[q.Name] = ok && old.Rate == q.Rate && old.Burst == q.Burst && old.Shared == q.Shared
	}
	for a := range b.buckets {
		if !same[a.quota] {
			delete(b.buckets, a)
		}
	}
	if len(quotas) == 0 {
		b.quotas.Store(nil)
		return
	}
	b.quotas.Store(&quotas)
}

// hold is what a call has taken.
type hold struct {
	day          string
	accounts     []account // of the day
	reservations []*rate.Reservation
	delay        time.Duration // until its turn
	quota        string        // that makes it wait
}

// take takes a call out of every quota that it falls under, or out of none.
func (b *Book) take(ctx context.Context, client string, id bindery.ToolID) (hold, error) {
	quotas := b.quotas.Load()
	if quotas == nil {
		return hold{}, nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	b.used.roll(now)
	h := hold{day: b.used.Day}
	for i := range *quotas {
		q := &(*quotas)[i]
		if !matches(q, client) || !covers(q, id) {
			continue
		}
		if q.PerDay > 0 {
			a := b.account(q, client)
			if b.used.calls(a) >= int64(q.PerDay) {
				h.back(now)
				return hold{}, spent(q, client, q.PerDay, "calls", now)
			}
			h.accounts = append(h.accounts, a)
		}
		if q.Rate.Calls == 0 {
			continue
		}
		r := b.bucket(q, client, now).ReserveN(now, 1)
		h.reservations = append(h.reservations, r)
		delay := r.DelayFrom(now)
		if deadline, ok := ctx.Deadline(); delay > q.Wait || ok && now.Add(delay).After(deadline) {
			h.back(now)
			return hold{}, hasty(q, client, now, delay)
		}
		if delay > h.delay {
			h.delay, h.quota = delay, q.Name
		}
	}
	for _, a := range h.accounts {
		b.used.add(a, 1)
	}
	if len(h.accounts) > 0 {
		b.file.dirty(b)
	}
	return h, nil
}

// back gives back what came at once.
func (h *hold) back(now time.Time) {
	for _, r := range h.reservations {
		r.CancelAt(now)
	}
}

// giveBack takes back what a call took that was not made.
func (b *Book) giveBack(h hold) {
	b.mu.Lock()
	defer b.mu.Unlock()
	h.back(time.Now())
	if h.day != b.used.Day {
		return
	}
	for _, a := range h.accounts {
		b.used.add(a, -1)
	}
	if len(h.accounts) > 0 {
		b.file.dirty(b)
	}
}

// Begin takes one script out of every quota that the client falls under. The
// error is a [*bindery.Error] with an [*ExceededError] in its chain.
func (b *Book) Begin(client string) error {
	if b == nil {
		return nil
	}
	quotas := b.quotas.Load()
	if quotas == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	b.used.roll(now)
	var accounts []account
	for i := range *quotas {
		q := &(*quotas)[i]
		if q.ExecutionsPerDay == 0 || !matches(q, client) {
			continue
		}
		a := b.account(q, client)
		if b.used.executions(a) >= int64(q.ExecutionsPerDay) {
			return refusal("run script", spent(q, client, q.ExecutionsPerDay, "scripts", now))
		}
		accounts = append(accounts, a)
	}
	for _, a := range accounts {
		b.used.addExecution(a)
	}
	if len(accounts) > 0 {
		b.file.dirty(b)
	}
	return nil
}

// account returns whose account of the day is used. b.mu is held.
func (b *Book) account(q *config.Quota, client string) account {
	if q.Shared {
		return account{quota: q.Name}
	}
	a := account{q.Name, client}
	if !b.used.has(a) && b.used.size() >= maxHolders {
		return account{q.Name, "…"} // no client is called that
	}
	return a
}

// bucket returns what may come at once. b.mu is held.
func (b *Book) bucket(q *config.Quota, client string, now time.Time) *rate.Limiter {
	a := account{q.Name, client}
	if q.Shared {
		a.client = ""
	}
	l, ok := b.buckets[a]
	if ok {
		return l
	}
	if len(b.buckets) >= maxHolders {
		for old, l := range b.buckets {
			if l.TokensAt(now) >= float64(l.Burst()) {
				delete(b.buckets, old) // it is as a new one
			}
		}
		if len(b.buckets) >= maxHolders {
			a.client = "…"
			if l, ok := b.buckets[a]; ok {
				return l
			}
		}
	}
	burst := q.Burst
	if burst == 0 {
		burst = q.Rate.Calls
	}
	l = rate.NewLimiter(rate.Limit(q.Rate.PerSecond()), burst)
	b.buckets[a] = l
	return l
}

func matches(q *config.Quota, client string) bool {
	for _, g := range q.Clients {
		if g.Match(client) {
			return true
		}
	}
	return len(q.Clients) == 0
}

func covers(q *config.Quota, id bindery.ToolID) bool {
	for _, p := range q.Tools {
		if p.Match(id.Server, id.Name) {
			return true
		}
	}
	return len(q.Tools) == 0
}

// Close writes what was used to the file. What is taken after it is not kept.
func (b *Book) Close() error {
	if b == nil {
		return nil
	}
	return b.file.close(b)
}
