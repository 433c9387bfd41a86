package audit

import "time"

// Health is how a log is doing.
type Health struct {
	Dir  string `json:"dir"`
	Mode Mode   `json:"mode"`
	// State is "ok", "failing" or "closed".
	State string    `json:"state"`
	Error string    `json:"error,omitempty"`
	Since time.Time `json:"since,omitzero"` // when it began to fail
	// Seq and Hash are of the last record. Who keeps them elsewhere can prove
	// that no record up to it was cut off.
	Seq  uint64 `json:"seq"`
	Hash string `json:"hash"`
	// Open is how many begins have no end yet.
	Open int `json:"open"`
	// Missed calls and executions went unrecorded since the log was opened;
	// Refused ones were not made for that reason. Late calls were made before
	// their begin record was on the disk.
	Missed  uint64 `json:"missed,omitempty"`
	Refused uint64 `json:"refused,omitempty"`
	Late    uint64 `json:"late,omitempty"`
	// Unknown and Cut are what was found when the log was opened: begins
	// without an end, and bytes of an unfinished record.
	Unknown int   `json:"unknown,omitempty"`
	Cut     int64 `json:"cut,omitempty"`
	// Unreserved says that no space can be set aside for the ends of calls
	// under way, so that these may be lost when the disk is full.
	Unreserved bool `json:"unreserved,omitempty"`
}

// Health reports how the log is doing.
func (l *Log) Health() Health {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.health
	h.Dir, h.Mode, h.Seq, h.Hash, h.Open = l.dir, l.opts.Mode, l.tail.seq, l.tail.hash, len(l.open)
	if h.State == "" {
		h.State = "ok"
	}
	return h
}

// failing notes that the disk does not take what it is given. l.mu is held.
func (l *Log) failing(err error) {
	if l.health.State != stateFailing {
		l.health.State, l.health.Since = stateFailing, l.clock.Now().UTC()
		l.opts.Logger.Error("audit: the log cannot be written", "dir", l.dir, "mode", l.opts.Mode, "error", err)
		signal(l.dirty)
	}
	l.health.Error = err.Error()
}

// written notes that a record was. l.mu is held.
func (l *Log) written() {
	if l.unwritten && !l.tail.failed {
		l.healthy()
	}
	l.unwritten = false
}

const stateFailing = "failing"

// healthy notes that it does again. l.mu is held.
func (l *Log) healthy() {
	if l.health.State == stateFailing {
		l.opts.Logger.Warn("audit: the log can be written again", "dir", l.dir, "failed", l.clock.Now().Sub(l.health.Since).Round(time.Millisecond))
		l.health.State, l.health.Error, l.health.Since = "", "", time.Time{}
	}
}
