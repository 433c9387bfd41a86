package telemetry

import (
	"context"
	"os"
	"strings"

	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.41.0"
)

// withEnvironment returns o with what the variables of OpenTelemetry's
// specification ask for besides. What o says has precedence, but for
// OTEL_SDK_DISABLED.
func (o Options) withEnvironment() Options {
	if strings.EqualFold(os.Getenv("OTEL_SDK_DISABLED"), "true") {
		o.Traces, o.Metrics, o.Prometheus = nil, nil, false
		return o
	}
	if o.Traces == nil && o.asked("TRACES") {
		o.Traces = new(Export)
	}
	if o.Metrics == nil && o.asked("METRICS") {
		o.Metrics = new(Export)
	}
	for _, protocol := range []string{"OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL"} {
		if p := os.Getenv(protocol); p != "" && p != "http/protobuf" {
			o.Logger.Error("telemetry: only http/protobuf is spoken, usually on port 4318", "variable", protocol, "value", p)
		}
	}
	return o
}

// asked reports whether the environment asks for a signal: by its exporter, or by
// naming an endpoint. The specification would send without either; nothing is
// sent here that nobody asked for.
func (o Options) asked(signal string) bool {
	switch exporter := os.Getenv("OTEL_" + signal + "_EXPORTER"); exporter {
	case "otlp":
		return true
	case "":
	case "none":
		return false
	default:
		o.Logger.Error("telemetry: the exporter is not known; there are otlp and none", "variable", "OTEL_"+signal+"_EXPORTER", "value", exporter)
		return false
	}
	return os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") != "" || os.Getenv("OTEL_EXPORTER_OTLP_"+signal+"_ENDPOINT") != ""
}

// identity is what all spans and metrics say of the process: a name that
// OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES may replace.
func identity(ctx context.Context, version string) (*resource.Resource, error) {
	return resource.New(ctx,
		resource.WithAttributes(semconv.ServiceName("bindery"), semconv.ServiceVersion(version)),
		resource.WithTelemetrySDK(), resource.WithFromEnv())
}

func (e *Export) spans(ctx context.Context) (sdktrace.SpanExporter, error) {
	var options []otlptracehttp.Option
	if e.Endpoint != "" {
		options = append(options, otlptracehttp.WithEndpointURL(e.Endpoint))
	}
	if len(e.Headers) > 0 {
		options = append(options, otlptracehttp.WithHeaders(e.Headers))
	}
	return otlptracehttp.New(ctx, options...)
}

// sampler is none if the environment is to say.
func (e *Export) sampler() []sdktrace.TracerProviderOption {
	if e.Sample == nil {
		return nil
	}
	return []sdktrace.TracerProviderOption{sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.TraceIDRatioBased(*e.Sample)))}
}

func (e *Export) reader(ctx context.Context) (sdkmetric.Reader, error) {
	var options []otlpmetrichttp.Option
	if e.Endpoint != "" {
		options = append(options, otlpmetrichttp.WithEndpointURL(e.Endpoint))
	}
	if len(e.Headers) > 0 {
		options = append(options, otlpmetrichttp.WithHeaders(e.Headers))
	}
	exporter, err := otlpmetrichttp.New(ctx, options...)
	if err != nil {
		return nil, err
	}
	var reading []sdkmetric.PeriodicReaderOption
	if e.Interval > 0 {
		reading = append(reading, sdkmetric.WithInterval(e.Interval))
	}
	return sdkmetric.NewPeriodicReader(exporter, reading...), nil
}
