package confine

// Report is what the system offers for confining a worker.
type Report struct {
	// System is the operating system and architecture, as "linux/amd64".
	System string `json:"system"`
	// Landlock is the Landlock ABI version of the kernel, 0 without Landlock.
	Landlock int `json:"landlock"`
	// Seccomp tells whether system calls can be filtered.
	Seccomp bool `json:"seccomp"`
	// Rlimits tells whether the kernel enforces memory and CPU limits.
	Rlimits bool `json:"rlimits"`
	// Missing lists what [Apply] cannot do here; empty means full confinement.
	Missing []Missing `json:"missing,omitempty"`
}

// Missing is one protection that the system does not offer.
type Missing struct {
	Feature string `json:"feature"`
	// Meaning says what a script that broke out of its interpreter could do.
	Meaning string `json:"meaning"`
	// Remedy says how to get the protection.
	Remedy string `json:"remedy"`
}

// Support returns what this system offers. It changes nothing.
func Support() Report { return support() }
