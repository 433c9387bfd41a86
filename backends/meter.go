package backends

import (
	"slices"
	"sync"
	"time"
)

// meter counts what became of requests to a server.
type meter struct {
	mu       sync.Mutex
	calls    int64
	failures int64
	recent   [256]time.Duration // how long the last answers took, in a ring
}

func (m *meter) add(took time.Duration, failed bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if failed {
		m.failures++
	} else {
		m.recent[(m.calls-m.failures)%int64(len(m.recent))] = took
	}
	m.calls++
}

// read returns the counts, and the latency if there were any answers.
func (m *meter) read() (calls, failures int64, l *Latency) {
	m.mu.Lock()
	n := min(m.calls-m.failures, int64(len(m.recent)))
	took := slices.Clone(m.recent[:n])
	calls, failures = m.calls, m.failures
	m.mu.Unlock()
	if n == 0 {
		return calls, failures, nil
	}
	slices.Sort(took)
	at := func(percent int64) Millis { return Millis(took[(n*percent+99)/100-1]) }
	return calls, failures, &Latency{P50: at(50), P95: at(95), Answers: int(n)}
}
