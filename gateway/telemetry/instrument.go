package telemetry

import (
	"errors"

	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/semconv/v1.41.0/mcpconv"
)

// Names of what the conventions have no name for.
const (
	keyClient    = "bindery.client"
	keyServer    = "bindery.server"
	keyView      = "bindery.view"
	keyExecution = "bindery.execution.id"
	keyScript    = "bindery.script.digest"
	keyLanguage  = "bindery.script.language"
	keySeq       = "bindery.call.seq"
	keyCalls     = "bindery.execution.calls"
	keyCPU       = "bindery.execution.cpu_time"
	keySent      = "bindery.request.size"
	keyReceived  = "bindery.result.size"
	keyEffect    = "bindery.policy.effect"
	keyRule      = "bindery.policy.rule"
	keyQuota     = "bindery.quota"
	keyOutcome   = "bindery.quota.outcome"
	keyState     = "bindery.state"
)

// instruments are the metrics that are counted as things happen.
type instruments struct {
	requests  mcpconv.ServerOperationDuration
	calls     mcpconv.ClientOperationDuration
	answering metric.Int64UpDownCounter
	calling   metric.Int64UpDownCounter

	executions metric.Float64Histogram
	cpu        metric.Float64Histogram
	made       metric.Int64Histogram
	running    metric.Int64UpDownCounter

	received metric.Int64Counter
	shown    metric.Int64Counter
	decided  metric.Int64Counter
	limited  metric.Int64Counter
}

// buckets of durations in seconds (semantic conventions for MCP, "Metrics").
func buckets() metric.Float64HistogramOption {
	return metric.WithExplicitBucketBoundaries(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300)
}

func newInstruments(m metric.Meter) (i instruments, err error) {
	var errs [12]error
	i.requests, errs[0] = mcpconv.NewServerOperationDuration(m, buckets())
	i.calls, errs[1] = mcpconv.NewClientOperationDuration(m, buckets())
	i.answering, errs[2] = m.Int64UpDownCounter("bindery.server.requests.active", metric.WithUnit("{request}"), metric.WithDescription("Requests of clients under way."))
	i.calling, errs[3] = m.Int64UpDownCounter("bindery.client.calls.active", metric.WithUnit("{call}"), metric.WithDescription("Requests to servers under way, with those that wait for their turn."))
	i.executions, errs[4] = m.Float64Histogram("bindery.execution.duration", metric.WithUnit("s"), buckets(), metric.WithDescription("How long scripts took."))
	i.cpu, errs[5] = m.Float64Histogram(keyCPU, metric.WithUnit("s"), metric.WithDescription("Processor time that scripts took."),
		metric.WithExplicitBucketBoundaries(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30))
	i.made, errs[6] = m.Int64Histogram(keyCalls, metric.WithUnit("{call}"), metric.WithDescription("How many calls scripts made."),
		metric.WithExplicitBucketBoundaries(0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000))
	i.running, errs[7] = m.Int64UpDownCounter("bindery.executions.active", metric.WithUnit("{execution}"), metric.WithDescription("Scripts under way."))
	i.received, errs[8] = m.Int64Counter("bindery.execution.received", metric.WithUnit("By"), metric.WithDescription("Bytes of results that scripts received, which no model had to read."))
	i.shown, errs[9] = m.Int64Counter("bindery.execution.shown", metric.WithUnit("By"), metric.WithDescription("Bytes of the results of execute_code, which models did read."))
	i.decided, errs[10] = m.Int64Counter("bindery.policy.decisions", metric.WithUnit("{decision}"), metric.WithDescription("Decisions of the policy, by rule."))
	i.limited, errs[11] = m.Int64Counter("bindery.quota.limited", metric.WithUnit("{request}"), metric.WithDescription("What a quota refused or made wait."))
	return i, errors.Join(errs[:]...)
}
