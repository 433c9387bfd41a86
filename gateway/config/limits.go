package config

import "time"

// Limits bound one script; 0 stands for the default of the sandbox.
type Limits struct {
	Wall     time.Duration `json:"wall,omitempty" jsonschema:"Time from start to end, waiting for tools included. Default 30s."`
	CPU      time.Duration `json:"cpu,omitempty" jsonschema:"Processor time of the script itself. Default 10s."`
	Grace    time.Duration `json:"grace,omitempty" jsonschema:"Time that calls which the script did not await may take after its end. Default 1s."`
	Memory   Size          `json:"memory,omitempty" jsonschema:"Memory of the script. Default 256MiB."`
	Source   Size          `json:"source,omitempty" jsonschema:"Text of the script. Default 256KiB."`
	Args     Size          `json:"args,omitempty" jsonschema:"Arguments of one call, as JSON. Default 1MiB."`
	Result   Size          `json:"result,omitempty" jsonschema:"Result of one call, as JSON. Default 8MiB."`
	Value    Size          `json:"value,omitempty" jsonschema:"Result of the script, as JSON. Default 1MiB."`
	Logs     Size          `json:"logs,omitempty" jsonschema:"Console output kept. Default 64KiB."`
	Calls    int           `json:"calls,omitempty" jsonschema:"Calls in all. Default 1000."`
	InFlight int           `json:"inFlight,omitempty" jsonschema:"Calls at once; further ones wait. Default 128."`
}
