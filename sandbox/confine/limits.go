package confine

import "time"

// Limits are resource limits of the calling process. Zero leaves a resource
// as it is.
type Limits struct {
	// Memory is private memory in bytes (RLIMIT_DATA), of which [Mapped] bytes
	// are taken already. RLIMIT_AS would refuse the address space that the Go
	// runtime reserves and never touches.
	Memory int64
	// CPU is processor time from now on. It is rounded up to whole seconds of
	// the process's whole time, which is how RLIMIT_CPU counts; then the
	// process gets SIGXCPU.
	CPU time.Duration
	// Life is processor time from now on, rounded likewise, after which the
	// process gets SIGKILL; 0 stands for one second more than CPU. It can only
	// be lowered, where CPU can be set anew as long as it is less.
	Life time.Duration
	// Files is the number of file descriptors, open ones included.
	Files int
}

// Apply confines the calling process for good, all its threads included:
//
//   - no file can be opened, no socket made, no program run, no process
//     started, traced or signalled, itself excepted (Landlock, seccomp);
//   - open descriptors stay open, so close first what must not be reached;
//   - no core is dumped, no file grows, and l holds (rlimits), for root too
//     (no capabilities).
//
// Everything that opens files, such as loading the time zone, must come
// before. An error means that the process must not run untrusted code:
// the parts that this kernel lacks, as [Support] tells, are no error, and on
// systems other than Linux Apply does nothing.
func Apply(l Limits) error { return apply(l) }

// Mapped returns the private memory of the calling process in bytes, as
// Limits.Memory counts it: most of what a small Go program has mapped it never
// touches. It reads a file, so call it before [Apply]. On systems other than
// Linux it returns 0.
func Mapped() (int64, error) { return mapped() }

// Lower sets l for the calling process, after or without [Apply]. A limit
// other than CPU can be lowered again but never raised. On systems other than
// Linux it does nothing.
func Lower(l Limits) error { return lower(l) }
