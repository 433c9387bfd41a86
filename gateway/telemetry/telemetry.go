package telemetry

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/metric"
	noopmetric "go.opentelemetry.io/otel/metric/noop"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	nooptrace "go.opentelemetry.io/otel/trace/noop"

	"github.com/bindery-mcp/bindery"
)

// scope is the name of the instrumentation (OpenTelemetry, "Instrumentation
// Scope").
const scope = "github.com/bindery-mcp/bindery"

// maxSeries bounds the combinations of attributes of one metric; what is more is
// counted together, as otel.metric.overflow.
const maxSeries = 10_000

// Options say where spans and metrics go. What is nil goes where the
// environment says: OTEL_EXPORTER_OTLP_ENDPOINT and the like.
type Options struct {
	Traces  *Export
	Metrics *Export
	// Prometheus has the metrics for whoever asks, see [Telemetry.Handler].
	Prometheus bool
	// Version is that of the service, whose name is bindery unless
	// OTEL_SERVICE_NAME says otherwise.
	Version string
	// State tells how the gateway is doing; nil for nothing. It may be asked at
	// any time until Close.
	State  func() State
	Logger *slog.Logger
}

// Export is where to send by OTLP over HTTP. What is zero is taken from the
// environment, and else from OpenTelemetry's defaults.
type Export struct {
	// Endpoint is a URL, with the path of its signal.
	Endpoint string
	Headers  map[string]string
	// Sample is the share of traces that begin here which are sent; nil for what
	// OTEL_TRACES_SAMPLER says, or all. Others follow their parent.
	Sample *float64
	// Interval is how often metrics are sent.
	Interval time.Duration
}

// Telemetry makes spans and metrics. It is safe for concurrent use; nil makes
// none.
type Telemetry struct {
	tracer  trace.Tracer
	metrics instruments
	handler http.Handler
	closers []func(context.Context) error
}

// Open returns what makes the spans and metrics that o or the environment asks
// for, nil if they ask for none. Whoever opens it closes it.
func Open(ctx context.Context, o Options) (*Telemetry, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	o = o.withEnvironment()
	if o.Traces == nil && o.Metrics == nil && !o.Prometheus {
		return nil, nil
	}
	res, err := identity(ctx, o.Version)
	if err != nil {
		o.Logger.Warn("telemetry: OTEL_RESOURCE_ATTRIBUTES is left out", "error", err)
	}
	t := &Telemetry{tracer: nooptrace.NewTracerProvider().Tracer(scope)}
	fail := func(err error) (*Telemetry, error) {
		return nil, errors.Join(&bindery.Error{
			Code: bindery.Invalid, Op: "set up telemetry", Err: err,
			Hint: "see to telemetry in the configuration, and to the variables OTEL_*",
		}, t.Close(ctx))
	}
	if o.Traces != nil {
		exporter, err := o.Traces.spans(ctx)
		if err != nil {
			return fail(err)
		}
		p := sdktrace.NewTracerProvider(append(o.Traces.sampler(), sdktrace.WithBatcher(exporter), sdktrace.WithResource(res))...)
		t.closers = append(t.closers, p.Shutdown)
		t.tracer = p.Tracer(scope, trace.WithInstrumentationVersion(o.Version))
	}
	meter, err := t.meter(ctx, o, res)
	if err == nil {
		t.metrics, err = newInstruments(meter)
	}
	if err == nil && o.State != nil {
		err = observe(meter, o.State)
	}
	if err != nil {
		return fail(err)
	}
	return t, nil
}

// meter returns what counts, for all who want to know.
func (t *Telemetry) meter(ctx context.Context, o Options, res *resource.Resource) (metric.Meter, error) {
	options := []sdkmetric.Option{sdkmetric.WithResource(res), sdkmetric.WithCardinalityLimit(maxSeries)}
	if o.Metrics != nil {
		reader, err := o.Metrics.reader(ctx)
		if err != nil {
			return nil, err
		}
		options = append(options, sdkmetric.WithReader(reader))
	}
	if o.Prometheus {
		reader, err := t.scraped()
		if err != nil {
			return nil, err
		}
		options = append(options, sdkmetric.WithReader(reader))
	}
	if o.Metrics == nil && !o.Prometheus {
		return noopmetric.Meter{}, nil
	}
	p := sdkmetric.NewMeterProvider(options...)
	t.closers = append(t.closers, p.Shutdown)
	return p.Meter(scope, metric.WithInstrumentationVersion(o.Version)), nil
}

// scraped sets the handler, which reads the metrics when it is asked.
func (t *Telemetry) scraped() (sdkmetric.Reader, error) {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	t.handler = promhttp.HandlerFor(registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4})
	return otelprometheus.New(otelprometheus.WithRegisterer(registry), otelprometheus.WithoutScopeInfo())
}

// Handler answers with the metrics in Prometheus' format; nil if they are not
// wanted so. Who may ask is for the caller to say.
func (t *Telemetry) Handler() http.Handler {
	if t == nil {
		return nil
	}
	return t.handler
}

// farewell is how long whoever takes spans and metrics may take for the last of
// them.
const farewell = 3 * time.Second

// Close sends what is not sent yet, within seconds and until ctx is done, and
// ends what sends. It does nothing the second time.
func (t *Telemetry) Close(ctx context.Context) error {
	if t == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, farewell)
	defer cancel()
	var errs []error
	for _, end := range slices.Backward(t.closers) {
		errs = append(errs, end(ctx))
	}
	t.closers = nil
	return errors.Join(errs...)
}
