// Package telemetry makes spans and metrics of what the gateway does, under the
// names of OpenTelemetry's conventions for MCP (semconv 1.41).
//
//	request (its _meta, its headers) → Received → Request ⊃ Execution ⊃ Layer's calls → Outgoing → _meta and headers of the server's request
//
// Nothing that a client, a script or a server wrote is in a span or a metric but
// names: of tools, prompts, clients and servers. A nil [Telemetry] is one that is
// off, and costs a comparison.
package telemetry
