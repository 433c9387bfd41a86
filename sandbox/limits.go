package sandbox

import "time"

// Limits bound one run. Every field must be positive; [DefaultLimits] gives
// values to start from. An error about a limit names the budget and its size.
type Limits struct {
	Wall time.Duration // from start to end, waiting for tools included
	CPU  time.Duration // of the script itself; whole seconds count
	// Grace is how long calls that the script did not await may still take
	// after its end.
	Grace time.Duration

	// Memory is bytes of private memory of the worker process. A script that
	// keeps three quarters of it alive is ended.
	Memory int64
	Source int64 // bytes of script text
	Args   int64 // bytes of one call's arguments, as JSON
	Result int64 // bytes of one tool's result, as JSON
	Value  int64 // bytes of the script's own result, as JSON
	Logs   int64 // bytes of console output kept

	Calls    int // calls in all
	InFlight int // calls at once; further ones wait
}

// DefaultLimits returns the limits used where the configuration says nothing.
func DefaultLimits() Limits {
	return Limits{
		Wall: 5 * time.Minute, CPU: 10 * time.Second, Grace: time.Second,
		Memory: 256 << 20, Source: 256 << 10, Args: 1 << 20, Result: 8 << 20, Value: 1 << 20, Logs: 64 << 10,
		Calls: 1000, InFlight: 128,
	}
}
