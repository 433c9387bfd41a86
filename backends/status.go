package backends

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/bindery-mcp/bindery"
)

// Status is how one server is doing. As JSON it has the same shape in all
// versions, to which fields may be added; no field holds a secret.
type Status struct {
	Name  string    `json:"name"`
	State State     `json:"state"`
	Since time.Time `json:"since"` // of State
	// Cause is why the server failed last, nil once it is ready again. In JSON
	// it has a code, a message and perhaps a hint.
	Cause *bindery.Error `json:"-"`
	// NextTry is when a failed server will be tried again.
	NextTry time.Time `json:"next_try,omitzero"`
	// Uptime is how long the connection has lasted, Restarts how often one was
	// opened, or tried to be, because the one before had failed.
	Uptime   Millis `json:"uptime_ms,omitempty"`
	Restarts int    `json:"restarts"`
	Tools    int    `json:"tools"`

	// Transport is "stdio", "http", "sse" or "websocket"; Protocol and Version
	// are the MCP version agreed on and the server's own, and Era is "modern"
	// from 2026-07-28 on, else "legacy".
	Transport string `json:"transport,omitempty"`
	Protocol  string `json:"protocol,omitempty"`
	Era       string `json:"era,omitempty"`
	Version   string `json:"version,omitempty"`
	// PID is the process of a server that is one.
	PID int `json:"pid,omitempty"`

	// InFlight are the requests under way, Waiting those that the server has not
	// been sent yet. Calls counts those that have ended, Failures those of them
	// that got no answer. Latency is nil before the first answer.
	InFlight int      `json:"in_flight"`
	Waiting  int      `json:"waiting"`
	Calls    int64    `json:"calls"`
	Failures int64    `json:"failures"`
	Latency  *Latency `json:"latency,omitempty"`

	// Sessions are the connections that belong to one session each.
	Sessions []SessionStatus `json:"sessions,omitempty"`

	// Refused are the tools that could not be taken, with the reason.
	Refused []string `json:"refused,omitempty"`
	// Skipped counts lines on a server's standard output that were no
	// messages; FirstSkipped are the first of them. Stderr are the last lines
	// on its standard error, paths and all: for whoever runs the gateway. The
	// text of an error, which scripts and models see, quotes two at most.
	Skipped      int      `json:"skipped,omitempty"`
	FirstSkipped []string `json:"first_skipped,omitempty"`
	Stderr       []string `json:"stderr,omitempty"`
}

// SessionStatus is how a connection of one session is doing.
type SessionStatus struct {
	// ID stands for the session and does not open it.
	ID       string    `json:"id"`
	State    State     `json:"state"`
	Since    time.Time `json:"since"`
	InFlight int       `json:"in_flight"`
	Waiting  int       `json:"waiting"`
	PID      int       `json:"pid,omitempty"`
}

// Latency is how long answers took, of the last few hundred.
type Latency struct {
	P50     Millis `json:"p50_ms"`
	P95     Millis `json:"p95_ms"`
	Answers int    `json:"answers"`
}

// Millis is a duration that JSON has in milliseconds.
type Millis time.Duration

// String formats m as a [time.Duration].
func (m Millis) String() string { return time.Duration(m).String() }

// MarshalJSON implements [json.Marshaler].
func (m Millis) MarshalJSON() ([]byte, error) {
	return json.Marshal(float64(time.Duration(m)/time.Microsecond) / 1000)
}

// UnmarshalJSON implements [json.Unmarshaler].
func (m *Millis) UnmarshalJSON(b []byte) error {
	var f float64
	err := json.Unmarshal(b, &f)
	*m = Millis(f * float64(time.Millisecond))
	return err
}

// statusJSON is a Status as it is written.
type statusJSON struct {
	*plainStatus
	Cause *causeJSON `json:"cause,omitempty"`
}

type plainStatus Status

type causeJSON struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// MarshalJSON implements [json.Marshaler].
func (s Status) MarshalJSON() ([]byte, error) {
	v := statusJSON{plainStatus: (*plainStatus)(&s)}
	if s.Cause != nil {
		v.Cause = &causeJSON{s.Cause.Code.String(), s.Cause.Error(), s.Cause.Hint}
	}
	return json.Marshal(v)
}

// UnmarshalJSON implements [json.Unmarshaler].
func (s *Status) UnmarshalJSON(b []byte) error {
	v := statusJSON{plainStatus: (*plainStatus)(s)}
	if err := json.Unmarshal(b, &v); err != nil || v.Cause == nil {
		return err
	}
	s.Cause = &bindery.Error{Hint: v.Cause.Hint, Err: errors.New(v.Cause.Message)}
	for c := bindery.Internal; c <= bindery.Script; c++ {
		if c.String() == v.Cause.Code {
			s.Cause.Code = c
		}
	}
	return nil
}

// Status returns how the servers are doing, in the order of the configuration.
func (s *Set) Status() []Status {
	servers := s.members()
	all := make([]Status, len(servers))
	for i, srv := range servers {
		all[i] = srv.status()
	}
	return all
}
