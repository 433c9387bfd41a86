package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Kind is what a record tells of.
type Kind string

// The kinds of records.
const (
	// FileBegin is the first record of each file.
	FileBegin Kind = "file"
	// Start and Stop are of the process that writes the log.
	Start Kind = "start"
	Stop  Kind = "stop"
	// Recovery tells what was found after a process that did not stop in order.
	Recovery Kind = "recovery"
	// Gap counts what could not be recorded.
	Gap            Kind = "gap"
	ExecutionBegin Kind = "execution.begin"
	ExecutionEnd   Kind = "execution.end"
	CallBegin      Kind = "call.begin"
	CallEnd        Kind = "call.end"
	// Refusal is a call that was never sent, on one record.
	Refusal Kind = "call.refused"
)

// Record is one line of the log. What does not belong to its kind is zero.
type Record struct {
	// Seq counts the records of a log from 1. Their order is this one, whatever
	// the clock says.
	Seq uint64 `json:"seq"`
	// Prev is the hash of the record before, 64 zeros for the first.
	Prev string    `json:"prev"`
	Kind Kind      `json:"kind"`
	Time time.Time `json:"time"`
	// Mono is the time since the process opened the log, in nanoseconds.
	Mono time.Duration `json:"mono"`

	// Begin is the Seq of the record whose end this is.
	Begin     uint64 `json:"begin,omitempty"`
	Execution string `json:"execution,omitempty"`
	Client    string `json:"client,omitempty"`
	Session   string `json:"session,omitempty"`
	View      string `json:"view,omitempty"`
	Trace     string `json:"trace,omitempty"`

	Script    string `json:"script,omitempty"` // its SHA-256
	Source    string `json:"source,omitempty"` // its text, where that is wanted
	Language  string `json:"language,omitempty"`
	Catalogue string `json:"catalogue,omitempty"`

	Call     int             `json:"call,omitempty"` // its place in the script, from 1
	Line     int             `json:"line,omitempty"`
	Server   string          `json:"server,omitempty"`
	Tool     string          `json:"tool,omitempty"`
	Digest   string          `json:"argsDigest,omitempty"`
	Size     int             `json:"argsBytes,omitempty"`
	Shape    string          `json:"argsShape,omitempty"`
	Args     json.RawMessage `json:"args,omitempty"` // redacted, where values are wanted
	Decision string          `json:"decision,omitempty"`
	Rule     string          `json:"rule,omitempty"`

	Outcome string        `json:"outcome,omitempty"`
	Bytes   int           `json:"bytes,omitempty"`
	Took    time.Duration `json:"took,omitempty"` // in nanoseconds
	Usage   *Usage        `json:"usage,omitempty"`

	// Oldest is, in the first record of a file, the Seq of the oldest begin
	// that had no end yet.
	Oldest uint64 `json:"oldest,omitempty"`
	// Cut bytes were taken from the end of the log, with this digest.
	Cut       int64  `json:"cut,omitempty"`
	CutDigest string `json:"cutDigest,omitempty"`
	// Unknown is how many begins without an end were found.
	Unknown int `json:"unknown,omitempty"`
	// Missed is how many calls and executions were not recorded, Since then.
	Missed uint64    `json:"missed,omitempty"`
	Since  time.Time `json:"since,omitzero"`

	// Hash is the SHA-256 of the line up to the comma before it.
	Hash string `json:"-"`
}

// Usage is what a script used.
type Usage struct {
	Calls int           `json:"calls,omitempty"`
	CPU   time.Duration `json:"cpu,omitempty"` // in nanoseconds
	Bytes int64         `json:"bytes,omitempty"`
}

// MaxRecord is the longest line of a log, in bytes.
const MaxRecord = 1 << 20

// maxEnd is the longest end record. Space for one is set aside with each begin.
const maxEnd = 1 << 10

// Bounds of texts in a record: what is longer is cut.
const (
	maxName   = 128
	maxText   = 256
	maxShape  = 1 << 10
	maxArgs   = 64 << 10
	maxSource = 256 << 10
)

const (
	hashMember = `,"hash":"`
	hashSuffix = len(hashMember) + 2*sha256.Size + len(`"}`)
)

// zeroHash stands for the record before the first.
func zeroHash() string { return strings.Repeat("0", 2*sha256.Size) }

// errTorn is a line that does not end as lines do.
var errTorn = errors.New("it is not a whole record")

// Parse reads one line of the log, without its line feed, and holds it against
// its own hash. Whether it follows the record before is for the caller to say.
func Parse(line []byte) (Record, error) {
	var r Record
	if len(line) >= MaxRecord {
		return r, fmt.Errorf("it is longer than %d bytes", MaxRecord)
	}
	at := len(line) - hashSuffix
	if at < 1 || string(line[at:at+len(hashMember)]) != hashMember || string(line[len(line)-2:]) != `"}` {
		return r, errTorn
	}
	hash := string(line[at+len(hashMember) : len(line)-2])
	if sum := sha256.Sum256(line[:at]); hash != hex.EncodeToString(sum[:]) {
		return r, errors.New("its hash is not that of its bytes")
	}
	body := append(bytes.Clone(line[:at]), '}')
	if err := json.Unmarshal(body, &r); err != nil {
		return r, fmt.Errorf("it cannot be read: %w", err)
	}
	r.Hash = hash
	return r, nil
}

// follows says why r is not the record after the one with this number and hash.
func (r *Record) follows(seq uint64, hash string) error {
	switch {
	case r.Seq != seq+1:
		return fmt.Errorf("record %d stands in its place", r.Seq)
	case r.Prev != hash:
		return errors.New("it does not follow the record before it, which was changed or exchanged")
	}
	return nil
}

// cut returns at most n bytes of s, whole characters only.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	s = s[:n-len("…")]
	for s != "" {
		if r, size := utf8.DecodeLastRuneInString(s); r != utf8.RuneError || size > 1 {
			break
		}
		s = s[:len(s)-1]
	}
	return s + "…"
}
