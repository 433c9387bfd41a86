package index

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"github.com/bindery-mcp/bindery/gateway/audit"
)

// maxPending is how many begins wait for their ends to be written with them.
const maxPending = 1 << 14

// writer puts records into the database.
type writer struct {
	begin, end, damage *statement
	pending            map[uint64]*audit.Entry
}

func (x *Index) writer() (*writer, error) {
	w := &writer{pending: make(map[uint64]*audit.Entry)}
	for _, s := range []struct {
		into **statement
		sql  string
	}{
		{&w.begin, "INSERT OR REPLACE INTO entries VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"},
		{&w.end, `UPDATE entries SET place = ?, "end" = ?, outcome = ?, bytes = ?, took = ?, usage = ? WHERE seq = ? AND place = ?`},
		{&w.damage, "INSERT INTO damage VALUES (?, ?, ?)"},
	} {
		var err error
		if *s.into, err = x.prepare(s.sql); err != nil {
			w.close()
			return nil, err
		}
	}
	return w, nil
}

func (w *writer) close() {
	for _, s := range []*statement{w.begin, w.end, w.damage} {
		if s != nil {
			_ = s.Close() // what it was to do is done, or failed before
		}
	}
}

// take puts a line of the log into the database.
func (w *writer) take(l *audit.Line, bad error) error {
	if bad != nil {
		damaged, ok := errors.AsType[*audit.RecordError](bad)
		if !ok {
			return bad
		}
		w.damage.text(damaged.File)
		w.damage.number(int64(damaged.Line))
		w.damage.text(damaged.Err.Error())
		return w.damage.run()
	}
	switch e, ended := audit.EntryOf(&l.Record); {
	case e != nil && ended:
		return w.entry(e, e.Seq)
	case e != nil && len(w.pending) < maxPending:
		w.pending[e.Seq] = e
	case e != nil:
		return w.entry(e, placeOpen)
	case ended:
		return w.ended(&l.Record)
	}
	return nil
}

// flush writes what has not ended.
func (w *writer) flush() error {
	for _, seq := range slices.Sorted(maps.Keys(w.pending)) {
		if err := w.entry(w.pending[seq], placeOpen); err != nil {
			return err
		}
	}
	clear(w.pending)
	return nil
}

func (w *writer) entry(e *audit.Entry, place uint64) error {
	usage, err := textOf(e.Usage)
	if err != nil {
		return err
	}
	b := w.begin
	b.number(int64(e.Seq))
	b.number(int64(place))
	b.number(int64(e.End))
	b.text(e.Kind)
	b.number(nanoseconds(e.Time))
	for _, s := range []string{e.Execution, e.Client, e.Session, e.View, e.Trace, e.Script, e.Source, e.Language, e.Catalogue} {
		b.text(s)
	}
	b.number(int64(e.Call))
	b.number(int64(e.Line))
	b.text(e.Server)
	b.text(e.Tool)
	b.text(e.Digest)
	b.number(int64(e.Size))
	for _, s := range []string{e.Shape, string(e.Args), e.Decision, e.Rule, e.Outcome} {
		b.text(s)
	}
	b.number(int64(e.Bytes))
	b.number(int64(e.Took))
	b.text(usage)
	return b.run()
}

func (w *writer) ended(r *audit.Record) error {
	if e, ok := w.pending[r.Begin]; ok {
		delete(w.pending, r.Begin)
		e.End, e.Outcome, e.Bytes, e.Took, e.Usage = r.Seq, r.Outcome, r.Bytes, r.Took, r.Usage
		return w.entry(e, r.Seq)
	}
	usage, err := textOf(r.Usage)
	if err != nil {
		return err
	}
	u := w.end
	u.number(int64(r.Seq))
	u.number(int64(r.Seq))
	u.text(r.Outcome)
	u.number(int64(r.Bytes))
	u.number(int64(r.Took))
	u.text(usage)
	u.number(int64(r.Begin))
	u.number(placeOpen)
	return u.run()
}

func textOf(u *audit.Usage) (string, error) {
	if u == nil {
		return "", nil
	}
	text, err := json.Marshal(u)
	return string(text), err
}
