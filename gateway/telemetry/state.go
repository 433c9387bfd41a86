package telemetry

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// State is how the gateway is doing.
type State struct {
	Servers []Server
	Workers []Workers
	Audit   *Audit // nil if nothing is recorded
}

// Server is how one server is doing.
type Server struct {
	Name     string
	State    string
	Ready    bool
	Restarts int
	Tools    int
	InFlight int
	Waiting  int
}

// Workers are those of one language.
type Workers struct {
	Language            string
	Idle, Kept, Running int
	Queued              int
	Spawned, Killed     int64
}

// Audit is how the audit log is doing.
type Audit struct {
	OK              bool
	Open            int
	Missed, Refused uint64
}

// gauges are the metrics that are looked up when somebody reads them.
type gauges struct {
	ready, tools, inFlight, waiting metric.Int64ObservableGauge
	restarts                        metric.Int64ObservableCounter
	workers, queued                 metric.Int64ObservableGauge
	spawned, killed                 metric.Int64ObservableCounter
	audit, open                     metric.Int64ObservableGauge
	missed, refused                 metric.Int64ObservableCounter
}

// observe registers the metrics that state tells.
func observe(m metric.Meter, state func() State) error {
	var g gauges
	var all []metric.Observable
	var errs []error
	gauge := func(dst *metric.Int64ObservableGauge, name, unit, text string) {
		i, err := m.Int64ObservableGauge(name, metric.WithUnit(unit), metric.WithDescription(text))
		*dst, all, errs = i, append(all, i), append(errs, err)
	}
	counter := func(dst *metric.Int64ObservableCounter, name, unit, text string) {
		i, err := m.Int64ObservableCounter(name, metric.WithUnit(unit), metric.WithDescription(text))
		*dst, all, errs = i, append(all, i), append(errs, err)
	}
	gauge(&g.ready, "bindery.backend.ready", "1", "Whether a server is up: 1 or 0; its state is an attribute.")
	gauge(&g.tools, "bindery.backend.tools", "{tool}", "Tools of a server.")
	gauge(&g.inFlight, "bindery.backend.requests.active", "{request}", "Requests that a server has been sent.")
	gauge(&g.waiting, "bindery.backend.requests.waiting", "{request}", "Requests that a server has not been sent yet.")
	counter(&g.restarts, "bindery.backend.restarts", "{restart}", "Connections to a server that replaced one that failed.")
	gauge(&g.workers, "bindery.workers", "{worker}", "Workers that are idle, kept for their owner, or running a script.")
	gauge(&g.queued, "bindery.workers.queued", "{execution}", "Scripts that wait for a worker.")
	counter(&g.spawned, "bindery.workers.spawned", "{worker}", "Workers started.")
	counter(&g.killed, "bindery.workers.killed", "{worker}", "Scripts ended by force.")
	gauge(&g.audit, "bindery.audit.ok", "1", "Whether the audit log takes records: 1 or 0.")
	gauge(&g.open, "bindery.audit.open", "{record}", "Begins in the audit log whose end is not there yet.")
	counter(&g.missed, "bindery.audit.missed", "{record}", "Calls and scripts that went unrecorded.")
	counter(&g.refused, "bindery.audit.refused", "{record}", "Calls and scripts that were not made for want of a record.")
	if err := errors.Join(errs...); err != nil {
		return err
	}
	_, err := m.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		g.tell(o, state())
		return nil
	}, all...)
	return err
}

func (g *gauges) tell(o metric.Observer, s State) {
	for _, b := range s.Servers {
		name := attribute.String(keyServer, b.Name)
		of := metric.WithAttributes(name)
		o.ObserveInt64(g.ready, bit(b.Ready), metric.WithAttributes(name, attribute.String(keyState, b.State)))
		o.ObserveInt64(g.tools, int64(b.Tools), of)
		o.ObserveInt64(g.inFlight, int64(b.InFlight), of)
		o.ObserveInt64(g.waiting, int64(b.Waiting), of)
		o.ObserveInt64(g.restarts, int64(b.Restarts), of)
	}
	for _, w := range s.Workers {
		language := attribute.String(keyLanguage, w.Language)
		for _, c := range []struct {
			state string
			n     int
		}{{"idle", w.Idle}, {"kept", w.Kept}, {"running", w.Running}} {
			o.ObserveInt64(g.workers, int64(c.n), metric.WithAttributes(language, attribute.String(keyState, c.state)))
		}
		of := metric.WithAttributes(language)
		o.ObserveInt64(g.queued, int64(w.Queued), of)
		o.ObserveInt64(g.spawned, w.Spawned, of)
		o.ObserveInt64(g.killed, w.Killed, of)
	}
	if a := s.Audit; a != nil {
		o.ObserveInt64(g.audit, bit(a.OK))
		o.ObserveInt64(g.open, int64(a.Open))
		o.ObserveInt64(g.missed, int64(a.Missed))
		o.ObserveInt64(g.refused, int64(a.Refused))
	}
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
