package index_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/bindery-mcp/bindery/gateway/audit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// logWriter writes a log as a gateway would, without waiting for the disk.
type logWriter struct {
	tb   testing.TB
	dir  string
	file *os.File
	buf  bytes.Buffer
	seq  uint64
	prev string
	now  time.Time
	rand *rand.Rand
	open []uint64
}

func newLog(tb testing.TB) *logWriter {
	tb.Helper()
	l := &logWriter{
		tb: tb, dir: tb.TempDir(), prev: strings.Repeat("0", 64),
		now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), rand: rand.New(rand.NewPCG(1, 2)),
	}
	l.rotate()
	tb.Cleanup(func() { _ = l.file.Close() })
	return l
}

func (l *logWriter) rotate() {
	l.tb.Helper()
	l.flush()
	f, err := os.OpenFile(filepath.Join(l.dir, fmt.Sprintf("audit-%020d.jsonl", l.seq+1)), os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		l.tb.Fatal(err)
	}
	if l.file != nil {
		_ = l.file.Close()
	}
	l.file = f
	l.add(audit.Record{Kind: audit.FileBegin})
	l.flush()
}

func (l *logWriter) flush() {
	l.tb.Helper()
	if l.buf.Len() == 0 {
		return
	}
	if _, err := l.file.Write(l.buf.Bytes()); err != nil {
		l.tb.Fatal(err)
	}
	l.buf.Reset()
}

func (l *logWriter) add(r audit.Record) uint64 {
	l.tb.Helper()
	l.seq++
	l.now = l.now.Add(time.Duration(l.rand.IntN(5000)) * time.Microsecond)
	r.Seq, r.Prev, r.Time = l.seq, l.prev, l.now
	line, err := json.Marshal(r)
	if err != nil {
		l.tb.Fatal(err)
	}
	line = bytes.TrimSuffix(line, []byte("}"))
	sum := sha256.Sum256(line)
	l.prev = hex.EncodeToString(sum[:])
	l.buf.Write(line)
	l.buf.WriteString(`,"hash":"` + l.prev + "\"}\n")
	return l.seq
}

// calls adds so many, of which some are refused and some have not ended.
func (l *logWriter) calls(n int) {
	l.tb.Helper()
	clients, servers := []string{"ci", "ann", "bob", "codex"}, []string{"github", "sentry", "my.server", "mail"}
	tools := []string{"list_issues", "create_issue", "get_me", "send", "a.b"}
	for range n {
		r := audit.Record{
			Kind: audit.CallBegin, Execution: fmt.Sprintf("x%d", l.seq/20), Client: clients[l.rand.IntN(len(clients))], Session: "s", View: "default",
			Call: 1, Line: 3, Server: servers[l.rand.IntN(len(servers))], Tool: tools[l.rand.IntN(len(tools))], Digest: l.prev, Size: 40,
			Shape: "{owner: string, repo: string}", Decision: "allow", Rule: "default",
		}
		switch l.rand.IntN(20) {
		case 0:
			r.Kind, r.Outcome, r.Decision, r.Rule = audit.Refusal, "denied", "deny", "no-mail"
			l.add(r)
			continue
		case 1:
			l.add(audit.Record{Kind: audit.ExecutionEnd, Begin: l.add(audit.Record{
				Kind: audit.ExecutionBegin, Execution: r.Execution, Client: r.Client, Script: l.prev, Language: "python", Catalogue: "c1",
			}), Outcome: "timeout", Took: time.Second, Usage: &audit.Usage{Calls: 3, CPU: 5 * time.Millisecond}})
			continue
		case 2:
			r.Args = json.RawMessage(`{"a":"ö 'quoted'"}`)
		}
		l.open = append(l.open, l.add(r))
		for len(l.open) > 8 {
			i := l.rand.IntN(len(l.open))
			outcome := "ok"
			if l.rand.IntN(50) == 0 {
				outcome = "tool_error"
			}
			l.add(audit.Record{Kind: audit.CallEnd, Begin: l.open[i], Outcome: outcome, Bytes: 1000, Took: 3 * time.Millisecond})
			l.open = append(l.open[:i], l.open[i+1:]...)
		}
	}
	l.flush()
}
