//go:build !linux

package worker

import (
	"os"
	"time"
)

// cpuTime returns 0: start-up is then charged to the script.
func cpuTime() time.Duration { return 0 }

func cpuTimeOf(int) time.Duration { return 0 }

func peakRSS(int) int64 { return 0 }

func finalRSS(*os.ProcessState) int64 { return 0 }
