package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/bindery-mcp/bindery/internal/jsonstring"
)

// encode returns the line of a record, and sets its hash. Two are written for
// each call, while others wait to write theirs, so it does without reflection;
// what [Parse] reads is the tags of Record.
func (r *Record) encode() ([]byte, error) {
	o := object{make([]byte, 0, 768)}
	r.write(&o)
	if len(o.b)+hashSuffix+1 > MaxRecord {
		return nil, fmt.Errorf("an audit record of %d bytes is over the limit of %d", len(o.b), MaxRecord)
	}
	sum := sha256.Sum256(o.b)
	r.Hash = hex.EncodeToString(sum[:])
	return append(append(append(o.b, hashMember...), r.Hash...), "\"}\n"...), nil
}

// write writes the members that are not empty, without the brace at the end.
func (r *Record) write(o *object) {
	o.b = append(o.b, `{"seq":`...)
	o.b = strconv.AppendUint(o.b, r.Seq, 10)
	o.name("prev")
	o.b = jsonstring.Append(o.b, r.Prev)
	o.name("kind")
	o.b = jsonstring.Append(o.b, string(r.Kind))
	o.name("time")
	o.time(r.Time)
	o.name("mono")
	o.b = strconv.AppendInt(o.b, int64(r.Mono), 10)

	o.uint("begin", r.Begin)
	o.text("execution", r.Execution)
	o.text("client", r.Client)
	o.text("session", r.Session)
	o.text("view", r.View)
	o.text("trace", r.Trace)

	o.text("script", r.Script)
	o.text("source", r.Source)
	o.text("language", r.Language)
	o.text("catalogue", r.Catalogue)

	o.int("call", int64(r.Call))
	o.int("line", int64(r.Line))
	o.text("server", r.Server)
	o.text("tool", r.Tool)
	o.text("argsDigest", r.Digest)
	o.int("argsBytes", int64(r.Size))
	o.text("argsShape", r.Shape)
	if len(r.Args) > 0 {
		o.name("args")
		o.b = appendCompact(o.b, r.Args)
	}
	o.text("decision", r.Decision)
	o.text("rule", r.Rule)

	o.text("outcome", r.Outcome)
	o.int("bytes", int64(r.Bytes))
	o.int("took", int64(r.Took))
	if r.Usage != nil {
		o.name("usage")
		o.b = append(o.b, '{')
		o.int("calls", int64(r.Usage.Calls))
		o.int("cpu", int64(r.Usage.CPU))
		o.int("bytes", r.Usage.Bytes)
		o.b = append(o.b, '}')
	}

	o.uint("oldest", r.Oldest)
	o.int("cut", r.Cut)
	o.text("cutDigest", r.CutDigest)
	o.int("unknown", int64(r.Unknown))
	o.uint("missed", r.Missed)
	if !r.Since.IsZero() {
		o.name("since")
		o.time(r.Since)
	}
}

// object writes the members of a JSON object, but for those that are zero.
type object struct{ b []byte }

func (o *object) name(s string) {
	if o.b[len(o.b)-1] != '{' {
		o.b = append(o.b, ',')
	}
	o.b = append(append(append(o.b, '"'), s...), `":`...)
}

func (o *object) text(name, s string) {
	if s != "" {
		o.name(name)
		o.b = jsonstring.Append(o.b, s)
	}
}

func (o *object) int(name string, n int64) {
	if n != 0 {
		o.name(name)
		o.b = strconv.AppendInt(o.b, n, 10)
	}
}

func (o *object) uint(name string, n uint64) {
	if n != 0 {
		o.name(name)
		o.b = strconv.AppendUint(o.b, n, 10)
	}
}

func (o *object) time(t time.Time) {
	o.b = append(t.AppendFormat(append(o.b, '"'), time.RFC3339Nano), '"')
}

// appendCompact appends JSON without the white space in it, which could be a
// line feed, and the end of the record to whoever reads lines.
func appendCompact(b, args []byte) []byte {
	w := bytes.NewBuffer(b)
	if err := json.Compact(w, args); err != nil {
		return append(b, "null"...) // it was valid when it was taken
	}
	return w.Bytes()
}
