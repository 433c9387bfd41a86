package config

import "time"

// Limits bound one script; 0 stands for the default of the sandbox or of the
// gateway.
type Limits struct {
	Wall     time.Duration `json:"wall,omitempty" jsonschema:"Time from start to end, waiting for tools included. Default 5m."`
	CPU      time.Duration `json:"cpu,omitempty" jsonschema:"Processor time of the script itself. Default 10s."`
	Grace    time.Duration `json:"grace,omitempty" jsonschema:"Time that calls which the script did not await may take after its end. Default 1s."`
	Memory   Size          `json:"memory,omitempty" jsonschema:"Memory of the script. Default 256MiB."`
	Source   Size          `json:"source,omitempty" jsonschema:"Text of the script. Default 256KiB."`
	Args     Size          `json:"args,omitempty" jsonschema:"Arguments of one call, as JSON. Default 1MiB."`
	Result   Size          `json:"result,omitempty" jsonschema:"Result of one call, as JSON. Default 8MiB."`
	Value    Size          `json:"value,omitempty" jsonschema:"Result of the script, as JSON. Default 1MiB."`
	Logs     Size          `json:"logs,omitempty" jsonschema:"Console output kept. Default 64KiB."`
	Answer   Size          `json:"answer,omitempty" jsonschema:"Part of the result that is shown to the model; the rest is kept for later scripts. Default 48KiB, about 12000 tokens."`
	Patience time.Duration `json:"patience,omitempty" jsonschema:"Time after which the client is told how far a script is, while it goes on. Keep it below the client's own timeout. Default 50s."`
	Calls    int           `json:"calls,omitempty" jsonschema:"Calls in all. Default 1000."`
	InFlight int           `json:"inFlight,omitempty" jsonschema:"Calls at once; further ones wait. Default 128."`
}

// Keep bounds what is kept in memory for each client between scripts; 0 stands
// for the default of the gateway.
type Keep struct {
	Results    Size          `json:"results,omitempty" jsonschema:"Results that were too long to be shown. Default 32MiB."`
	Store      Size          `json:"store,omitempty" jsonschema:"Values that scripts stored. Default 8MiB."`
	Executions Size          `json:"executions,omitempty" jsonschema:"Results of calls, so that a failed script can be resumed without repeating them. Default 32MiB."`
	Age        time.Duration `json:"age,omitempty" jsonschema:"How long all of them are kept. Default 1h."`
}
