package telemetry_test

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/bindery-mcp/bindery/gateway/telemetry"
)

func Example() {
	ctx := telemetry.FromMeta(context.Background(), json.RawMessage(`{"traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}`))
	var off *telemetry.Telemetry
	ctx, script := off.Execution(ctx, telemetry.Execution{ID: "x1"})
	defer script.End(ctx, "", telemetry.Usage{})
	parent, _, _ := telemetry.Outgoing(ctx)
	fmt.Println(parent)
	// Output: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
}
