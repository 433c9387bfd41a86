package web

import (
	"net"
	"time"
)

// A peer that has gone without a word is noticed by the kernel's own questions:
// after idle time, interval and count, or when what was sent has not been
// acknowledged for unacknowledged. Unlike any question of the protocol they are
// answered by a server that is busy.
const (
	idleTime       = 10 * time.Second
	interval       = 5 * time.Second
	count          = 3
	unacknowledged = 25 * time.Second
)

func dialer() *net.Dialer {
	return &net.Dialer{
		Timeout:         30 * time.Second,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: idleTime, Interval: interval, Count: count},
		Control:         limitUnacknowledged,
	}
}
